package pay

import "time"

// RefundStatus is a refund's state as the refund query names it.
type RefundStatus string

const (
	// RefundProcessing is accepted and not decided.
	RefundProcessing RefundStatus = "PROCESSING"
	// RefundSuccess is money back with the payer.
	RefundSuccess RefundStatus = "SUCCESS"
	// RefundAbnormal is money that found no way back, e.g. a cancelled card.
	RefundAbnormal RefundStatus = "ABNORMAL"
	// RefundClosed is a refund given up; its amount can be refunded anew.
	RefundClosed RefundStatus = "CLOSED"
)

// Refund is one refund in the books, as a value; amounts in fen.
type Refund struct {
	OutRefundNo    string       `json:"out_refund_no"`
	RefundID       string       `json:"refund_id"`
	OutTradeNo     string       `json:"out_trade_no"`
	TransactionID  string       `json:"transaction_id"`
	Status         RefundStatus `json:"status"`
	AmountFen      int64        `json:"amount_fen"`
	FeeReturnedFen int64        `json:"fee_returned_fen"`
	Reason         string       `json:"reason,omitempty"`
	CreatedAt      time.Time    `json:"created_at"`
	SuccessAt      time.Time    `json:"success_at,omitzero"`
}
