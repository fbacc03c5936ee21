// Package payment moves money, and proves that it did: checkout, callback, query,
// close and expiry of WeChat Pay orders, and the reconciliation of each day
// against WeChat's bill. All that makes an order paid ends in one function,
// settle.
//
// The states of an order:
//
//	              checkout
//	                 │
//	                 ▼
//	  query says ┌─────────┐  WeChat closed it: replaced, given up, expired
//	  otherwise  │ pending │ ──────────────────────────────────┐
//	   ┌──────── └─────────┘                                    ▼
//	   ▼              │ settle: callback, query,           ┌────────┐
//	┌───────────┐     │ reconciliation                     │ closed │
//	│ exception │     ▼                                    └────────┘
//	└───────────┘  ┌──────┐   settle: a success that comes      │
//	   └─────────► │ paid │ ◄─── late is money all the same ────┘
//	     settle    └──────┘
//
// A paid order whose money goes back is refunding while a refund is under way, then
// refunded or part_refunded; if the refund is closed it is paid again. The states of
// a refund are drawn at [money.Refund].
//
// Orders only move forward. A closed order whose closing WeChat has not confirmed
// is asked about until it has. Money for bills that are settled already goes to
// the room's prepayment, or back by policy.
//
// No call to WeChat is made inside a database transaction. What is sent is stored
// before the call, so that a call whose outcome is unknown can be repeated word
// for word.
package payment

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment/receipt"
	"wuyepay/payment/wechatpay"
)

// Config is how money is taken.
type Config struct {
	// OrderValidMinutes is how long an order can be paid, here and at WeChat.
	OrderValidMinutes int `yaml:"order_valid_minutes"`
	// Surplus says where money for bills already settled goes: prepaid, the room's
	// prepayment, or refund, back to who paid it.
	Surplus string `yaml:"surplus"`
	// ReceiptTitle is the company that receipts name as who took the money; empty:
	// the community's name.
	ReceiptTitle string `yaml:"receipt_title"`
}

// Validate gives every fault of the configuration, naming its key.
func (c Config) Validate() []error {
	var faults []error
	if c.OrderValidMinutes < 5 || c.OrderValidMinutes > 120 {
		// WeChat's prepay id lives two hours; below five minutes nobody can pay.
		faults = append(faults, fmt.Errorf("payment.order_valid_minutes: want 5 to 120 minutes, have %d", c.OrderValidMinutes))
	}
	switch c.Surplus {
	case surplusPrepaid, surplusRefund:
	default:
		faults = append(faults, fmt.Errorf("payment.surplus: want prepaid or refund, have %q", c.Surplus))
	}
	if utf8.RuneCountInString(c.ReceiptTitle) > 60 {
		faults = append(faults, errors.New("payment.receipt_title: at most 60 characters"))
	}
	return faults
}

// PayParams are exactly the arguments of wx.requestPayment.
type PayParams = wechatpay.PayParams

// Merchant is one merchant that money goes to.
type Merchant struct {
	Name   string // key in wechatpay.merchants
	Config wechatpay.Config
	Client *wechatpay.Client
}

// Service takes payments. Make it with [New].
type Service struct {
	DB              *store.DB
	cfg             Config
	Merchants       map[string]*Merchant
	defaultMerchant string // the merchant of communities that name none
	publicURL       string
	Log             *slog.Logger
	recorder        recorder
	throttle        noteThrottle
	admission       *admission
	timeouts        timeouts

	// Booked, when set, is called inside the transaction that books a payment, to
	// queue what follows from it. It must be quick and must not call out. The order is
	// nil for money of the desk and of bank collection.
	Booked func(tx *store.Tx, o *money.Order, p *money.Payment) error
	// Receipts issues the receipts of what is booked.
	Receipts *receipt.Service
	// Refunded, when set, is called inside the transaction in which a refund succeeds,
	// to do what follows from it. It must be quick and must not call out.
	Refunded func(tx *store.Tx, r *money.Refund) error
	// Counted, when set, counts what became of a callback, for the metrics.
	Counted func(merchant, result string)
}

// New makes the service. publicURL is where WeChat reaches us, without a slash at
// its end. Communities that name no merchant pay to the one called main, else to
// the first by name.
func New(db *store.DB, cfg Config, merchants []*Merchant, publicURL string, log *slog.Logger) (*Service, error) {
	if len(merchants) == 0 {
		return nil, errors.New("wechatpay.merchants: at least one merchant is needed")
	}
	s := &Service{
		DB: db, cfg: cfg, admission: newAdmission(), timeouts: timeouts{within(checkoutBudget), within(firstTry)},
		Merchants: map[string]*Merchant{}, publicURL: strings.TrimSuffix(publicURL, "/"), Log: log,
	}
	s.Receipts = &receipt.Service{DB: db, Title: cfg.ReceiptTitle, PublicURL: s.publicURL}
	for _, m := range merchants {
		s.Merchants[m.Name] = m
	}
	s.defaultMerchant = slices.Sorted(func(yield func(string) bool) {
		for name := range s.Merchants {
			if !yield(name) {
				return
			}
		}
	})[0]
	if s.Merchants["main"] != nil {
		s.defaultMerchant = "main"
	}
	return s, nil
}

// Merchant gives the merchant of a key; empty is the first.
func (s *Service) Merchant(name string) (*Merchant, error) {
	if name == "" {
		name = s.defaultMerchant
	}
	m := s.Merchants[name]
	if m == nil {
		return nil, fmt.Errorf("payment: merchant %q is not configured", name)
	}
	return m, nil
}

// ErrUnavailable says that WeChat did not answer, or refused for reasons the
// payer cannot help. Nothing is left open.
var ErrUnavailable = models.Refusal(models.KindUnavailable, "WECHAT_UNAVAILABLE", "微信支付暂时无法使用，请稍后再试；如已扣款请勿重复支付")

// bookingTime is what the books get, at least, once WeChat has answered: the time
// of a call may be used up by then, and what was learned must not be lost. Tests
// have more of it.
var bookingTime = time.Second

// BookingContext gives a context for what follows an answer of WeChat: the same one while
// it has time left, else one with [bookingTime] of its own.
func BookingContext(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if ctx.Err() == nil && (!limited || deadline.Sub(models.RealNow().Time) >= bookingTime) {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), bookingTime)
}

// inTime turns a failure for want of time into [ErrUnavailable]: it was WeChat
// that used the time up.
func inTime(ctx context.Context, err error) error {
	if _, refusal := models.AsError(err); err == nil || refusal || ctx.Err() == nil {
		return err
	}
	return ErrUnavailable.Because(err)
}

func (s *Service) count(merchant, result string) {
	if s.Counted != nil {
		s.Counted(merchant, result)
	}
}

// validFor is how long an order can be paid.
func (s *Service) validFor() time.Duration {
	return time.Duration(s.cfg.OrderValidMinutes) * time.Minute
}

// Probe asks WeChat Pay for an order that cannot exist. wechatpay.ErrOrderNotExist
// is the good answer: it was asked and answered with keys that both sides know.
func (s *Service) Probe(ctx context.Context, merchant string) error {
	m, err := s.Merchant(merchant)
	if err != nil {
		return err
	}
	_, err = m.Client.Query(ctx, "PROBE"+models.NewID())
	return err
}

// MerchantNames lists the merchants, in order.
func (s *Service) MerchantNames() []string {
	names := make([]string, 0, len(s.Merchants))
	for name := range s.Merchants {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// What becomes of money for bills that were settled already.
const (
	surplusPrepaid = "prepaid"
	surplusRefund  = "refund"
)
