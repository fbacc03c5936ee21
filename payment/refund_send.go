package payment

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

var refundActor = models.SystemActor("refunds")

// closedRefundRecheck is when a refund that was closed here without WeChat's word is
// asked about once more.
const closedRefundRecheck = 5 * time.Minute

// faultMismatch says that WeChat's word about a refund does not fit it.
const faultMismatch = "MISMATCH"

// FollowRefund does the next thing for a refund that is under way: it sends it, with
// the same number and the same parameters every time, or asks WeChat what became of
// it. A refund that is not under way comes back as it is. WeChat out of reach gives
// [ErrUnavailable] and changes nothing.
func (s *Service) FollowRefund(ctx context.Context, no string) (money.Refund, error) {
	r, err := money.RefundByNo(s.db.View(ctx), no)
	if err != nil || !r.UnderWay() && !r.Doubtful() || r.Channel != money.ChannelWechat {
		return r, err
	}
	m, err := s.merchant(r.Merchant)
	if err != nil {
		return r, err
	}
	if r.Status == money.RefundSending {
		err = s.send(ctx, m, r)
	} else {
		err = s.askRefund(ctx, m, r)
	}
	if err != nil {
		return r, err
	}
	ctx, cancel := toBook(ctx)
	defer cancel()
	return money.RefundByNo(s.db.View(ctx), no)
}

// send asks WeChat for the refund as it is stored. After an outcome that is not known
// the very same is sent once more.
func (s *Service) send(ctx context.Context, m *Merchant, r money.Refund) error {
	var sent wechatpay.RefundRequest
	if err := json.Unmarshal([]byte(r.Request), &sent); err != nil {
		return err
	}
	if r.SentAt.IsZero() {
		mine, err := s.claimSlot(ctx, &r)
		if err != nil {
			return err
		}
		if !mine { // another of the order was sent within the minute
			return s.postponeRefund(ctx, r, "FREQUENCY_LIMITED", money.RefundPause+time.Second)
		}
	}
	var said wechatpay.Reply
	capture := wechatpay.Capture(ctx, &said)
	got, err := m.Client.Refund(capture, sent)
	if errors.Is(err, wechatpay.ErrUnknown) && ctx.Err() == nil {
		got, err = m.Client.Refund(capture, sent)
	}
	return s.learnRefund(ctx, m, r, got, replyEvidence(proof.EvidenceRefund, r.Merchant, r.OrderNo, said, ""), err)
}

func (s *Service) claimSlot(ctx context.Context, r *money.Refund) (mine bool, err error) {
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := money.LockOrder(tx, r.OrderNo); err != nil {
			return err
		}
		mine, err = money.ClaimRefundSlot(tx, r)
		return err
	})
	return mine, err
}

// askRefund asks WeChat what became of a refund that it has taken.
func (s *Service) askRefund(ctx context.Context, m *Merchant, r money.Refund) error {
	got, seen, err := queryRefund(ctx, m, r)
	if errors.Is(err, wechatpay.ErrRefundNotExist) && r.Status == money.RefundClosed {
		return s.db.Write(ctx, func(tx *store.Tx) error { return money.ConfirmRefundClosed(tx, r.No) })
	}
	if errors.Is(err, wechatpay.ErrRefundNotExist) {
		// It had it. What has been taken does not vanish: staff see that it is stuck.
		return s.postponeRefund(ctx, r, "RESOURCE_NOT_EXISTS", time.Hour)
	}
	return s.learnRefund(ctx, m, r, got, seen, err)
}

// queryRefund asks WeChat about a refund and gives its reply as evidence, too.
func queryRefund(ctx context.Context, m *Merchant, r money.Refund) (wechatpay.Refund, *proof.Evidence, error) {
	var said wechatpay.Reply
	got, err := m.Client.QueryRefund(wechatpay.Capture(ctx, &said), r.No)
	return got, replyEvidence(proof.EvidenceRefundQuery, r.Merchant, r.OrderNo, said, ""), err
}

// learnRefund does what WeChat's answer about a refund asks for.
func (s *Service) learnRefund(ctx context.Context, m *Merchant, r money.Refund, got wechatpay.Refund, seen *proof.Evidence, err error) error {
	switch {
	case err == nil:
		return s.settleAskedRefund(ctx, m, r, got, seen)
	case errors.Is(err, wechatpay.ErrUnknown):
		return s.refundUnanswered(ctx, r, "UNKNOWN", err)
	case errors.Is(err, wechatpay.ErrRateLimited):
		return s.postponeRefund(ctx, r, faultOf(err), money.RefundPause+time.Second)
	case mayPass(err):
		s.log.WarnContext(ctx, "refund refused for now", "refund", r.No, "err", err)
		return s.postponeRefund(ctx, r, faultOf(err), 10*time.Minute)
	}
	s.log.WarnContext(ctx, "refund refused", "refund", r.No, "err", err)
	return s.refusedForGood(ctx, m, r, faultOf(err))
}

// mayPass tells whether a refusal ends by itself or by what finance does: the
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
		return token(e.Code)
	}
	return "REFUSED"
}

// refusedForGood ends a refund that WeChat refuses, once it has said that it does not
// have it: an earlier try may have arrived after all.
func (s *Service) refusedForGood(ctx context.Context, m *Merchant, r money.Refund, fault string) error {
	got, seen, err := queryRefund(ctx, m, r)
	switch {
	case err == nil:
		return s.settleAskedRefund(ctx, m, r, got, seen)
	case !errors.Is(err, wechatpay.ErrRefundNotExist):
		return s.refundUnanswered(ctx, r, fault, err)
	}
	ctx, cancel := toBook(ctx)
	defer cancel()
	_, err = s.withRefund(ctx, r.No, func(tx *store.Tx, o *money.Order, now *money.Refund) error {
		if now.Status != money.RefundSending { // learned otherwise meanwhile
			return nil
		}
		_, err := refundCloses(tx, refundActor, o, now, refundProof{}, fault)
		return err
	})
	return err
}

// settleAskedRefund books what WeChat has answered. What does not fit is kept once
// for staff to see, and the refund is asked about again later.
func (s *Service) settleAskedRefund(ctx context.Context, m *Merchant, r money.Refund, got wechatpay.Refund, seen *proof.Evidence) error {
	ctx, cancel := toBook(ctx)
	defer cancel()
	payProof := refundProofOf(m, got, money.LearnedByQuery)
	payProof.Evidence = seen
	done, err := s.settleRefund(ctx, refundActor, payProof)
	var mismatch *errMismatch
	if errors.As(err, &mismatch) {
		err = s.keep(ctx, proof.CallbackEvent{Merchant: m.Name, NotificationID: "refund:" + r.No + ":" + token(got.Status), OrderNo: r.OrderNo, TransactionID: got.RefundID,
			AmountFen: models.Fen(got.RefundFen), Reason: mismatch.reason, Detail: mismatch.detail}, seen)
		if !errors.Is(err, ErrNotBooked) {
			return err
		}
		return s.postponeRefund(ctx, r, faultMismatch, time.Hour)
	}
	if err == nil && done == outcomeKnown {
		return s.postponeRefund(ctx, r, r.Fault, 0)
	}
	return err
}

// refundUnanswered notes when to ask again, and gives [ErrUnavailable].
func (s *Service) refundUnanswered(ctx context.Context, r money.Refund, fault string, cause error) error {
	if err := s.postponeRefund(ctx, r, fault, 0); err != nil {
		return err
	}
	return ErrUnavailable.Because(cause)
}

// postponeRefund notes when to do the next thing for a refund, and why it waits; 0 is
// at the usual interval.
func (s *Service) postponeRefund(ctx context.Context, r money.Refund, fault string, wait time.Duration) error {
	ctx, cancel := toBook(ctx)
	defer cancel()
	next := nextRefundCheck(r)
	if wait > 0 {
		next = models.At(models.RealNow().Add(wait))
	}
	return s.db.Write(ctx, func(tx *store.Tx) error { return money.PostponeRefund(tx, r.No, fault, next) })
}

// nextRefundCheck is when to do the next thing for a refund, in real time: what is
// not sent yet soon, what WeChat works on every minute and then less often, as bank
// cards take days, and what waits for staff a few times a day.
func nextRefundCheck(r money.Refund) models.Time {
	wait := min(15*time.Second<<min(r.Checks, 6), 10*time.Minute)
	switch r.Status {
	case money.RefundProcessing:
		wait = min(time.Minute<<min(max(0, r.Checks-10), 6), time.Hour)
	case money.RefundAbnormal:
		wait = 6 * time.Hour
	case money.RefundClosed:
		wait = closedRefundRecheck
	}
	return models.At(models.RealNow().Add(wait))
}
