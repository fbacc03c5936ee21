package refund_test

import (
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// openOn returns the open findings of a day.
func openOn(w *paymenttest.World, day models.Date) (kinds []string) {
	w.T.Helper()
	w.Again(day, w.Reconcile(day))
	for _, f := range w.Findings(day) {
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
	for name, end := range map[string]func(w *paymenttest.World, r money.Refund){
		"on its way": func(*paymenttest.World, money.Refund) {},
		"arrived":    func(w *paymenttest.World, r money.Refund) { w.Finishes(r, sandbox.RefundSuccess) },
		"closed":     func(w *paymenttest.World, r money.Refund) { w.Finishes(r, sandbox.RefundClosed) },
		"abnormal":   func(w *paymenttest.World, r money.Refund) { w.Finishes(r, sandbox.RefundAbnormal) },
		"paid by hand": func(w *paymenttest.World, r money.Refund) {
			w.Finishes(r, sandbox.RefundAbnormal)
			if _, err := refund.SettleByHand(paymenttest.Bg, w.Pay, paymenttest.Approver, r.No, "现金"); err != nil {
				w.T.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t)
			o := w.Home(2).PaidOrder(0, 0, 1)
			end(w, w.Sent(paymenttest.WholeOrder(o)))
			if open := openOn(w, w.NextDay()); len(open) > 0 {
				t.Errorf("open findings: %v", open)
			}
		})
	}
}

// What counts is the day on which WeChat accepted the refund, not the day on which
// it was first sent in vain.
func TestRefundSentOverMidnight(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	o := w.Home(1).PaidOrder(0, 0)
	r := w.Approves(w.Asks(paymenttest.WholeOrder(o)))
	w.Inject(sandbox.Fault{Kind: sandbox.FaultCutBefore, Route: sandbox.RouteRefund, Times: 2})
	if _, err := refund.Follow(paymenttest.Bg, w.Pay, r.No); err == nil {
		t.Fatal("it was sent after all")
	}
	first := w.NextDay()
	w.Finishes(w.Follows(r), sandbox.RefundSuccess)
	second := w.NextDay()
	for _, day := range []models.Date{first, second} {
		if open := openOn(w, day); len(open) > 0 {
			t.Errorf("%s: open findings: %v", day, open)
		}
	}
	w.RefundsAgree()
}

// Where WeChat's reply was lost and only the callback came, the day is not known, and
// that is no difference either.
func TestRefundLearnedByCallbackAlone(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	o := w.Home(1).PaidOrder(0, 0)
	r := w.Approves(w.Asks(paymenttest.WholeOrder(o)))
	w.Inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RouteRefund, Times: 2})
	if _, err := refund.Follow(paymenttest.Bg, w.Pay, r.No); err == nil {
		t.Fatal("its reply arrived")
	}
	w.Clock.Advance(time.Minute)
	w.Finishes(r, sandbox.RefundSuccess)
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundSuccess)
	if open := openOn(w, w.NextDay()); len(open) > 0 {
		t.Errorf("open findings: %v", open)
	}
	w.RefundsAgree()
}
