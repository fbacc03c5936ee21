package payment

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/models"
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
func (s *Service) withRefund(ctx context.Context, no string, fn func(tx *models.Tx, o *models.Order, r *models.Refund) error) (r models.Refund, err error) {
	err = s.db.Write(ctx, func(tx *models.Tx) error {
		known, err := tx.RefundByNo(no)
		if err != nil {
			return err
		}
		o := models.Order{RoomID: known.RoomID, CommunityID: known.CommunityID, Merchant: known.Merchant}
		if known.OrderNo != "" {
			if o, err = tx.LockOrder(known.OrderNo); err != nil {
				return err
			}
		}
		if r, err = tx.LockRefund(no); err != nil {
			return err
		}
		return fn(tx, &o, &r)
	})
	return r, err
}

// ApproveRefund lets a refund be sent. The decider is another person than who asked,
// and what is asked for must still be there: [ErrRefundState], billing.ErrSamePerson,
// [ErrRefundTooMuch], [ErrRefundTooLate], [ErrRefundParts], [models.ErrPrepaidShort].
// Its part of the room's prepayment leaves the balance now; it comes back if the
// refund is closed.
func (s *Service) ApproveRefund(ctx context.Context, by models.Staff, no, note string) (models.Refund, error) {
	note, err := noteOf(note, false)
	if err != nil {
		return models.Refund{}, err
	}
	return s.withRefund(ctx, no, func(tx *models.Tx, o *models.Order, r *models.Refund) error {
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
func (s *Service) RejectRefund(ctx context.Context, by models.Staff, no, note string) (models.Refund, error) {
	note, err := noteOf(note, true)
	if err != nil {
		return models.Refund{}, err
	}
	return s.withRefund(ctx, no, func(tx *models.Tx, _ *models.Order, r *models.Refund) error {
		if err := mayDecide(tx, by, r); err != nil {
			return err
		}
		if err := tx.FreeRefund(r); err != nil {
			return err
		}
		r.Status = models.RefundRejected
		noteDecision(r, by.Actor(), note, tx.Now)
		if err := tx.SaveRefund(models.RefundAsked, r); err != nil {
			return err
		}
		return tx.Audit(by.Actor(), "refund.rejected", "refund", r.No, map[string]string{"order": r.OrderNo})
	})
}

func mayDecide(tx *models.Tx, by models.Staff, r *models.Refund) error {
	if !MayApproveRefund(by.Role) {
		return models.ErrForbidden
	}
	if _, err := tx.ScopedRefund(by.Scope(), r.No); err != nil {
		return err
	}
	switch {
	case r.AskedKind == models.ActorStaff && r.AskedID == by.ID:
		return billing.ErrSamePerson
	case r.Status != models.RefundAsked:
		return ErrRefundState
	}
	return nil
}

func noteDecision(r *models.Refund, by models.Actor, note string, now models.Time) {
	r.DecidedKind, r.DecidedID, r.DecidedName, r.Note, r.DecidedAt = by.Kind, by.ID, by.Name, note, now
}

// stillThere looks once more at what the refund asks for, with its bills locked: from
// now on nothing may take it away.
func stillThere(tx *models.Tx, o *models.Order, r *models.Refund) ([]models.RefundLine, error) {
	lines, err := tx.RefundLines(r.No)
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
	if _, err := tx.LockBills(bills); err != nil {
		return nil, err
	}
	if r.PrepaidFen > 0 {
		if _, err := tx.LockPrepaid(r.RoomID); err != nil {
			return nil, err
		}
	}
	free, err := refundable(tx, *o, r.No)
	if err != nil {
		return nil, err
	}
	return free.lines(tx, shares, r.PrepaidFen)
}

func shareOf(l models.RefundLine) billing.PaidShare {
	return billing.PaidShare{BillID: l.BillID, PrincipalFen: l.PrincipalFen, LateFeeFen: l.LateFeeFen}
}

// begin makes a refund that was asked for ready to be sent: its number among the
// order's refunds, what will be sent word for word, and its part of the prepayment
// taken out of the balance. The order, the bills and the room are locked.
func (s *Service) begin(tx *models.Tx, by models.Actor, o *models.Order, r *models.Refund, lines []models.RefundLine, note string) error {
	part, err := tx.TakeRefundPart(r.PaymentID)
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
	if err := tx.ReplaceRefundLines(r.No, lines); err != nil {
		return err
	}
	if err := holdPrepaid(tx, r, lines); err != nil {
		return err
	}
	r.Status, r.Part, r.Request, r.NextCheckAt = models.RefundSending, &part, string(text), models.RealNow()
	noteDecision(r, by, note, tx.Now)
	if err := tx.SaveRefund(models.RefundAsked, r); err != nil {
		return err
	}
	if err := tx.OrderRefundState(o); err != nil {
		return err
	}
	return tx.Audit(by, "refund.approved", "refund", r.No, map[string]any{"order": r.OrderNo, "amount_fen": r.AmountFen})
}

// holdPrepaid takes what a refund gives back of prepayment out of the room's balance,
// so that no bill is paid with it meanwhile.
func holdPrepaid(tx *models.Tx, r *models.Refund, lines []models.RefundLine) error {
	return movePrepaid(tx, r, lines, -1, models.JournalLine{Kind: models.JournalRefundHold, Debit: models.AccountPrepaid, Credit: models.AccountRefunding})
}

// releasePrepaid puts it back: the refund was closed.
func releasePrepaid(tx *models.Tx, r *models.Refund, lines []models.RefundLine) error {
	return movePrepaid(tx, r, lines, 1, models.JournalLine{Kind: models.JournalRefundRelease, Debit: models.AccountRefunding, Credit: models.AccountPrepaid})
}

func movePrepaid(tx *models.Tx, r *models.Refund, lines []models.RefundLine, sign models.Fen, pair models.JournalLine) error {
	total := models.Fen(0)
	for _, l := range lines {
		if l.PrepaidFen == 0 {
			continue
		}
		total = total.Plus(l.PrepaidFen)
		if err := tx.MovePrepaidOf(r.RoomID, l.Item, models.PrepaidRefund, sign*l.PrepaidFen, r.PaymentID, ""); err != nil {
			return err
		}
	}
	pair.AmountFen, pair.CommunityID, pair.RoomID, pair.PaymentID, pair.Merchant = total, r.CommunityID, r.RoomID, r.PaymentID, r.Merchant
	return tx.Journal([]models.JournalLine{pair})
}
