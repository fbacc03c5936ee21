package reminder

import (
	"wuyepay/models/messages"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// stepRefund is the step of the word that a refund has arrived.
const stepRefund = "refund_done"

// RefundDone puts the word that money has gone back into the outbox, to the person who had
// paid, in the transaction in which the refund succeeds. A refund that is told twice
// is answered once. One by hand of a room has nobody on a phone to tell.
func (s *Service) RefundDone(tx *store.Tx, r *money.Refund) error {
	if _, ok := s.templates[messages.TemplateRequestDecided]; !ok || r.UserID == "" {
		return nil
	}
	return messages.QueueNotice(tx, &messages.Notice{
		Dedupe: stepRefund + "/" + r.No, Template: messages.TemplateRequestDecided, Step: stepRefund, UserID: r.UserID, RoomID: r.RoomID,
		OrderNo: r.OrderNo, RequestID: r.No,
	})
}

// refunded returns the text about a refund.
func refunded(tx *store.Tx, n *messages.Notice) (map[string]value, error) {
	r, err := money.RefundByNo(tx, n.RequestID)
	if err != nil {
		return nil, err
	}
	kind := "缴费退款"
	switch r.Origin {
	case money.RefundOfSurplus:
		kind = "多付款项退回"
	case money.RefundOfPrepaid:
		kind = "预存退还"
	}
	return map[string]value{
		roleKind:   text(kind),
		roleResult: text("已退款"),
		roleNote:   note(r.AmountFen.String()+"元已原路退回", r.AmountFen.String()+"元"),
	}, nil
}
