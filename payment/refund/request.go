package refund

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Refusals of a request for a refund and of the decision about it.
var (
	ErrRefundOrder    = models.Refusal(models.KindConflict, "REFUND_ORDER", "只有已支付的订单可以退款")
	ErrRefundAmount   = models.Invalid("REFUND_AMOUNT", "请填写退款金额，或选择要退的账单")
	ErrRefundReason   = models.Invalid("REFUND_REASON", "请填写退款原因（最多 80 个字）")
	ErrRefundAfter    = models.Invalid("REFUND_AFTER", "请选择退款后账单如何处理")
	ErrRefundTooLate  = models.Refusal(models.KindUnprocessable, "REFUND_TOO_LATE", "支付已满一年，微信支付不再受理退款")
	ErrRefundState    = models.Refusal(models.KindConflict, "REFUND_STATE", "退款的状态已经变化，请看现在的状态")
	ErrRefundNote     = models.Invalid("REFUND_NOTE", "请填写说明（最多 500 个字）")
	ErrRefundTransfer = models.Refusal(models.KindUnprocessable, "REFUND_TRANSFERRED", "房屋已过户，预存已随房屋转给新业主，不能退给原付款人")
)

// Limits of texts in characters; a Chinese character counts as one. WeChat takes at most
// 80 of the reason. A longer one is refused, so that the payer never reads half of it.
const (
	maxRefundReason = 80 // what WeChat takes
	maxRefundNote   = 500
)

// Ask is what staff ask for. Either lines are named (Lines, PrepaidFen), or an amount, or
// neither: then it is all that can go back. If both are given, the amount must be the sum
// of the lines. Amounts are in fen.
type Ask struct {
	OrderNo    string
	AmountFen  models.Fen
	Lines      []billing.PaidShare
	PrepaidFen models.Fen
	BillAfter  string // money.BillsOwed or money.BillsCredited
	Reason     string // the payer reads it at WeChat
	FormKey    string // of the form: sent twice, it asks once
	RetryOf    string // the closed refund that this one stands in for
}

// check returns a refusal of what cannot be right whatever the order is, and trims the
// reason. It reads no database.
func (a *Ask) check() error {
	a.Reason = strings.TrimSpace(a.Reason)
	switch n := utf8.RuneCountInString(a.Reason); {
	case n == 0 || n > maxRefundReason:
		return ErrRefundReason
	case a.BillAfter != money.BillsOwed && a.BillAfter != money.BillsCredited:
		return ErrRefundAfter
	case a.AmountFen < 0 || a.PrepaidFen < 0:
		return ErrRefundAmount
	}
	for _, l := range a.Lines {
		if l.PrincipalFen < 0 || l.LateFeeFen < 0 || l.TotalFen() == 0 {
			return ErrRefundAmount
		}
	}
	return nil
}

// Request asks for a refund of a paid order in the scope of the staff, in full or in part.
// The amount is held from now on, so that no other refund can take it. Bills and
// prepayment stay as they are until another person approves it with [Approve].
//
// A form that is sent again returns the refund that it asked for the first time. Of two
// that arrive at once, the second waits for the lock of the order and then finds the
// refund of the first.
//
// Beside the refusals of the input, Request returns [models.ErrForbidden],
// [models.ErrNotFound] for an order out of scope, those of [RefundableOf],
// [payment.ErrRefundTooMuch] and [ErrRefundTransfer].
func Request(ctx context.Context, s *payment.Service, by office.Staff, ask Ask) (money.Refund, error) {
	if !by.Can(office.PermRefundAsk) {
		return money.Refund{}, models.ErrForbidden
	}
	if err := ask.check(); err != nil {
		return money.Refund{}, err
	}
	var r money.Refund
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		if _, err := money.ScopedOrder(tx, by.Scope(), ask.OrderNo); err != nil {
			return err
		}
		order, err := money.LockOrder(tx, ask.OrderNo)
		if err != nil {
			return err
		}
		if r, err = askedBefore(tx, ask); err == nil || !errors.Is(err, models.ErrNotFound) {
			return err
		}
		free, err := refundable(tx, order, "")
		if err != nil {
			return err
		}
		lines, err := free.choose(tx, ask)
		if err != nil {
			return err
		}
		r = payment.NewRefund(order, free.Payment, lines)
		r.Origin, r.BillAfter, r.Reason, r.RetryOf = money.RefundByStaff, ask.BillAfter, ask.Reason, ask.RetryOf
		if ask.FormKey != "" {
			r.FormKey = &ask.FormKey
		}
		return payment.InsertRefundRequest(tx, by.Actor(), &r, free.Payment, lines)
	})
	return r, err
}

// askedBefore returns the refund of a form that was sent before, or [models.ErrNotFound].
// A form that was sent for another order returns [money.ErrRefundExists].
func askedBefore(tx *store.Tx, ask Ask) (money.Refund, error) {
	if ask.FormKey == "" {
		return money.Refund{}, models.ErrNotFound
	}
	r, err := money.RefundByForm(tx, ask.FormKey)
	if err == nil && r.OrderNo != ask.OrderNo {
		err = money.ErrRefundExists
	}
	return r, err
}
