package pay

import "time"

// TradeState is an order's state as the query call names it.
type TradeState string

const (
	// NotPay is unpaid and still payable.
	NotPay TradeState = "NOTPAY"
	// Paid is paid with no refund accepted.
	Paid TradeState = "SUCCESS"
	// Refunded is paid with at least one refund accepted, whole or in part.
	Refunded TradeState = "REFUND"
	// Closed is closed or expired unpaid; it can never be paid.
	Closed TradeState = "CLOSED"
)

// Transaction is one order in the sandbox's books, as a value. All amounts
// are fen, all times business time in Asia/Shanghai.
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
	// RefundedFen is the sum of refunds accepted and not closed.
	RefundedFen int64 `json:"refunded_fen"`
	// FeeFen is WeChat's fee of the payment; FeeReturnedFen what refunds gave back.
	FeeFen         int64     `json:"fee_fen"`
	FeeReturnedFen int64     `json:"fee_returned_fen"`
	CreatedAt      time.Time `json:"created_at"`
	ExpiresAt      time.Time `json:"expires_at"`
	PaidAt         time.Time `json:"paid_at,omitzero"`
	Refunds        []Refund  `json:"refunds,omitempty"`
	// Shipped is how often shipping information was taken.
	Shipped int `json:"shipped,omitempty"`
}
