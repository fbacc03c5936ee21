package handlers

import (
	"wuyepay/models"
	"wuyepay/models/money"
)

// Refund is money of an order that goes back, as the owner sees it. What is only
// asked for, or was rejected, is the company's own affair.
type Refund struct {
	No        string     `json:"no" doc:"The refund number at WeChat Pay"`
	Status    string     `json:"status" enum:"processing,success,abnormal,closed"`
	AmountFen models.Fen `json:"amount_fen"`
	Reason    string     `json:"reason"`
	CreatedAt *string    `json:"created_at" format:"date-time" doc:"When it was approved"`
	DoneAt    *string    `json:"done_at" format:"date-time" doc:"When it arrived; null until then"`
}

// refundStates are the states that an owner is told.
var refundStates = map[string]string{
	money.RefundSending: "processing", money.RefundProcessing: "processing", money.RefundSuccess: "success",
	money.RefundAbnormal: "abnormal", money.RefundClosed: "closed",
}

func refundViews(list []money.Refund) (refunded models.Fen, out []Refund) {
	out = []Refund{}
	for _, r := range list {
		status := refundStates[r.Status]
		if status == "" {
			continue
		}
		if r.Status == money.RefundSuccess {
			refunded = refunded.Plus(r.AmountFen)
		}
		out = append(out, Refund{
			No: r.No, Status: status, AmountFen: r.AmountFen, Reason: r.Reason, CreatedAt: instant(r.DecidedAt), DoneAt: instant(r.DoneAt),
		})
	}
	return refunded, out
}

func numbersOf(orders []money.Order) []string {
	out := make([]string, len(orders))
	for i, o := range orders {
		out[i] = o.No
	}
	return out
}
