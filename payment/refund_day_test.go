package payment_test

import (
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/sandbox"
)

// openOn gives the open findings of a day.
func (w *world) openOn(day models.Date) (kinds []string) {
	w.t.Helper()
	w.again(day, w.reconcile(day))
	for _, f := range w.findings(day) {
		if f.Resolution == proof.ResolutionOpen {
			kinds = append(kinds, f.Kind)
		}
	}
	return kinds
}

// A refund of ours is no difference in the bill of the day on which WeChat accepted
// it, however it went on and however we learned of it.
func TestRefundsAreNoDifference(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world, r money.Refund){
		"on its way": func(*world, money.Refund) {},
		"arrived":    func(w *world, r money.Refund) { w.finishes(r, sandbox.RefundSuccess) },
		"closed":     func(w *world, r money.Refund) { w.finishes(r, sandbox.RefundClosed) },
		"abnormal":   func(w *world, r money.Refund) { w.finishes(r, sandbox.RefundAbnormal) },
		"paid by hand": func(w *world, r money.Refund) {
			w.finishes(r, sandbox.RefundAbnormal)
			if _, err := w.pay.SettleByHand(bg, approver, r.No, "现金"); err != nil {
				w.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.home(2).paidOrder(0, 0, 1)
			end(w, w.sent(wholeOrder(o)))
			if open := w.openOn(w.nextDay()); len(open) > 0 {
				t.Errorf("open findings: %v", open)
			}
		})
	}
}

// What counts is the day on which WeChat accepted the refund, not the day on which
// it was first sent in vain.
func TestRefundSentOverMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.home(1).paidOrder(0, 0)
	r := w.approves(w.asks(wholeOrder(o)))
	w.inject(sandbox.Fault{Kind: sandbox.FaultCutBefore, Route: sandbox.RouteRefund, Times: 2})
	if _, err := w.pay.FollowRefund(bg, r.No); err == nil {
		t.Fatal("it was sent after all")
	}
	first := w.nextDay()
	w.finishes(w.follows(r), sandbox.RefundSuccess)
	second := w.nextDay()
	for _, day := range []models.Date{first, second} {
		if open := w.openOn(day); len(open) > 0 {
			t.Errorf("%s: open findings: %v", day, open)
		}
	}
	w.refundsAgree()
}

// Where WeChat's reply was lost and only the callback came, the day is not known, and
// that is no difference either.
func TestRefundLearnedByCallbackAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.home(1).paidOrder(0, 0)
	r := w.approves(w.asks(wholeOrder(o)))
	w.inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RouteRefund, Times: 2})
	if _, err := w.pay.FollowRefund(bg, r.No); err == nil {
		t.Fatal("its reply arrived")
	}
	w.clock.Advance(time.Minute)
	w.finishes(r, sandbox.RefundSuccess)
	wantRefund(t, w.refundNow(r.No), money.RefundSuccess)
	if open := w.openOn(w.nextDay()); len(open) > 0 {
		t.Errorf("open findings: %v", open)
	}
	w.refundsAgree()
}
