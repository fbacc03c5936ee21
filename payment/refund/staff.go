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

// ErrRefundMoving says that WeChat has the refund: it cannot be given up any more.
var ErrRefundMoving = models.Refusal(models.KindConflict, "REFUND_MOVING", "微信支付已受理该退款，不能放弃；请等待结果")

// SettleByHand ends a refund that staff have seen to themselves: one by hand, or an
// abnormal one that was settled at the merchant platform or paid in another way. The
// note says how; it is kept with the name of who did it.
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

func mayKeep(tx *store.Tx, by office.Staff, r *money.Refund) error {
	if !by.Can(office.PermRefundKeep) {
		return models.ErrForbidden
	}
	_, err := money.ScopedRefund(tx, by.Scope(), r.No)
	return err
}

// GiveUp ends a refund that WeChat has not taken (its balance does not suffice,
// say), or one by hand that will not be paid. WeChat is asked first: what it has
// taken returns [ErrRefundMoving], and what it has to say is booked.
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

// notAtWechat makes sure that WeChat does not have a refund.
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
