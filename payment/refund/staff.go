package refund

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// ErrRefundMoving means that WeChat has accepted the refund: it cannot be given up any
// more.
var ErrRefundMoving = models.Refusal(models.KindConflict, "REFUND_MOVING", "微信支付已受理该退款，不能放弃；请等待结果")

// SettleByHand records as successful a refund that staff have paid themselves: one by
// hand, or an abnormal one that was settled at the merchant platform or paid in another
// way. The note is required and says how; it is kept with the name of the member of staff.
//
// A refund that WeChat is still processing returns [ErrRefundState]: it may yet reach the
// payer, who would be paid twice. An abnormal one keeps its amount held until this call,
// or until WeChat reports that it succeeded or was closed. A success that WeChat reports
// after this call is not booked again.
func SettleByHand(ctx context.Context, s *payment.Service, by office.Staff, no, note string) (money.Refund, error) {
	note, err := noteOf(note, true)
	if err != nil {
		return money.Refund{}, err
	}
	return withRefund(ctx, s, no, func(tx *store.Tx, o *money.Order, r *money.Refund) error {
		if err := mayKeep(tx, by, r); err != nil {
			return err
		}
		hand := r.Channel == money.ChannelHand && r.Status == money.RefundSending
		if !hand && r.Status != money.RefundAbnormal {
			return ErrRefundState
		}
		return settleByHand(s, tx, by, o, r, note)
	})
}

// settleByHand books the success as [payment.Service.SettleRefund] does: bills and
// journal, then the payment's sums, then the refund's row, and last the state of the
// order, which is computed from that row. The day of success is today in Asia/Shanghai.
//
// The money of a refund by hand leaves from [money.AccountByHand]. Such a refund has no
// payment and no order to update.
func settleByHand(s *payment.Service, tx *store.Tx, by office.Staff, o *money.Order, r *money.Refund, note string) error {
	lines, err := money.RefundLines(tx, r.No)
	if err != nil {
		return err
	}
	from := money.AccountByHand
	if r.Channel == money.ChannelWechat { // WeChat has taken it from the merchant's balance all the same
		from = money.AccountWechat
	}
	if err := payment.SpendRefund(tx, r, lines, from); err != nil {
		return err
	}
	if r.PaymentID != "" {
		if err := money.CountRefunded(tx, r); err != nil {
			return err
		}
	}
	was := r.Status
	r.Status, r.Source, r.HandName, r.HandNote = money.RefundSuccess, money.LearnedByStaff, by.Name, note
	r.DoneAt, r.DoneOn, r.BookedAt = tx.Now, tx.Today(), tx.Now
	if err := money.SaveRefund(tx, was, r); err != nil {
		return err
	}
	if r.OrderNo != "" {
		if err := money.OrderRefundState(tx, o); err != nil {
			return err
		}
	}
	if err := office.Audit(tx, by.Actor(), "refund.by_hand", "refund", r.No, map[string]string{"note": note}); err != nil {
		return err
	}
	return s.FinishRefund(tx, by.Actor(), r)
}

// mayKeep returns nil if the member of staff may settle or give up the refund. A refund
// outside the scope returns [models.ErrNotFound].
func mayKeep(tx *store.Tx, by office.Staff, r *money.Refund) error {
	if !by.Can(office.PermRefundKeep) {
		return models.ErrForbidden
	}
	_, err := money.ScopedRefund(tx, by.Scope(), r.No)
	return err
}

// GiveUp closes a refund that WeChat has not accepted, for example because the merchant's
// balance is too low, or one by hand that will not be paid. Its amount can be refunded
// again, and its prepayment returns to the room.
//
// If the refund was ever sent, WeChat is asked first. If WeChat has it, its answer is
// booked, and GiveUp returns [ErrRefundMoving]. If WeChat does not answer, GiveUp returns
// [payment.ErrUnavailable] and closes nothing.
//
// WeChat is asked without a lock. If the refund has moved or was sent for the first time
// meanwhile, GiveUp returns [ErrRefundState]. A call that another process repeats may
// still arrive after WeChat has answered that it does not have the refund. Therefore
// WeChat is asked once more five minutes later, and what it has then is booked.
func GiveUp(ctx context.Context, s *payment.Service, by office.Staff, no, note string) (money.Refund, error) {
	note, err := noteOf(note, true)
	if err != nil {
		return money.Refund{}, err
	}
	view := s.DB.View(ctx)
	r, err := money.RefundByNo(view, no)
	if err != nil {
		return r, err
	}
	if err := mayKeep(view, by, &r); err != nil {
		return r, err
	}
	if r.Status != money.RefundSending {
		return r, ErrRefundState
	}
	if r.Channel == money.ChannelWechat && !r.SentAt.IsZero() {
		if err := notAtWechat(ctx, s, r); err != nil {
			return r, err
		}
	}
	sentAt := r.SentAt
	return withRefund(ctx, s, no, func(tx *store.Tx, o *money.Order, r *money.Refund) error {
		if r.Status != money.RefundSending || r.SentAt != sentAt {
			return ErrRefundState
		}
		r.HandName, r.HandNote = by.Name, note
		_, err := payment.CloseRefund(tx, by.Actor(), o, r, payment.RefundProof{}, "GIVEN_UP")
		return err
	})
}

// notAtWechat returns nil only if WeChat says that it does not have the refund.
func notAtWechat(ctx context.Context, s *payment.Service, r money.Refund) error {
	m, err := s.Merchant(r.Merchant)
	if err != nil {
		return err
	}
	got, seen, err := queryRefund(ctx, m, r)
	switch {
	case errors.Is(err, wechatpay.ErrRefundNotExist):
		return nil
	case err != nil:
		return payment.ErrUnavailable.Because(err)
	}
	if err := settleAskedRefund(ctx, s, m, r, got, seen); err != nil {
		return err
	}
	return ErrRefundMoving
}
