package pay

import (
	"cmp"
	"sync"
	"time"

	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/pay/notice"
)

// orderRecord is what the state file keeps of an order. Times are business time.
type orderRecord struct {
	Seq         int64      `json:"seq"`
	MchID       string     `json:"mchid"`
	OutTradeNo  string     `json:"no"`
	AppID       string     `json:"appid"` // sp_appid of a partner
	SubMchID    string     `json:"sub_mchid,omitempty"`
	SubAppID    string     `json:"sub_appid,omitempty"`
	OpenID      string     `json:"openid,omitempty"` // sp_openid of a partner
	SubOpenID   string     `json:"sub_openid,omitempty"`
	Description string     `json:"description"`
	Attach      string     `json:"attach,omitempty"`
	DeviceID    string     `json:"device_id,omitempty"`
	NotifyURL   string     `json:"notify_url"`
	TotalFen    int64      `json:"total"`
	Digest      string     `json:"digest"` // of the first request's parameters
	CreatedAt   time.Time  `json:"created_at"`
	ExpiresAt   time.Time  `json:"expires_at"`
	PrepayID    string     `json:"prepay_id"`
	PrepayAt    time.Time  `json:"prepay_at"`
	State       TradeState `json:"state"`

	TransactionID  string    `json:"transaction_id,omitempty"`
	PaidAt         time.Time `json:"paid_at,omitzero"`
	PayerTotalFen  int64     `json:"payer_total,omitempty"`
	BankType       string    `json:"bank_type,omitempty"`
	FeeFen         int64     `json:"fee,omitempty"`
	RefundedFen    int64     `json:"refunded,omitempty"` // accepted and not closed
	FeeReturnedFen int64     `json:"fee_returned,omitempty"`
	Shipped        int       `json:"shipped,omitempty"` // how often shipping information was accepted
	Seeded         bool      `json:"seeded,omitempty"`  // its payment row comes from a Seed
}

// order is an order of a merchant. mu guards everything that changes.
type order struct {
	m *merchant.Merchant

	mu      sync.Mutex
	rec     orderRecord
	refunds []*refund
	notices []*notice.Notice
}

// orderKey names an order, or by its out_refund_no a refund, of a merchant.
type orderKey struct{ mchID, outTradeNo string }

// key returns the order's place in the books.
func (o *order) key() orderKey { return orderKey{o.rec.MchID, o.rec.OutTradeNo} }

// expire closes an unpaid order whose time is over. The caller holds mu.
func (o *order) expire(now time.Time) {
	if o.rec.State == NotPay && !now.Before(o.rec.ExpiresAt) {
		o.rec.State = Closed
	}
}

// paid reports whether money came in, refunded later or not. The caller holds mu.
func (o *order) paid() bool { return o.rec.State == Paid || o.rec.State == Refunded }

// payer returns the openid of the payer under the tenant's app, or else under the
// provider's.
func (r *orderRecord) payer() string { return cmp.Or(r.SubOpenID, r.OpenID) }

// launcher returns the app that may call wx.requestPayment for the order: the tenant's if
// the order names it. It never changes.
func (r *orderRecord) launcher() string { return cmp.Or(r.SubAppID, r.AppID) }

// transaction returns the order as a value. The caller holds mu.
func (o *order) transaction() Transaction {
	r := &o.rec
	t := Transaction{
		Merchant: o.m.Name, MchID: r.MchID, SubMchID: r.SubMchID, AppID: r.AppID,
		OpenID: r.payer(), OutTradeNo: r.OutTradeNo, TransactionID: r.TransactionID,
		PrepayID: r.PrepayID, Description: r.Description, Attach: r.Attach,
		NotifyURL: r.NotifyURL, State: r.State, TotalFen: r.TotalFen,
		PayerTotalFen: r.PayerTotalFen, RefundedFen: r.RefundedFen, FeeFen: r.FeeFen,
		FeeReturnedFen: r.FeeReturnedFen, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
		PaidAt: r.PaidAt, Shipped: r.Shipped,
	}
	for _, f := range o.refunds {
		t.Refunds = append(t.Refunds, f.value())
	}
	return t
}

// stateWords are the texts of trade_state_desc.
var stateWords = map[TradeState]string{
	NotPay: "订单未支付", Paid: "支付成功", Refunded: "订单发生过退款", Closed: "订单已关闭",
}

// feeOf returns WeChat's fee of an amount, rounded half up to the fen.
func (s *Service) feeOf(fen int64) int64 {
	return (fen*int64(s.core.Config.FeeBasisPoints) + 5000) / 10000
}
