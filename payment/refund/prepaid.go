package refund

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// GiveBackPrepaid returns prepayment back that an approved request was about, in the
// transaction that approves it: through the payments by WeChat that topped it up,
// newest first, each at most by what it put in, as WeChat pays a payment back to
// the person who made it. What cannot go back that way (paid at the desk, or too long ago)
// is a refund by hand that finance pays and writes down.
//
// What goes back leaves the balance now; it comes back where WeChat refuses. Who
// asked for the request and who approved it are those of the refunds.
func GiveBackPrepaid(s *payment.Service, tx *store.Tx, q *fees.Request, by models.Actor) error {
	sources, err := lockSources(s, tx, q)
	if err != nil {
		return err
	}
	left := q.AmountFen
	for _, src := range sources {
		part := left.Min(src.free)
		if part == 0 {
			continue
		}
		left -= part
		if err := refundTopUp(s, tx, q, by, src, part); err != nil {
			return err
		}
	}
	if left == 0 {
		return nil
	}
	return refundByHand(tx, q, by, left)
}

// source is a payment that prepayment can go back through.
type source struct {
	order   money.Order
	payment money.Payment
	free    models.Fen
}

// lockSources locks the orders that prepayment can go back through, in order of
// their numbers, then the room, and returns them newest payment first.
func lockSources(s *payment.Service, tx *store.Tx, q *fees.Request) ([]source, error) {
	list, err := money.PrepaidPayments(tx, q.RoomID, models.At(tx.Now.Add(-money.RefundWindow)))
	if err != nil {
		return nil, err
	}
	nos := make([]string, len(list))
	for i, p := range list {
		nos[i] = p.OrderNo
	}
	slices.Sort(nos)
	orders := make(map[string]money.Order, len(nos))
	for _, no := range nos {
		if orders[no], err = money.LockOrder(tx, no); err != nil {
			return nil, err
		}
	}
	balance, err := money.LockPrepaid(tx, q.RoomID)
	if err != nil {
		return nil, err
	}
	if balance < q.AmountFen {
		return nil, money.ErrPrepaidShort
	}
	var out []source
	for _, p := range list {
		if _, err := s.Merchant(orders[p.OrderNo].Merchant); err != nil {
			continue // its keys are gone: by hand
		}
		f, err := refundable(tx, orders[p.OrderNo], "")
		if _, refusal := models.AsError(err); refusal {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, source{order: f.order, payment: f.Payment, free: f.PrepaidFen.Min(f.Sum.FreeFen())})
	}
	return out, nil
}

func refundTopUp(s *payment.Service, tx *store.Tx, q *fees.Request, by models.Actor, src source, amount models.Fen) error {
	lines, err := prepaidLines(tx, q.RoomID, src.order.PrepayItem, amount)
	if err != nil {
		return err
	}
	r := payment.NewRefund(src.order, src.payment, lines)
	r.Origin, r.RequestID, r.Reason = money.RefundOfPrepaid, q.ID, "退还预存"
	if err := payment.InsertRefundRequest(tx, q.Asked, &r, src.payment, lines); err != nil {
		return err
	}
	return s.BeginRefund(tx, by, &src.order, &r, lines, "")
}

// refundByHand notes what finance has to pay out in another way.
func refundByHand(tx *store.Tx, q *fees.Request, by models.Actor, amount models.Fen) error {
	lines, err := prepaidLines(tx, q.RoomID, "", amount)
	if err != nil {
		return err
	}
	r := money.Refund{
		No: models.NewID(), CommunityID: q.CommunityID, RoomID: q.RoomID, Origin: money.RefundOfPrepaid, Channel: money.ChannelHand,
		AmountFen: amount, TotalFen: amount, PrepaidFen: amount, BillAfter: money.BillsOwed, Reason: "退还预存", Status: money.RefundSending,
		RequestID: q.ID, Asked: q.Asked,
	}
	payment.NoteDecision(&r, by, "", tx.Now)
	if err := money.InsertRefund(tx, &r, lines); err != nil {
		return err
	}
	if err := payment.HoldPrepaid(tx, &r, lines); err != nil {
		return err
	}
	return office.Audit(tx, by, "refund.to_pay", "refund", r.No, map[string]any{"room": q.RoomID, "amount_fen": amount})
}
