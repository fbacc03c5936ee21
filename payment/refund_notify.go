package payment

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/payment/wechatpay"
)

// notifyRefund takes a notification about a refund, whose signature has been checked:
// nil once what it says is durably booked or known. What does not fit a refund of
// ours books nothing and is kept once for staff.
func (s *Service) notifyRefund(ctx context.Context, m *Merchant, n wechatpay.Notification, id string) error {
	done, err := s.settleRefund(ctx, callbackActor, refundProofOf(m, *n.Refund, models.LearnedByCallback))
	var mismatch *errMismatch
	if errors.As(err, &mismatch) {
		s.count(m.Name, mismatch.reason)
		return s.keep(ctx, models.CallbackEvent{Merchant: m.Name, NotificationID: id, OrderNo: n.Refund.OutTradeNo, TransactionID: n.Refund.RefundID,
			AmountFen: models.Fen(n.Refund.RefundFen), Reason: mismatch.reason, Detail: mismatch.detail})
	}
	if err != nil {
		s.count(m.Name, "failed")
		return err
	}
	s.count(m.Name, map[outcome]string{outcomeRefunded: "refunded", outcomeMoved: "refund_moved", outcomeKnown: "repeat"}[done])
	return nil
}
