package refund

import (
	"cmp"
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
	ErrReverseGroup = models.Refusal(models.KindConflict, "REVERSE_GROUP", "这笔收款是合并收款的一部分，请在合并收款的页面整笔冲正")
	ErrNotAtDesk    = models.Refusal(models.KindConflict, "NOT_AT_DESK", "只有收款台登记的收款可以冲正；微信支付请办理退款")
)

// errNotWhole means that what came off the bills and out of prepayment is not the amount
// of the payment: a fault in the books. Nothing is reversed, and the payment stays as it
// is.
var errNotWhole = errors.New("payment: what is undone is not what was paid")

// ReverseAtDesk undoes a payment of the desk 冲正: a cheque bounced, or the payment was
// entered wrongly. Its bills are owed again as if it had never been made, with late fee
// from the same days; what it brought to prepayment is taken back; and its voucher can be
// used again. The payment's row stays, and the reversal is an entry of its own.
//
// The reversal counts in the day of the cashier who entered the payment: today or, if that
// is closed, the next day that is not. For example, if the cashier has closed today, the
// reversal lowers tomorrow's takings. Cashiers cannot reverse what they entered
// themselves; another cashier, finance, managers and administrators can.
//
// It returns [payment.ErrNoReason] without a reason or with one of more than 200
// characters, [models.ErrNotFound] for a payment out of scope, [ErrNotAtDesk],
// [ErrReverseOwn], [ErrReverseSpent], or [money.ErrReversed] if it is undone already. A
// payment that is part of a group is [ErrReverseGroup]: see [ReverseGroup].
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
		if _, err := desk.DeskGroupOf(tx, paymentID); !errors.Is(err, models.ErrNotFound) {
			return cmp.Or(err, error(ErrReverseGroup))
		}
		r, err = reverseIn(s, tx, by, &p, &entry, reason)
		return err
	})
	return r, err
}

// reverseIn locks the cashier's day, then the bills, then the room, as taking a payment at
// the desk does. The reversal's row comes before all changes: of two who reverse the
// payment at once, the second fails there.
//
// A discount that is lost is paid out of the room's prepayment as far as possible.
// [billing.Reverse] leaves there what the payment itself brought, and unprepay takes that
// back afterwards. Both together must be the amount of the payment.
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

// unprepay takes back what the payment has brought to prepayment and returns the sum. Each
// amount leaves the fee item that it came to. If it was spent, or moved to another item,
// and that balance is now less, unprepay returns [ErrReverseSpent].
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
