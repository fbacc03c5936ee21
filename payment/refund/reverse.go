package refund

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/receipt"
)

// Refusals of [ReverseAtDesk].
var (
	ErrReverseOwn   = models.Refusal(models.KindForbidden, "REVERSE_OWN", "不能冲正自己登记的收款，请由另一位同事或财务办理")
	ErrReverseSpent = models.Refusal(models.KindConflict, "REVERSE_SPENT", "这笔收款多出的部分已转入预存，并且已经用掉或改变了用途，预存余额不足，不能冲正；请先处理预存")
	ErrNotAtDesk    = models.Refusal(models.KindConflict, "NOT_AT_DESK", "只有收款台登记的收款可以冲正；微信支付请办理退款")
)

// errNotWhole says that what a payment brought is not what it came to: a fault of
// ours, and the payment stays as it is.
var errNotWhole = errors.New("payment: what is undone is not what was paid")

// ReverseAtDesk undoes a payment of the desk 冲正: a cheque bounced, or it was
// entered wrongly. Its bills are owed again as if it had never been, what it
// brought to prepayment is taken back, and its voucher is free again. The payment's
// row stays; the reversal is an entry of its own.
//
// It counts in the day of the cashier who had entered the payment: today, or, where
// that is closed, the next day that is not. A cashier cannot undo what they
// entered; another cashier, finance, managers and administrators can.
func ReverseAtDesk(ctx context.Context, s *payment.Service, by office.Staff, paymentID, reason string) (money.PaymentReversal, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > payment.MaxReason {
		return money.PaymentReversal{}, payment.ErrNoReason
	}
	var r money.PaymentReversal
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		p, err := money.PaymentByID(tx, paymentID)
		if err != nil {
			return err
		}
		if _, _, err := estate.ScopedRoom(tx, by.Scope(), p.RoomID); err != nil {
			return err
		}
		entry, err := desk.DeskEntryOf(tx, paymentID)
		if errors.Is(err, models.ErrNotFound) {
			return ErrNotAtDesk
		}
		if err != nil {
			return err
		}
		if entry.StaffID == by.ID && !by.Can(office.PermReverseOwn) {
			return ErrReverseOwn
		}
		r, err = reverseIn(s, tx, by, &p, &entry, reason)
		return err
	})
	return r, err
}

// reverseIn locks the cashier's day, then the bills, then the room.
func reverseIn(s *payment.Service, tx *store.Tx, by office.Staff, p *money.Payment, entry *desk.DeskEntry,
	reason string) (money.PaymentReversal, error) {
	day, err := payment.LockOpenDay(tx, entry)
	if err != nil {
		return money.PaymentReversal{}, err
	}
	r := money.PaymentReversal{
		PaymentID: p.ID, CommunityID: p.CommunityID, RoomID: p.RoomID, Channel: p.Channel, AmountFen: p.AmountFen, StaffID: entry.StaffID,
		DayOn: day, Reason: reason, ByID: by.ID, ByName: by.Name,
	}
	if err := money.InsertReversal(tx, &r); err != nil {
		return r, err
	}
	account := money.MoneyAccounts[p.Channel]
	off, err := billing.Reverse(tx, billing.UnapplyRequest{PaymentID: p.ID, RoomID: p.RoomID, CommunityID: p.CommunityID, Credit: account,
		Approval: billing.Approval{Asked: models.SystemActor("desk-reversal"), Approved: by.Actor(), Reason: reason}})
	if err != nil {
		return r, err
	}
	back, err := unprepay(tx, p, account)
	if err != nil {
		return r, err
	}
	if off+back != p.AmountFen {
		return r, errNotWhole
	}
	if err := desk.FreeVoucher(tx, p.ID); err != nil {
		return r, err
	}
	err = office.Audit(tx, by.Actor(), "desk.reversed", "payment", p.ID, map[string]any{
		"room": p.RoomID, "channel": p.Channel, "amount_fen": p.AmountFen, "prepaid_fen": back, "day": r.DayOn, "reason": reason,
	})
	if err == nil {
		err = receipt.OnReversal(tx, p, &r)
	}
	return r, err
}

// unprepay takes back what the payment has brought to prepayment.
func unprepay(tx *store.Tx, p *money.Payment, account string) (models.Fen, error) {
	entries, err := money.PrepaidOfPayment(tx, p.ID)
	if err != nil {
		return 0, err
	}
	total := models.Fen(0)
	for _, e := range entries {
		err := money.MovePrepaidOf(tx, e.RoomID, e.Item, e.Kind, -e.AmountFen, p.ID, "")
		if errors.Is(err, money.ErrPrepaidShort) {
			return 0, ErrReverseSpent
		}
		if err != nil {
			return 0, err
		}
		total = total.Plus(e.AmountFen)
	}
	return total, money.Journal(tx,
		[]money.JournalLine{{Kind: money.JournalReversalPrepaid, Debit: money.AccountPrepaid, Credit: account, AmountFen: total,
			CommunityID: p.CommunityID, RoomID: p.RoomID, PaymentID: p.ID}})
}
