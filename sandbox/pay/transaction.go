package pay

import "time"

// TradeState is the state of an order, as the query call names it.
type TradeState string

const (
	// NotPay is unpaid and still payable.
	NotPay TradeState = "NOTPAY"
	// Paid is paid, with no refund accepted.
	Paid TradeState = "SUCCESS"
	// Refunded is paid, with at least one refund accepted. The refund may be of a part.
	Refunded TradeState = "REFUND"
	// Closed is closed or expired while unpaid. The order can never be paid.
	Closed TradeState = "CLOSED"
)

// Transaction is an order in the books. Amounts are in fen, times are business time in
// Asia/Shanghai.
type Transaction struct {
	Merchant      string     `json:"merchant"`
	MchID         string     `json:"mchid"` // sp_mchid of a partner
	SubMchID      string     `json:"sub_mchid,omitempty"`
	AppID         string     `json:"appid"`
	OpenID        string     `json:"openid"`
	OutTradeNo    string     `json:"out_trade_no"`
	TransactionID string     `json:"transaction_id,omitempty"`
	PrepayID      string     `json:"prepay_id,omitempty"` // the newest one
	Description   string     `json:"description"`
	Attach        string     `json:"attach,omitempty"`
	NotifyURL     string     `json:"notify_url"`
	State         TradeState `json:"trade_state"`
	TotalFen      int64      `json:"total_fen"`
	PayerTotalFen int64      `json:"payer_total_fen"` // less than TotalFen when a coupon was used
	// RefundedFen is the sum of the refunds that were accepted and not closed.
	RefundedFen int64 `json:"refunded_fen"`
	// FeeFen is WeChat's fee of the payment. FeeReturnedFen is the part of it that
	// refunds gave back.
	FeeFen         int64     `json:"fee_fen"`
	FeeReturnedFen int64     `json:"fee_returned_fen"`
	CreatedAt      time.Time `json:"created_at"`
	ExpiresAt      time.Time `json:"expires_at"`
	PaidAt         time.Time `json:"paid_at,omitzero"`
	Refunds        []Refund  `json:"refunds,omitempty"`
	// Shipped is how often shipping information was accepted.
	Shipped int `json:"shipped,omitempty"`
}
