package refund

import (
	"context"
	"strings"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// noteOf returns the note of a decision without surrounding blanks. It returns
// [ErrRefundNote] if the note is longer than 500 characters, or empty although one is
// needed.
func noteOf(note string, needed bool) (string, error) {
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n > maxRefundNote || n == 0 && needed {
		return note, ErrRefundNote
	}
	return note, nil
}

// withRefund runs fn in a transaction that holds the locks of a refund's order and of the
// refund, and returns the refund as fn left it.
//
// The first read takes no lock. It only finds the order, which a refund never changes: the
// order must be locked before the refund, as in [payment.Service.SettleRefund]. A refund by
// hand has no order. For it, fn receives an order without number that has only the
// refund's room, community and merchant.
func withRefund(ctx context.Context, s *payment.Service, no string,
	fn func(tx *store.Tx, o *money.Order, r *money.Refund) error) (r money.Refund, err error) {
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		known, err := money.RefundByNo(tx, no)
		if err != nil {
			return err
		}
		o := money.Order{RoomID: known.RoomID, CommunityID: known.CommunityID, Merchant: known.Merchant}
		if known.OrderNo != "" {
			if o, err = money.LockOrder(tx, known.OrderNo); err != nil {
				return err
			}
		}
		if r, err = money.LockRefund(tx, no); err != nil {
			return err
		}
		return fn(tx, &o, &r)
	})
	return r, err
}

// Approve lets a refund be sent. It sends nothing itself: [Follow] or the next [Sweep]
// does, with the parameters that are stored here, so that a crash in between loses
// nothing.
//
// The person who approves must not be the one who asked: [billing.ErrSamePerson]. Of two
// who decide at once, the second gets [ErrRefundState]. What is asked for must still be
// there. If it is not, Approve returns [payment.ErrRefundTooMuch], [ErrRefundTooLate],
// [ErrRefundTransfer], [payment.ErrRefundParts] or [money.ErrPrepaidShort], and the refund
// can still be rejected.
//
// The refund's part of the room's prepayment leaves the balance now. It returns to the
// balance if the refund is closed.
func Approve(ctx context.Context, s *payment.Service, by office.Staff, no, note string) (money.Refund, error) {
	note, err := noteOf(note, false)
	if err != nil {
		return money.Refund{}, err
	}
	return withRefund(ctx, s, no, func(tx *store.Tx, o *money.Order, r *money.Refund) error {
		if err := mayDecide(tx, by, r); err != nil {
			return err
		}
		lines, err := stillThere(tx, o, r)
		if err != nil {
			return err
		}
		return s.BeginRefund(tx, by.Actor(), o, r, lines, note)
	})
}

// Reject ends a refund that was asked for, and its amount can be asked for again. The note
// is required. Like [Approve] it needs another person than the one who asked. No
// prepayment moves, because a refund takes none before it is approved.
func Reject(ctx context.Context, s *payment.Service, by office.Staff, no, note string) (money.Refund, error) {
	note, err := noteOf(note, true)
	if err != nil {
		return money.Refund{}, err
	}
	return withRefund(ctx, s, no, func(tx *store.Tx, _ *money.Order, r *money.Refund) error {
		if err := mayDecide(tx, by, r); err != nil {
			return err
		}
		if err := money.FreeRefund(tx, r); err != nil {
			return err
		}
		r.Status = money.RefundRejected
		payment.NoteDecision(r, by.Actor(), note, tx.Now)
		if err := money.SaveRefund(tx, money.RefundAsked, r); err != nil {
			return err
		}
		return office.Audit(tx, by.Actor(), "refund.rejected", "refund", r.No, map[string]string{"order": r.OrderNo})
	})
}

// mayDecide returns nil if the member of staff may approve or reject the refund. A refund
// outside the scope returns [models.ErrNotFound], as if it did not exist.
func mayDecide(tx *store.Tx, by office.Staff, r *money.Refund) error {
	if !by.Can(office.PermRefundApprove) {
		return models.ErrForbidden
	}
	if _, err := money.ScopedRefund(tx, by.Scope(), r.No); err != nil {
		return err
	}
	switch {
	case r.Asked.Kind == models.ActorStaff && r.Asked.ID == by.ID:
		return billing.ErrSamePerson
	case r.Status != money.RefundAsked:
		return ErrRefundState
	}
	return nil
}

// stillThere checks once more what the refund asks for, and returns its lines anew. Days
// may have passed since the request: prepayment may be spent, and a correction may have
// taken money off a bill.
//
// The bills are locked, then the room, which is the order everywhere. Once the refund is
// under way, its bills can be neither corrected nor voided until it ends. The locks close
// the gap until then. The refund's own lines are not counted as held.
func stillThere(tx *store.Tx, o *money.Order, r *money.Refund) ([]money.RefundLine, error) {
	lines, err := money.RefundLines(tx, r.No)
	if err != nil {
		return nil, err
	}
	var shares []billing.PaidShare
	var bills []string
	for _, l := range lines {
		if l.BillID != "" {
			shares = append(shares, payment.PaidShareOf(l))
			bills = append(bills, l.BillID)
		}
	}
	if _, err := fees.LockBills(tx, bills); err != nil {
		return nil, err
	}
	if r.PrepaidFen > 0 {
		if _, err := money.LockPrepaid(tx, r.RoomID); err != nil {
			return nil, err
		}
	}
	free, err := refundable(tx, *o, r.No)
	if err != nil {
		return nil, err
	}
	return free.lines(tx, shares, r.PrepaidFen)
}
