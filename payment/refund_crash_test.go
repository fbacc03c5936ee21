package payment_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/sandbox"
)

// A success breaks off at every point there is: nothing is booked by half, no 204 is
// given for what is not in the books, and the next telling books it, once.
func TestRefundBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	broken, whole := 0, false
	for looks := int64(1); !whole && looks < 500; looks++ {
		if looks%20 == 1 {
			w.refundsAgree()
			w = newWorld(t)
		}
		h := w.home(1)
		o := h.paidOrder(30, 0)
		r := w.sent(wholeOrder(o))
		w.inject(sandbox.Fault{Kind: sandbox.FaultLost, Route: sandbox.RouteNotifyRefund})
		w.finishes(r, sandbox.RefundSuccess)
		p := w.platform("main")
		cb := p.signed(p.sealed("EV-"+r.No, "REFUND.SUCCESS", map[string]any{"mchid": r.MchID, "out_trade_no": o.No, "transaction_id": o.TransactionID, "out_refund_no": r.No,
			"refund_id": *r.RefundID, "refund_status": "SUCCESS", "success_time": w.clock.Now().Format(time.RFC3339),
			"amount": map[string]any{"total": int64(o.AmountFen), "refund": int64(r.AmountFen)}}))
		f := newFuse(looks)
		status := w.tell(f, w.pay, cb)
		whole = !f.spent()
		f.cancel()
		now := w.refundNow(r.No)
		if status == http.StatusNoContent && now.Status != money.RefundSuccess {
			t.Fatalf("at look %d: success is told, the refund is %s", looks, now.Status)
		}
		if status != http.StatusNoContent {
			broken++
		}
		if booked := now.Status == money.RefundSuccess; booked != (h.bill(0).Status == fees.BillUnpaid) || booked != (w.orderNow(o.No).Status == money.OrderRefunded) {
			t.Fatalf("at look %d: the refund is %s, the bill %s, the order %s", looks, now.Status, h.bill(0).Status, w.orderNow(o.No).Status)
		}
		if status = w.tell(bg, w.pay, cb); status != http.StatusNoContent {
			t.Fatalf("at look %d: the next telling is answered %d", looks, status)
		}
	}
	w.refundsAgree()
	if broken < 20 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// Approving and sending break off at every point there is: the job carries on with
// the same number and parameters, and WeChat pays once.
func TestRefundSendingBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	broken, whole := 0, false
	for looks := int64(1); !whole && looks < 1000; looks += 1 + looks/20 {
		h := w.home(1)
		o := h.paidOrder(30, 0)
		r := w.asks(wholeOrder(o))
		f := newFuse(looks)
		_, err := w.pay.ApproveRefund(f, approver, r.No, "")
		if err == nil {
			_, err = w.pay.FollowRefund(f, r.No)
		}
		whole = !f.spent()
		f.cancel()
		if err != nil {
			broken++
		}
		if now := w.refundNow(r.No); now.Status == money.RefundAsked {
			w.approves(r)
		}
		w.clean()
		w.sweepRefunds()
		wantRefund(t, w.refundNow(r.No), money.RefundProcessing)
		w.finishes(r, sandbox.RefundSuccess)
		w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	}
	w.refundsAgree()
	w.agree()
	if broken < 20 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// What follows from a refund fails: it is not booked, and the next telling books it.
func TestWhatFollowsRefundFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	r := w.sent(wholeOrder(h.paidOrder(0, 0)))
	failed := errors.New("the receipt cannot be voided")
	var told []string
	w.pay.Refunded = func(_ *store.Tx, r *money.Refund) error {
		told = append(told, r.No)
		return failed
	}
	w.deaf.Store(true)
	if err := w.box.FinishRefund(r.No, sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	if _, err := w.pay.FollowRefund(bg, r.No); !errors.Is(err, failed) || len(told) != 1 || told[0] != r.No {
		t.Errorf("%v, told %v", err, told)
	}
	wantRefund(t, w.refundNow(r.No), money.RefundProcessing)
	w.clean()
	w.pay.Refunded = nil
	wantRefund(t, w.follows(r), money.RefundSuccess)
	w.refundsAgree()
}
