package refund

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

var refundActor = models.SystemActor("refunds")

// faultMismatch says that WeChat's word about a refund does not fit it.
const faultMismatch = "MISMATCH"

// Follow does the next thing for a refund that is under way: it sends it, with
// the same number and the same parameters every time, or asks WeChat what became of
// it. A refund that is not under way comes back as it is. WeChat out of reach gives
// [payment.ErrUnavailable] and changes nothing.
func Follow(ctx context.Context, s *payment.Service, no string) (money.Refund, error) {
	r, err := money.RefundByNo(s.DB.View(ctx), no)
	if err != nil || !r.UnderWay() && !r.Doubtful() || r.Channel != money.ChannelWechat {
		return r, err
	}
	m, err := s.Merchant(r.Merchant)
	if err != nil {
		return r, err
	}
	if r.Status == money.RefundSending {
		err = send(ctx, s, m, r)
	} else {
		err = askRefund(ctx, s, m, r)
	}
	if err != nil {
		return r, err
	}
	ctx, cancel := payment.BookingContext(ctx)
	defer cancel()
	return money.RefundByNo(s.DB.View(ctx), no)
}

// send asks WeChat for the refund as it is stored. After an outcome that is not known
// the very same is sent once more.
func send(ctx context.Context, s *payment.Service, m *payment.Merchant, r money.Refund) error {
	var sent wechatpay.RefundRequest
	if err := json.Unmarshal([]byte(r.Request), &sent); err != nil {
		return err
	}
	if r.SentAt.IsZero() {
		mine, err := claimSlot(ctx, s, &r)
		if err != nil {
			return err
		}
		if !mine { // another of the order was sent within the minute
			return postponeRefund(ctx, s, r, "FREQUENCY_LIMITED", money.RefundPause+time.Second)
		}
	}
	var said wechatpay.Reply
	capture := wechatpay.Capture(ctx, &said)
	got, err := m.Client.Refund(capture, sent)
	if errors.Is(err, wechatpay.ErrUnknown) && ctx.Err() == nil {
		got, err = m.Client.Refund(capture, sent)
	}
	return learnRefund(ctx, s, m, r, got, payment.ReplyEvidence(proof.EvidenceRefund, r.Merchant, r.OrderNo, said, ""), err)
}

func claimSlot(ctx context.Context, s *payment.Service, r *money.Refund) (mine bool, err error) {
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		if _, err := money.LockOrder(tx, r.OrderNo); err != nil {
			return err
		}
		mine, err = money.ClaimRefundSlot(tx, r)
		return err
	})
	return mine, err
}

// askRefund asks WeChat what became of a refund that it has taken.
func askRefund(ctx context.Context, s *payment.Service, m *payment.Merchant, r money.Refund) error {
	got, seen, err := queryRefund(ctx, m, r)
	if errors.Is(err, wechatpay.ErrRefundNotExist) && r.Status == money.RefundClosed {
		return s.DB.Write(ctx, func(tx *store.Tx) error { return money.ConfirmRefundClosed(tx, r.No) })
	}
	if errors.Is(err, wechatpay.ErrRefundNotExist) {
		// It had it. What has been taken does not vanish: staff see that it is stuck.
		return postponeRefund(ctx, s, r, "RESOURCE_NOT_EXISTS", time.Hour)
	}
	return learnRefund(ctx, s, m, r, got, seen, err)
}

// queryRefund asks WeChat about a refund and returns its reply as evidence, too.
func queryRefund(ctx context.Context, m *payment.Merchant, r money.Refund) (wechatpay.Refund, *proof.Evidence, error) {
	var said wechatpay.Reply
	got, err := m.Client.QueryRefund(wechatpay.Capture(ctx, &said), r.No)
	return got, payment.ReplyEvidence(proof.EvidenceRefundQuery, r.Merchant, r.OrderNo, said, ""), err
}

// learnRefund does what WeChat's answer about a refund asks for.
func learnRefund(ctx context.Context, s *payment.Service, m *payment.Merchant, r money.Refund, got wechatpay.Refund,
	seen *proof.Evidence, err error) error {
	switch {
	case err == nil:
		return settleAskedRefund(ctx, s, m, r, got, seen)
	case errors.Is(err, wechatpay.ErrUnknown):
		return refundUnanswered(ctx, s, r, "UNKNOWN", err)
	case errors.Is(err, wechatpay.ErrRateLimited):
		return postponeRefund(ctx, s, r, faultOf(err), money.RefundPause+time.Second)
	case mayPass(err):
		s.Log.WarnContext(ctx, "refund refused for now", "refund", r.No, "err", err)
		return postponeRefund(ctx, s, r, faultOf(err), 10*time.Minute)
	}
	s.Log.WarnContext(ctx, "refund refused", "refund", r.No, "err", err)
	return refusedForGood(ctx, s, m, r, faultOf(err))
}

// mayPass reports whether a refusal ends by itself or by what finance does: the
// merchant's balance does not suffice, or WeChat does not know our keys.
func mayPass(err error) bool {
	switch faultOf(err) {
	case "NOT_ENOUGH", "NO_AUTH", "SIGN_ERROR", "ACCOUNT_ERROR", "MCH_NOT_EXISTS":
		return true
	}
	return false
}

// faultOf is WeChat's code, else what kind of failure it was.
func faultOf(err error) string {
	var e *wechatpay.Error
	if !errors.As(err, &e) {
		return "UNKNOWN"
	}
	if e.Code != "" {
		return payment.CleanToken(e.Code)
	}
	return "REFUSED"
}

// refusedForGood ends a refund that WeChat refuses, once it has said that it does not
// have it: an earlier try may have arrived after all.
func refusedForGood(ctx context.Context, s *payment.Service, m *payment.Merchant, r money.Refund, fault string) error {
	got, seen, err := queryRefund(ctx, m, r)
	switch {
	case err == nil:
		return settleAskedRefund(ctx, s, m, r, got, seen)
	case !errors.Is(err, wechatpay.ErrRefundNotExist):
		return refundUnanswered(ctx, s, r, fault, err)
	}
	ctx, cancel := payment.BookingContext(ctx)
	defer cancel()
	_, err = withRefund(ctx, s, r.No, func(tx *store.Tx, o *money.Order, now *money.Refund) error {
		if now.Status != money.RefundSending { // learned otherwise meanwhile
			return nil
		}
		_, err := payment.CloseRefund(tx, refundActor, o, now, payment.RefundProof{}, fault)
		return err
	})
	return err
}

// settleAskedRefund books what WeChat has answered. What does not fit is kept once
// for staff to see, and the refund is asked about again later.
func settleAskedRefund(ctx context.Context, s *payment.Service, m *payment.Merchant, r money.Refund,
	got wechatpay.Refund, seen *proof.Evidence) error {
	ctx, cancel := payment.BookingContext(ctx)
	defer cancel()
	payProof := payment.RefundProofOf(m, got, money.LearnedByQuery)
	payProof.Evidence = seen
	done, err := s.SettleRefund(ctx, refundActor, payProof)
	var mismatch *payment.ErrMismatch
	if errors.As(err, &mismatch) {
		err = s.StoreUnmatched(ctx, proof.CallbackEvent{
			Merchant: m.Name, NotificationID: "refund:" + r.No + ":" + payment.CleanToken(got.Status), OrderNo: r.OrderNo,
			TransactionID: got.RefundID, AmountFen: models.Fen(got.RefundFen), Reason: mismatch.Reason, Detail: mismatch.Detail,
		}, seen)
		if !errors.Is(err, payment.ErrNotBooked) {
			return err
		}
		return postponeRefund(ctx, s, r, faultMismatch, time.Hour)
	}
	if err == nil && done == payment.OutcomeUnchanged {
		return postponeRefund(ctx, s, r, r.Fault, 0)
	}
	return err
}

// refundUnanswered notes when to ask again, and returns [payment.ErrUnavailable].
func refundUnanswered(ctx context.Context, s *payment.Service, r money.Refund, fault string, cause error) error {
	if err := postponeRefund(ctx, s, r, fault, 0); err != nil {
		return err
	}
	return payment.ErrUnavailable.Because(cause)
}

// postponeRefund notes when to do the next thing for a refund, and why it waits; 0 is
// at the usual interval.
func postponeRefund(ctx context.Context, s *payment.Service, r money.Refund, fault string, wait time.Duration) error {
	ctx, cancel := payment.BookingContext(ctx)
	defer cancel()
	next := payment.NextRefundCheck(r)
	if wait > 0 {
		next = models.At(models.RealNow().Add(wait))
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error { return money.PostponeRefund(tx, r.No, fault, next) })
}
