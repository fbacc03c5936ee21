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

// GiveBackPrepaid returns the prepayment that an approved request was about, in the
// transaction that approves it. The money goes back through the payments by WeChat that
// brought it, newest first, through each at most what it brought: WeChat pays a refund to
// the person who made the payment. What cannot go back that way, for example because it
// was paid at the desk or more than 365 days ago, becomes one refund by hand, which
// finance pays and records.
//
// For example, 500 yuan are to go back, and WeChat payments of March and May brought 300
// each: 300 go back through May's, 200 through March's. Had each brought 200, the
// remaining 100 would be paid by hand.
//
// All of it leaves the balance now. The part of a refund that is closed later returns to
// the balance. The refunds name the person who asked for the request and the one who
// approved it as their own. GiveBackPrepaid returns [money.ErrPrepaidShort] if the balance
// is less than the request.
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

// source is a payment that prepayment can go back through. free is how much: at most what
// it brought to prepayment, less what other refunds have asked for.
type source struct {
	order   money.Order
	payment money.Payment
	free    models.Fen
}

// lockSources locks the orders that prepayment can go back through, then the room, and
// returns the sources, newest payment first. The orders are locked in order of their
// numbers, so that two requests of one room cannot deadlock; the room comes last, as
// everywhere.
//
// A payment that cannot be refunded any more is left out, for example one with 50 refunds
// already. After a transfer that left the prepayment with the room, the payments of the
// former owner have nothing free: otherwise the former owner would get the money of the
// new one. In both cases the amount is paid by hand.
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

// refundTopUp adds a refund of one source and approves it at once: the approval of the
// request is also that of its refunds. A sweep sends it after the commit.
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

// refundByHand adds a refund that finance pays in cash or by transfer. It has no order and
// no payment, holds nothing of one, and never goes to WeChat. It stays in the state
// sending until [SettleByHand] or [GiveUp].
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
