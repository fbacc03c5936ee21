package models

// RefundOfDay is our side of a refund row of WeChat's trade bill: a refund that
// WeChat has accepted. Status is in WeChat's words: PROCESSING, SUCCESS, CLOSED or
// ABNORMAL.
type RefundOfDay struct {
	RefundNo  string // out_refund_no
	RefundID  string // WeChat's; empty where its answer was lost
	OrderNo   string
	AmountFen Fen
	Status    string
	On        Date // the day on which WeChat accepted it
}
