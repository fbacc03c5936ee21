package pay

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/notice"
)

// The reasons why the phone refuses a payment.
var (
	ErrOrderPaid     = errors.New("sandbox: order is paid already")
	ErrOrderClosed   = errors.New("sandbox: order is closed")
	ErrPrepayExpired = errors.New("sandbox: prepay_id is older than two hours")
	ErrPaySign       = errors.New("sandbox: paySign does not fit the parameters")
)

// PayOptions vary a payment; the zero value is an ordinary one.
type PayOptions struct {
	CouponFen int64  // a NOCASH coupon; it lowers payer_total and the settled amount, not total
	NoNotify  bool   // no notification is sent
	BankType  string // "" means OTHERS
}

// PaymentRequest holds the parameters that the mini-program passes to
// wx.requestPayment.
type PaymentRequest struct {
	AppID     string `json:"appId"` // "" means the mini-program
	TimeStamp string `json:"timeStamp"`
	NonceStr  string `json:"nonceStr"`
	Package   string `json:"package"`
	SignType  string `json:"signType"`
	PaySign   string `json:"paySign"`
}

// Pay plays the owner who types the password: the order becomes paid, enters the day's
// bill and its notification is sent. It returns [core.ErrNotFound], [ErrOrderPaid],
// [ErrOrderClosed] or [ErrPrepayExpired] if the order cannot be paid.
func (s *Service) Pay(outTradeNo string) (Transaction, error) {
	return s.PayWith(outTradeNo, PayOptions{})
}

// PayWith is [Service.Pay] with options.
func (s *Service) PayWith(outTradeNo string, options PayOptions) (Transaction, error) {
	o, err := s.anywhere(outTradeNo)
	if err != nil {
		return Transaction{}, err
	}
	o.mu.Lock()
	at := o.rec.PrepayAt
	o.mu.Unlock()
	return s.settle(o, at, options)
}

// RequestPayment plays wx.requestPayment followed by the password: it checks the five
// parameters and their signature as the WeChat client does, then pays. It returns
// [ErrPaySign] besides the errors of [Service.Pay].
func (s *Service) RequestPayment(p PaymentRequest) (Transaction, error) {
	id, ok := strings.CutPrefix(p.Package, "prepay_id=")
	if !ok || p.SignType != "RSA" {
		return Transaction{}, fmt.Errorf("sandbox: package or signType is malformed")
	}
	pre, ok := s.books.byPrepay.Get(id)
	if !ok {
		return Transaction{}, fmt.Errorf("prepay_id: %w", core.ErrNotFound)
	}
	appID := cmp.Or(p.AppID, s.core.Config.AppID)
	if appID != pre.order.rec.launcher() {
		return Transaction{}, ErrPaySign
	}
	message := appID + "\n" + p.TimeStamp + "\n" + p.NonceStr + "\n" + p.Package + "\n"
	if !pre.order.m.Signed([]byte(message), p.PaySign) {
		return Transaction{}, ErrPaySign
	}
	return s.settle(pre.order, pre.at, PayOptions{})
}

// settle makes an order paid, once.
func (s *Service) settle(o *order, prepayAt time.Time, options PayOptions) (Transaction, error) {
	now := s.core.Now()
	o.mu.Lock()
	ticket, n, err := s.settleLocked(o, prepayAt, now, options)
	t := o.transaction()
	o.mu.Unlock()
	if err != nil {
		return Transaction{}, err
	}
	if err := s.core.Store.Wait(ticket); err != nil {
		return Transaction{}, err
	}
	if n != nil {
		s.notices.Post(n)
	}
	return t, nil
}

// settleLocked makes the order paid under its lock. State, number, fee, bill line and
// notification change together or not at all.
func (s *Service) settleLocked(o *order, prepayAt, now time.Time, options PayOptions) (uint64, *notice.Notice, error) {
	o.expire(now)
	switch {
	case o.paid():
		return 0, nil, ErrOrderPaid
	case o.rec.State == Closed:
		return 0, nil, ErrOrderClosed
	case now.Sub(prepayAt) >= prepayLife:
		return 0, nil, ErrPrepayExpired
	case options.CouponFen < 0 || options.CouponFen >= o.rec.TotalFen && options.CouponFen > 0:
		return 0, nil, errors.New("sandbox: the coupon must leave something to pay")
	}
	r := &o.rec
	r.State, r.PaidAt = Paid, now
	r.TransactionID = s.newTransactionID(now)
	r.PayerTotalFen = r.TotalFen - options.CouponFen
	r.BankType = cmp.Or(options.BankType, "OTHERS")
	r.FeeFen = s.feeOf(r.PayerTotalFen)
	s.books.byTransaction.Put(r.TransactionID, o)
	s.dayOf(o.m, core.DateOf(now)).addPayment(o)
	ticket := s.core.Store.Queue(recordOrder, *r)
	if options.NoNotify {
		return ticket, nil, nil
	}
	n, err := s.paymentNotice(o, now)
	if err != nil {
		return 0, nil, err
	}
	o.notices = append(o.notices, n)
	return s.notices.Keep(n), n, nil
}
