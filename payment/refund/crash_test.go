package refund_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// A success breaks off at every point there is: nothing is booked by half, no 204 is
// given for what is not in the books, and the next telling books it, once.
func TestRefundBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	broken, whole := 0, false
	for looks := int64(1); !whole && looks < 500; looks++ {
		if looks%20 == 1 {
			w.RefundsAgree()
			w = paymenttest.NewWorld(t)
		}
		h := w.Home(1)
		o := h.PaidOrder(30, 0)
		r := w.Sent(paymenttest.WholeOrder(o))
		w.Inject(sandbox.Fault{Kind: sandbox.FaultLost, Route: sandbox.RouteNotifyRefund})
		w.Finishes(r, sandbox.RefundSuccess)
		p := w.Platform("main")
		cb := p.Signed(p.Sealed("EV-"+r.No, "REFUND.SUCCESS", map[string]any{
			"mchid": r.MchID, "out_trade_no": o.No, "transaction_id": o.TransactionID, "out_refund_no": r.No, "refund_id": *r.RefundID,
			"refund_status": "SUCCESS", "success_time": w.Clock.Now().Format(time.RFC3339),
			"amount": map[string]any{"total": int64(o.AmountFen), "refund": int64(r.AmountFen)},
		}))
		f := paymenttest.NewFuse(looks)
		status := w.Tell(f, w.Pay, cb)
		whole = !f.Spent()
		f.Cancel()
		now := w.RefundNow(r.No)
		if status == http.StatusNoContent && now.Status != money.RefundSuccess {
			t.Fatalf("at look %d: success is told, the refund is %s", looks, now.Status)
		}
		if status != http.StatusNoContent {
			broken++
		}
		if booked := now.Status == money.RefundSuccess; booked != (h.Bill(0).Status == fees.BillUnpaid) ||
			booked != (w.OrderNow(o.No).Status == money.OrderRefunded) {
			t.Fatalf("at look %d: the refund is %s, the bill %s, the order %s", looks, now.Status,
				h.Bill(0).Status, w.OrderNow(o.No).Status)
		}
		if status = w.Tell(paymenttest.Bg, w.Pay, cb); status != http.StatusNoContent {
			t.Fatalf("at look %d: the next telling is answered %d", looks, status)
		}
	}
	w.RefundsAgree()
	if broken < 20 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// Approving and sending break off at every point there is: the job carries on with
// the same number and parameters, and WeChat pays once.
func TestRefundSendingBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	broken, whole := 0, false
	for looks := int64(1); !whole && looks < 1000; looks += 1 + looks/20 {
		h := w.Home(1)
		o := h.PaidOrder(30, 0)
		r := w.Asks(paymenttest.WholeOrder(o))
		f := paymenttest.NewFuse(looks)
		_, err := refund.Approve(f, w.Pay, paymenttest.Approver, r.No, "")
		if err == nil {
			_, err = refund.Follow(f, w.Pay, r.No)
		}
		whole = !f.Spent()
		f.Cancel()
		if err != nil {
			broken++
		}
		if now := w.RefundNow(r.No); now.Status == money.RefundAsked {
			w.Approves(r)
		}
		w.Clean()
		w.SweepRefunds()
		paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundProcessing)
		w.Finishes(r, sandbox.RefundSuccess)
		w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	}
	w.RefundsAgree()
	w.Agree()
	if broken < 20 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// What follows from a refund fails: it is not booked, and the next telling books it.
func TestWhatFollowsRefundFails(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	r := w.Sent(paymenttest.WholeOrder(h.PaidOrder(0, 0)))
	failed := errors.New("the receipt cannot be voided")
	var told []string
	w.Pay.Refunded = func(_ *store.Tx, r *money.Refund) error {
		told = append(told, r.No)
		return failed
	}
	w.Deaf.Store(true)
	if err := w.Box.FinishRefund(r.No, sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	if _, err := refund.Follow(paymenttest.Bg, w.Pay, r.No); !errors.Is(err, failed) || len(told) != 1 || told[0] != r.No {
		t.Errorf("%v, told %v", err, told)
	}
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundProcessing)
	w.Clean()
	w.Pay.Refunded = nil
	paymenttest.WantRefund(t, w.Follows(r), money.RefundSuccess)
	w.RefundsAgree()
}
