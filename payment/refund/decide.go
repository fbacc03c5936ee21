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

// noteOf reads what staff write down of a decision; it may be empty unless needed.
func noteOf(note string, needed bool) (string, error) {
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n > maxRefundNote || n == 0 && needed {
		return note, ErrRefundNote
	}
	return note, nil
}

// withRefund runs fn on a refund that is locked, after its order.
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

// Approve lets a refund be sent. The decider is another person than who asked,
// and what is asked for must still be there: [ErrRefundState], billing.ErrSamePerson,
// [payment.ErrRefundTooMuch], [ErrRefundTooLate], [payment.ErrRefundParts], [money.ErrPrepaidShort].
// Its part of the room's prepayment leaves the balance now; it comes back if the
// refund is closed.
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

// Reject ends a refund that was asked for; its amount is free again.
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

// stillThere looks once more at what the refund asks for, with its bills locked: from
// now on nothing may take it away.
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
