package payment_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
)

// The booking breaks off at every point there is. Nothing is ever booked by half,
// no success is reported that is not in the books, and the next telling books it.
func TestBookingBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.RetryScale = 100 })
	w.Deaf.Store(true)
	broken, whole := 0, false
	for looks := int64(1); !whole && looks < 500; looks++ {
		if looks%20 == 1 { // the books stay small, and are proven fast
			w.Clean()
			w = paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.RetryScale = 100 })
			w.Deaf.Store(true)
		}
		h := w.Home(2)
		c := h.Order(30, 0, 1)
		tr := w.PaysAtWechat(c.Order.No)
		p := w.Platform("main")
		cb := p.Signed(p.Sealed("EV-"+c.Order.No, "TRANSACTION.SUCCESS", paymenttest.PaidAs(p, c.Order, tr)))
		f := paymenttest.NewFuse(looks)
		status := w.Tell(f, w.Pay, cb)
		whole = !f.Spent()
		f.Cancel()
		booked := w.Number("SELECT COUNT(*) FROM payments WHERE order_no = ?", c.Order.No)
		if status == http.StatusNoContent && booked != 1 {
			t.Fatalf("at look %d: success is told, %d payments are booked", looks, booked)
		}
		if status != http.StatusNoContent {
			broken++
		}
		if n := w.Number("SELECT COUNT(*) FROM allocations a JOIN order_lines l ON l.bill_id = a.bill_id WHERE l.order_no = ?",
			c.Order.No); n != 2*booked {
			t.Fatalf("at look %d: %d payments and %d allocations", looks, booked, n)
		}
		if status = w.Tell(paymenttest.Bg, w.Pay, cb); status != http.StatusNoContent {
			t.Fatalf("at look %d: the next telling is answered %d", looks, status)
		}
		if h.Prepaid() != 30 || h.Due(0, 1) != 0 {
			t.Fatalf("at look %d: prepaid %d, owed %d", looks, h.Prepaid(), h.Due(0, 1))
		}
	}
	w.Clean()
	if broken < 20 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// The same for the reconciliation of a day with lost callbacks.
func TestReconcileBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	broken, whole := 0, false
	w := paymenttest.NewWorld(t)
	var day models.Date
	for looks := int64(1); !whole && looks < 3000; looks += 1 + looks/8 {
		h := w.Home(2)
		h.Paid(0, paymenttest.Silent)
		h.Paid(1, paymenttest.Silent)
		day = w.NextDay()
		f := paymenttest.NewFuse(looks)
		_, err := reconcile.Run(f, w.Pay, day)
		whole = !f.Spent()
		f.Cancel()
		if err != nil {
			broken++
		}
		w.Clean()
		r := w.Reconcile(day)
		paymenttest.WantReport(t, r, paymenttest.Sums(2, r.Theirs.SumFen), paymenttest.Sums(2, r.Theirs.SumFen), r.Differences...)
		if len(r.Differences) != 2 {
			t.Fatalf("at look %d: differences %+v", looks, r.Differences)
		}
	}
	w.Agree()
	if broken < 10 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// What follows from a payment fails, or panics: the payment is not booked, and the
// next telling books it.
func TestWhatFollowsFails(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.RetryScale = 100 })
	w.Deaf.Store(true)
	h := w.Home(1)
	c := h.Order(70, 0)
	tr := w.PaysAtWechat(c.Order.No)
	p := w.Platform("main")
	cb := p.Signed(p.Sealed("EV-1", "TRANSACTION.SUCCESS", paymenttest.PaidAs(p, c.Order, tr)))
	failed := errors.New("no room in the outbox")
	for _, hook := range []func() error{func() error { return failed }, func() error { panic("outbox") }} {
		w.Pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error { return hook() }
		func() {
			defer func() { _ = recover() }()
			if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); !errors.Is(err, failed) {
				t.Errorf("answer %v", err)
			}
		}()
		untouched(w, c.Order.No)
	}
	w.Pay.Booked = nil
	if status := w.Tell(paymenttest.Bg, w.Pay, cb); status != http.StatusNoContent {
		t.Errorf("answered %d", status)
	}
	w.Agree()
}

// A phone that hangs up at any moment of its checkout leaves a whole order behind.
func TestPhoneHangsUp(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	var all sync.WaitGroup
	for looks := range int64(12) {
		h := w.Home(1)
		req := h.Wants(0, 0)
		all.Go(func() {
			f := paymenttest.NewFuse(looks + 1)
			defer f.Cancel()
			if _, err := w.Pay.Checkout(f, req); err != nil {
				t.Errorf("look %d: %v", looks, err)
			}
		})
	}
	all.Wait()
	if n := w.Number("SELECT COUNT(*) FROM orders WHERE status = 'pending' AND prepay_id <> ''"); n != 12 {
		t.Errorf("%d orders can be paid, want 12", n)
	}
	w.Agree()
}
