package refund_test

import (
	"net/http"
	"sync"
	"testing"

	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// WeChat repeats the payment's callback while the payment is on its way back, and the
// refund's while it is booked, to two processes on one database: each is booked once.
func TestRefundDuringRepeatedCallbacks(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	o := h.PaidOrder(300, 0, 1)
	cb := w.Callbacks()[0]
	second := w.Service(w.Db, 30)
	r := w.Approves(w.Asks(paymenttest.WholeOrder(o)))
	wechat := w.Platform("main")
	var all sync.WaitGroup
	storm := func() {
		for i := range 6 {
			pay := w.Pay
			if i%2 == 1 {
				pay = second
			}
			all.Go(func() {
				fresh := wechat.Signed(cb.Body)
				if status := w.Tell(paymenttest.Bg, pay, fresh); status != http.StatusNoContent {
					t.Errorf("the payment's repeat is answered %d", status)
				}
			})
			all.Go(func() { _, _ = refund.Follow(paymenttest.Bg, pay, r.No) }) // another may be quicker
		}
	}
	storm()
	all.Wait()
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundProcessing)
	w.Inject(sandbox.Fault{Kind: sandbox.FaultRepeated, Route: sandbox.RouteNotifyRefund, Count: 8})
	storm()
	if err := w.Box.FinishRefund(r.No, sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	w.Drain()
	w.SweepRefunds()
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundSuccess)
	w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	if h.Prepaid() != 0 || h.Bill(0).Status != fees.BillUnpaid || h.Bill(1).Status != fees.BillUnpaid {
		t.Errorf("prepaid %d, bills %s and %s", h.Prepaid(), h.Bill(0).Status, h.Bill(1).Status)
	}
	w.RefundsAgree()
	w.Agree()
}
