package payment_test

import (
	"net/http"
	"sync"
	"testing"

	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/sandbox"
)

// WeChat repeats the payment's callback while the payment is on its way back, and the
// refund's while it is booked, to two processes on one database: each is booked once.
func TestRefundDuringRepeatedCallbacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	o := h.paidOrder(300, 0, 1)
	cb := w.callbacks()[0]
	second := w.service(w.db, 30)
	r := w.approves(w.asks(wholeOrder(o)))
	wechat := w.platform("main")
	var all sync.WaitGroup
	storm := func() {
		for i := range 6 {
			pay := w.pay
			if i%2 == 1 {
				pay = second
			}
			all.Go(func() {
				fresh := wechat.signed(cb.body)
				if status := w.tell(bg, pay, fresh); status != http.StatusNoContent {
					t.Errorf("the payment's repeat is answered %d", status)
				}
			})
			all.Go(func() { _, _ = pay.FollowRefund(bg, r.No) }) // another may be quicker
		}
	}
	storm()
	all.Wait()
	wantRefund(t, w.refundNow(r.No), money.RefundProcessing)
	w.inject(sandbox.Fault{Kind: sandbox.FaultRepeated, Route: sandbox.RouteNotifyRefund, Count: 8})
	storm()
	if err := w.box.FinishRefund(r.No, sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	w.drain()
	w.sweepRefunds()
	wantRefund(t, w.refundNow(r.No), money.RefundSuccess)
	w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	if h.prepaid() != 0 || h.bill(0).Status != fees.BillUnpaid || h.bill(1).Status != fees.BillUnpaid {
		t.Errorf("prepaid %d, bills %s and %s", h.prepaid(), h.bill(0).Status, h.bill(1).Status)
	}
	w.refundsAgree()
	w.agree()
}
