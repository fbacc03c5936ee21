package payment

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/payment/wechatpay"
)

// notifyRefund takes a notification about a refund, whose signature was
// verified. It returns nil once the news is durably booked or was known. A
// notification that does not match a refund books nothing and is stored once
// for staff.
func (s *Service) notifyRefund(ctx context.Context, m *Merchant, n wechatpay.Notification, seen *proof.Evidence) error {
	payProof := RefundProofOf(m, *n.Refund, money.LearnedByCallback)
	payProof.Evidence = seen
	done, err := s.SettleRefund(ctx, callbackActor, payProof)
	var mismatch *ErrMismatch
	if errors.As(err, &mismatch) && mismatch.Reason == proof.EventUnknownOrder {
		if foreign, err := s.foreignRefund(ctx, m, n.Refund.OutTradeNo); err != nil {
			return err
		} else if foreign {
			return s.storeHarmless(ctx, proof.CallbackEvent{
				Merchant: m.Name, NotificationID: seen.NotificationID, OrderNo: n.Refund.OutTradeNo, TransactionID: n.Refund.RefundID,
				AmountFen: models.Fen(n.Refund.RefundFen), Reason: proof.EventForeign, Detail: n.EventType,
			}, seen)
		}
	}
	if errors.As(err, &mismatch) {
		s.count(m.Name, mismatch.Reason)
		return s.StoreUnmatched(ctx, proof.CallbackEvent{
			Merchant: m.Name, NotificationID: seen.NotificationID, OrderNo: n.Refund.OutTradeNo, TransactionID: n.Refund.RefundID,
			AmountFen: models.Fen(n.Refund.RefundFen), Reason: mismatch.Reason, Detail: mismatch.Detail,
		}, seen)
	}
	if err != nil {
		s.count(m.Name, proof.VerdictFailed)
		seen.OrderNo, seen.RefundNo, seen.Verdict = n.Refund.OutTradeNo, n.Refund.OutRefundNo, proof.VerdictFailed
		s.record(seen)
		return err
	}
	if done == OutcomeUnchanged {
		seen.OrderNo, seen.RefundNo, seen.Verdict = n.Refund.OutTradeNo, n.Refund.OutRefundNo, proof.VerdictRepeat
		s.record(seen)
	}
	s.noteSuccess(ctx, m.Name)
	s.count(m.Name, done.String())
	return nil
}
