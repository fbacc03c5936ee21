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
	// Surplus is where money for bills that are settled already goes: prepaid,
	// to the room's prepayment, or refund, back to its payer.
	Surplus string `yaml:"surplus"`
	// ReceiptTitle is the company that receipts name as the payee; empty: the
	// community's name.
	ReceiptTitle string `yaml:"receipt_title"`
}

// Validate returns every fault of the configuration, each with its key.
func (c Config) Validate() []error {
	var faults []error
	if c.OrderValidMinutes < 5 || c.OrderValidMinutes > 120 {
		// WeChat's prepay id is valid for two hours; less than five minutes is too short to pay.
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

// PayParams are the arguments of wx.requestPayment.
type PayParams = wechatpay.PayParams

// Merchant is a merchant at WeChat Pay that money goes to.
type Merchant struct {
	Name   string // key in wechatpay.merchants
	Config wechatpay.Config
	Client *wechatpay.Client
	// Foreign tells the trades of another business apart that shares the merchant number.
	Foreign ForeignRule
}

// Service takes payments. Use [New] to make one.
type Service struct {
	DB              *store.DB
	cfg             Config
	Merchants       map[string]*Merchant
	defaultMerchant string // of communities that name none
	publicURL       string
	Log             *slog.Logger
	recorder        recorder
	throttle        noteThrottle
	admission       *admission
	timeouts        timeouts

	// Booked, if set, is called within the transaction that books a payment, to
	// queue what follows from it. It must be quick and must not call WeChat.
	// The order is nil for money of the desk and of bank collection.
	Booked func(tx *store.Tx, o *money.Order, p *money.Payment) error
	// Receipts issues the receipts of what is booked.
	Receipts *receipt.Service
	// Refunded, if set, is called within the transaction in which a refund
	// succeeds, to do what follows from it. It must be quick and must not call
	// WeChat.
	Refunded func(tx *store.Tx, r *money.Refund) error
	// Counted, if set, counts the result of a callback, for the metrics.
	Counted func(merchant, result string)
}

// New returns a service. publicURL is where WeChat reaches the server; a slash
// at its end is dropped. Communities that name no merchant pay to the one
// called main or, if there is none, to the first by name.
func New(db *store.DB, cfg Config, merchants []*Merchant, publicURL string, log *slog.Logger) (*Service, error) {
	if len(merchants) == 0 {
		return nil, errors.New("wechatpay.merchants: at least one merchant is needed")
	}
	s := &Service{
		DB: db, cfg: cfg, admission: newAdmission(), timeouts: timeouts{within(checkoutBudget), within(firstTry)},
		Merchants: map[string]*Merchant{}, publicURL: strings.TrimSuffix(publicURL, "/"), Log: log,
	}
	s.Receipts = &receipt.Service{DB: db, Title: cfg.ReceiptTitle, PublicURL: s.publicURL}
	var faults []error
	for _, m := range merchants {
		s.Merchants[m.Name] = m
		faults = append(faults, m.Foreign.faults(m.Config)...)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
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

// Merchant returns the merchant of a key; empty is the default merchant.
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

// ErrUnavailable is the refusal when WeChat does not answer, or refuses for
// reasons that the payer cannot change. Nothing is left open.
var ErrUnavailable = models.Refusal(models.KindUnavailable, "WECHAT_UNAVAILABLE", "微信支付暂时无法使用，请稍后再试；如已扣款请勿重复支付")

// bookingTime is the least time that the books have after WeChat's answer. The
// call may have used up the time of the request, and the answer must not be
// lost. Tests set more.
var bookingTime = time.Second

// BookingContext returns a context for booking an answer of WeChat: ctx itself
// while it has enough time left, else one with [bookingTime] of its own.
func BookingContext(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if ctx.Err() == nil && (!limited || deadline.Sub(models.RealNow().Time) >= bookingTime) {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), bookingTime)
}

// inTime turns a failure for lack of time into [ErrUnavailable], because WeChat
// used the time up.
func inTime(ctx context.Context, err error) error {
	if _, refusal := models.AsError(err); err == nil || refusal || ctx.Err() == nil {
		return err
	}
	return ErrUnavailable.Because(err)
}

// count counts the result of a callback.
func (s *Service) count(merchant, result string) {
	if s.Counted != nil {
		s.Counted(merchant, result)
	}
}

// validFor returns how long an order can be paid.
func (s *Service) validFor() time.Duration {
	return time.Duration(s.cfg.OrderValidMinutes) * time.Minute
}

// Probe asks WeChat Pay for an order that cannot exist. The good answer is
// wechatpay.ErrOrderNotExist: request and reply were signed with keys that both
// sides know.
func (s *Service) Probe(ctx context.Context, merchant string) error {
	m, err := s.Merchant(merchant)
	if err != nil {
		return err
	}
	_, err = m.Client.Query(ctx, "PROBE"+models.NewID())
	return err
}

// MerchantNames returns the names of the merchants, sorted.
func (s *Service) MerchantNames() []string {
	names := make([]string, 0, len(s.Merchants))
	for name := range s.Merchants {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Values of [Config.Surplus].
const (
	surplusPrepaid = "prepaid"
	surplusRefund  = "refund"
)
