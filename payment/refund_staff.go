package payment

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/payment/wechatpay"
)

// ErrRefundMoving says that WeChat has the refund: it cannot be given up any more.
var ErrRefundMoving = models.Refusal(models.KindConflict, "REFUND_MOVING", "微信支付已受理该退款，不能放弃；请等待结果")

// SettleByHand ends a refund that staff have seen to themselves: one by hand, or an
// abnormal one that was settled at the merchant platform or paid in another way. The
// note says how; it is kept with the name of who did it.
func (s *Service) SettleByHand(ctx context.Context, by models.Staff, no, note string) (models.Refund, error) {
	note, err := noteOf(note, true)
	if err != nil {
		return models.Refund{}, err
	}
	return s.withRefund(ctx, no, func(tx *models.Tx, o *models.Order, r *models.Refund) error {
		if err := mayKeep(tx, by, r); err != nil {
			return err
		}
		hand := r.Channel == models.ChannelHand && r.Status == models.RefundSending
		if !hand && r.Status != models.RefundAbnormal {
			return ErrRefundState
		}
		return s.settleByHand(tx, by, o, r, note)
	})
}

func (s *Service) settleByHand(tx *models.Tx, by models.Staff, o *models.Order, r *models.Refund, note string) error {
	lines, err := tx.RefundLines(r.No)
	if err != nil {
		return err
	}
	from := models.AccountByHand
	if r.Channel == models.ChannelWechat { // WeChat has taken it from the merchant's balance all the same
		from = models.AccountWechat
	}
	if err := spendRefund(tx, r, lines, from); err != nil {
		return err
	}
	if r.PaymentID != "" {
		if err := tx.CountRefunded(r); err != nil {
			return err
		}
	}
	was := r.Status
	r.Status, r.Source, r.HandName, r.HandNote = models.RefundSuccess, models.LearnedByStaff, by.Name, note
	r.DoneAt, r.DoneOn, r.BookedAt = tx.Now, tx.Today(), tx.Now
	if err := tx.SaveRefund(was, r); err != nil {
		return err
	}
	if r.OrderNo != "" {
		if err := tx.OrderRefundState(o); err != nil {
			return err
		}
	}
	if err := tx.Audit(by.Actor(), "refund.by_hand", "refund", r.No, map[string]string{"note": note}); err != nil {
		return err
	}
	return s.toldRefunded(tx, by.Actor(), r)
}

func mayKeep(tx *models.Tx, by models.Staff, r *models.Refund) error {
	if !MayKeepRefund(by.Role) {
		return models.ErrForbidden
	}
	_, err := tx.ScopedRefund(by.Scope(), r.No)
	return err
}

// GiveUpRefund ends a refund that WeChat has not taken (its balance does not suffice,
// say), or one by hand that will not be paid. WeChat is asked first: what it has
// taken gives [ErrRefundMoving], and what it has to say is booked.
func (s *Service) GiveUpRefund(ctx context.Context, by models.Staff, no, note string) (models.Refund, error) {
	note, err := noteOf(note, true)
	if err != nil {
		return models.Refund{}, err
	}
	view := s.db.View(ctx)
	r, err := view.RefundByNo(no)
	if err != nil {
		return r, err
	}
	if err := mayKeep(view, by, &r); err != nil {
		return r, err
	}
	if r.Status != models.RefundSending {
		return r, ErrRefundState
	}
	if r.Channel == models.ChannelWechat && !r.SentAt.IsZero() {
		if err := s.notAtWechat(ctx, r); err != nil {
			return r, err
		}
	}
	sentAt := r.SentAt
	return s.withRefund(ctx, no, func(tx *models.Tx, o *models.Order, r *models.Refund) error {
		if r.Status != models.RefundSending || r.SentAt != sentAt {
			return ErrRefundState
		}
		r.HandName, r.HandNote = by.Name, note
		_, err := refundCloses(tx, by.Actor(), o, r, refundProof{}, "GIVEN_UP")
		return err
	})
}

// notAtWechat makes sure that WeChat does not have a refund.
func (s *Service) notAtWechat(ctx context.Context, r models.Refund) error {
	m, err := s.merchant(r.Merchant)
	if err != nil {
		return err
	}
	got, seen, err := queryRefund(ctx, m, r)
	switch {
	case errors.Is(err, wechatpay.ErrRefundNotExist):
		return nil
	case err != nil:
		return ErrUnavailable.Because(err)
	}
	if err := s.settleAskedRefund(ctx, m, r, got, seen); err != nil {
		return err
	}
	return ErrRefundMoving
}
