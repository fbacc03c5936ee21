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

// refundActor is the author of what WeChat's answers change: no person decides it.
var refundActor = models.SystemActor("refunds")

// faultMismatch is the fault of a refund that WeChat's answer does not match.
const faultMismatch = "MISMATCH"

// Follow takes the next step for a refund that is under way, and returns the refund
// afterwards. It sends the refund, with the same number and the same parameters every
// time, so that WeChat pays once however often it is sent; or it asks WeChat what became
// of it. It does the latter, too, for a refund that was closed here without WeChat's
// confirmation. Any other refund, such as one by hand, is returned as it is.
//
// If WeChat does not answer, Follow returns [payment.ErrUnavailable]: the state stays, and
// the next try is noted. A refusal that may pass is no error. It is in the refund's Fault.
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

// send requests the refund from WeChat as it is stored. If the outcome is unknown, it
// sends the same once more at once; after that a later sweep does.
//
// The first time needs a slot, because WeChat wants a minute between the refunds of an
// order. The slot is committed before the call: after a crash in between, SentAt says that
// WeChat may have the refund, and [GiveUp] asks it.
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

// claimSlot reports whether the refund may be sent for the first time now. Of two
// processes that send it at once, only one gets the slot.
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

// askRefund asks WeChat what became of a refund that it has accepted, or that was closed
// here. If WeChat does not know a closed one, nothing is on its way any more, and it is
// not asked about again.
func askRefund(ctx context.Context, s *payment.Service, m *payment.Merchant, r money.Refund) error {
	got, seen, err := queryRefund(ctx, m, r)
	if errors.Is(err, wechatpay.ErrRefundNotExist) && r.Status == money.RefundClosed {
		return s.DB.Write(ctx, func(tx *store.Tx) error { return money.ConfirmRefundClosed(tx, r.No) })
	}
	if errors.Is(err, wechatpay.ErrRefundNotExist) {
		// WeChat had accepted it, and that does not vanish: staff see that it is stuck.
		return postponeRefund(ctx, s, r, "RESOURCE_NOT_EXISTS", time.Hour)
	}
	return learnRefund(ctx, s, m, r, got, seen, err)
}

// queryRefund asks WeChat about a refund, and also returns the reply as evidence, which is
// stored with the change that it causes.
func queryRefund(ctx context.Context, m *payment.Merchant, r money.Refund) (wechatpay.Refund, *proof.Evidence, error) {
	var said wechatpay.Reply
	got, err := m.Client.QueryRefund(wechatpay.Capture(ctx, &said), r.No)
	return got, payment.ReplyEvidence(proof.EvidenceRefundQuery, r.Merchant, r.OrderNo, said, ""), err
}

// learnRefund does what WeChat's answer about a refund requires. An unknown outcome is an
// error for the caller; a refusal is not. One that may pass sets the next try: after a
// minute for the frequency, after ten for what staff have to put right. Any other refusal
// is final.
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

// mayPass reports whether the same refund may succeed later, once finance has topped up
// the merchant's balance, or the merchant's keys, permissions or account are put right.
func mayPass(err error) bool {
	switch faultOf(err) {
	case "NOT_ENOUGH", "NO_AUTH", "SIGN_ERROR", "ACCOUNT_ERROR", "MCH_NOT_EXISTS":
		return true
	}
	return false
}

// faultOf returns WeChat's code; without one, REFUSED for an error of package wechatpay
// and UNKNOWN for any other.
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

// refusedForGood closes a refund that WeChat refuses, but only after WeChat has confirmed
// that it does not have it: an earlier try may have arrived after all, and closing lets
// the amount be refunded a second time. If WeChat has it, its state is booked instead.
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

// settleAskedRefund books what WeChat has answered. An answer that does not match the
// refund books nothing. It is kept once for staff, by refund and state, and the refund is
// asked about again an hour later. Booking has time of its own, so that an answer is not
// lost when the call has used up that of the request.
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

// refundUnanswered notes when to ask again, at the usual interval, and returns
// [payment.ErrUnavailable] with its cause.
func refundUnanswered(ctx context.Context, s *payment.Service, r money.Refund, fault string, cause error) error {
	if err := postponeRefund(ctx, s, r, fault, 0); err != nil {
		return err
	}
	return payment.ErrUnavailable.Because(cause)
}

// postponeRefund notes when to take the next step for a refund, and why it waits. A wait
// of 0 means the interval of [payment.NextRefundCheck]. Times are real ones, because
// WeChat does not follow a business clock that is set.
func postponeRefund(ctx context.Context, s *payment.Service, r money.Refund, fault string, wait time.Duration) error {
	ctx, cancel := payment.BookingContext(ctx)
	defer cancel()
	next := payment.NextRefundCheck(r)
	if wait > 0 {
		next = models.At(models.RealNow().Add(wait))
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error { return money.PostponeRefund(tx, r.No, r.Status, fault, next) })
}
