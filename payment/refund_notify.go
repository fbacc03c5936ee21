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
func (s *Service) notifyRefund(ctx context.Context, m *Merchant, n wechatpay.Notification, seen *models.Evidence) error {
	proof := refundProofOf(m, *n.Refund, models.LearnedByCallback)
	proof.Evidence = seen
	done, err := s.settleRefund(ctx, callbackActor, proof)
	var mismatch *errMismatch
	if errors.As(err, &mismatch) {
		s.count(m.Name, mismatch.reason)
		return s.keep(ctx, models.CallbackEvent{Merchant: m.Name, NotificationID: seen.NotificationID, OrderNo: n.Refund.OutTradeNo, TransactionID: n.Refund.RefundID,
			AmountFen: models.Fen(n.Refund.RefundFen), Reason: mismatch.reason, Detail: mismatch.detail}, seen)
	}
	if err != nil {
		s.count(m.Name, models.VerdictFailed)
		seen.OrderNo, seen.RefundNo, seen.Verdict = n.Refund.OutTradeNo, n.Refund.OutRefundNo, models.VerdictFailed
		s.record(seen)
		return err
	}
	if done == outcomeKnown {
		seen.OrderNo, seen.RefundNo, seen.Verdict = n.Refund.OutTradeNo, n.Refund.OutRefundNo, models.VerdictRepeat
		s.record(seen)
	}
	s.fared(ctx, m.Name)
	s.count(m.Name, done.String())
	return nil
}
