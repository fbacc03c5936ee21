package pay

import "time"

// RefundStatus is the state of a refund, as the refund query names it.
type RefundStatus string

const (
	// RefundProcessing is accepted and not decided.
	RefundProcessing RefundStatus = "PROCESSING"
	// RefundSuccess is paid back.
	RefundSuccess RefundStatus = "SUCCESS"
	// RefundAbnormal is money that could not be paid back, e.g. to a cancelled card.
	RefundAbnormal RefundStatus = "ABNORMAL"
	// RefundClosed is given up. The amount can be refunded under a new number.
	RefundClosed RefundStatus = "CLOSED"
)

// Refund is a refund in the books. Amounts are in fen.
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
