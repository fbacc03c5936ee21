package payment

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
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
func (s *Service) withRefund(ctx context.Context, no string, fn func(tx *store.Tx, o *money.Order, r *money.Refund) error) (r money.Refund, err error) {
	err = s.db.Write(ctx, func(tx *store.Tx) error {
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

// ApproveRefund lets a refund be sent. The decider is another person than who asked,
// and what is asked for must still be there: [ErrRefundState], billing.ErrSamePerson,
// [ErrRefundTooMuch], [ErrRefundTooLate], [ErrRefundParts], [money.ErrPrepaidShort].
// Its part of the room's prepayment leaves the balance now; it comes back if the
// refund is closed.
func (s *Service) ApproveRefund(ctx context.Context, by office.Staff, no, note string) (money.Refund, error) {
	note, err := noteOf(note, false)
	if err != nil {
		return money.Refund{}, err
	}
	return s.withRefund(ctx, no, func(tx *store.Tx, o *money.Order, r *money.Refund) error {
		if err := mayDecide(tx, by, r); err != nil {
			return err
		}
		lines, err := stillThere(tx, o, r)
		if err != nil {
			return err
		}
		return s.begin(tx, by.Actor(), o, r, lines, note)
	})
}

// RejectRefund ends a refund that was asked for; its amount is free again.
func (s *Service) RejectRefund(ctx context.Context, by office.Staff, no, note string) (money.Refund, error) {
	note, err := noteOf(note, true)
	if err != nil {
		return money.Refund{}, err
	}
	return s.withRefund(ctx, no, func(tx *store.Tx, _ *money.Order, r *money.Refund) error {
		if err := mayDecide(tx, by, r); err != nil {
			return err
		}
		if err := money.FreeRefund(tx, r); err != nil {
			return err
		}
		r.Status = money.RefundRejected
		noteDecision(r, by.Actor(), note, tx.Now)
		if err := money.SaveRefund(tx, money.RefundAsked, r); err != nil {
			return err
		}
		return office.Audit(tx, by.Actor(), "refund.rejected", "refund", r.No, map[string]string{"order": r.OrderNo})
	})
}

func mayDecide(tx *store.Tx, by office.Staff, r *money.Refund) error {
	if !MayApproveRefund(by.Role) {
		return models.ErrForbidden
	}
	if _, err := money.ScopedRefund(tx, by.Scope(), r.No); err != nil {
		return err
	}
	switch {
	case r.AskedKind == models.ActorStaff && r.AskedID == by.ID:
		return billing.ErrSamePerson
	case r.Status != money.RefundAsked:
		return ErrRefundState
	}
	return nil
}

func noteDecision(r *money.Refund, by models.Actor, note string, now models.Time) {
	r.DecidedKind, r.DecidedID, r.DecidedName, r.Note, r.DecidedAt = by.Kind, by.ID, by.Name, note, now
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
			shares = append(shares, shareOf(l))
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

func shareOf(l money.RefundLine) billing.PaidShare {
	return billing.PaidShare{BillID: l.BillID, PrincipalFen: l.PrincipalFen, LateFeeFen: l.LateFeeFen}
}

// begin makes a refund that was asked for ready to be sent: its number among the
// order's refunds, what will be sent word for word, and its part of the prepayment
// taken out of the balance. The order, the bills and the room are locked.
func (s *Service) begin(tx *store.Tx, by models.Actor, o *money.Order, r *money.Refund, lines []money.RefundLine, note string) error {
	part, err := money.TakeRefundPart(tx, r.PaymentID)
	if err == nil && part == 0 {
		err = ErrRefundParts
	}
	if err != nil {
		return err
	}
	sent := wechatpay.RefundRequest{OutTradeNo: o.No, OutRefundNo: r.No, RefundFen: int64(r.AmountFen), TotalFen: int64(o.AmountFen), Reason: r.Reason,
		NotifyURL: s.publicURL + "/wechat/refund/" + o.Merchant + "/notify"}
	text, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	if err := money.ReplaceRefundLines(tx, r.No, lines); err != nil {
		return err
	}
	if err := holdPrepaid(tx, r, lines); err != nil {
		return err
	}
	r.Status, r.Part, r.Request, r.NextCheckAt = money.RefundSending, &part, string(text), models.RealNow()
	noteDecision(r, by, note, tx.Now)
	if err := money.SaveRefund(tx, money.RefundAsked, r); err != nil {
		return err
	}
	if err := money.OrderRefundState(tx, o); err != nil {
		return err
	}
	return office.Audit(tx, by, "refund.approved", "refund", r.No, map[string]any{"order": r.OrderNo, "amount_fen": r.AmountFen})
}

// holdPrepaid takes what a refund gives back of prepayment out of the room's balance,
// so that no bill is paid with it meanwhile.
func holdPrepaid(tx *store.Tx, r *money.Refund, lines []money.RefundLine) error {
	return movePrepaid(tx, r, lines, -1, money.JournalLine{Kind: money.JournalRefundHold, Debit: money.AccountPrepaid, Credit: money.AccountRefunding})
}

// releasePrepaid puts it back: the refund was closed.
func releasePrepaid(tx *store.Tx, r *money.Refund, lines []money.RefundLine) error {
	return movePrepaid(tx, r, lines, 1, money.JournalLine{Kind: money.JournalRefundRelease, Debit: money.AccountRefunding, Credit: money.AccountPrepaid})
}

func movePrepaid(tx *store.Tx, r *money.Refund, lines []money.RefundLine, sign models.Fen, pair money.JournalLine) error {
	total := models.Fen(0)
	for _, l := range lines {
		if l.PrepaidFen == 0 {
			continue
		}
		total = total.Plus(l.PrepaidFen)
		if err := money.MovePrepaidOf(tx, r.RoomID, l.Item, money.PrepaidRefund, sign*l.PrepaidFen, r.PaymentID, ""); err != nil {
			return err
		}
	}
	pair.AmountFen, pair.CommunityID, pair.RoomID, pair.PaymentID, pair.Merchant = total, r.CommunityID, r.RoomID, r.PaymentID, r.Merchant
	return money.Journal(tx, []money.JournalLine{pair})
}
