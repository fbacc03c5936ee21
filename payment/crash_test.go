package payment_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// fuse is a context that ends when it has been looked at so many times: once at
// each statement at least, so that every statement of an operation is hit by some
// length of fuse.
type fuse struct {
	context.Context
	left   atomic.Int64
	cancel func()
}

func newFuse(looks int64) *fuse {
	ctx, cancel := context.WithCancel(bg)
	f := &fuse{Context: ctx, cancel: cancel}
	f.left.Store(looks)
	return f
}

func (f *fuse) burn() {
	if f.left.Add(-1) == 0 {
		f.cancel()
	}
}

func (f *fuse) Done() <-chan struct{} {
	f.burn()
	return f.Context.Done()
}

func (f *fuse) Err() error {
	f.burn()
	return f.Context.Err()
}

// spent tells whether the fuse has burnt down.
func (f *fuse) spent() bool { return f.left.Load() <= 0 }

// The booking breaks off at every point there is. Nothing is ever booked by half,
// no success is reported that is not in the books, and the next telling books it.
func TestBookingBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.retryScale = 100 })
	w.deaf.Store(true)
	broken, whole := 0, false
	for looks := int64(1); !whole && looks < 500; looks++ {
		if looks%20 == 1 { // the books stay small, and are proven fast
			w.clean()
			w = newWorld(t, func(s *setup) { s.retryScale = 100 })
			w.deaf.Store(true)
		}
		h := w.home(2)
		c := h.order(30, 0, 1)
		tr := w.paysAtWechat(c.Order.No)
		p := w.platform("main")
		cb := p.signed(p.sealed("EV-"+c.Order.No, "TRANSACTION.SUCCESS", paidAs(p, c.Order, tr)))
		f := newFuse(looks)
		status := w.tell(f, w.pay, cb)
		whole = !f.spent()
		f.cancel()
		booked := w.number("SELECT COUNT(*) FROM payments WHERE order_no = ?", c.Order.No)
		if status == http.StatusNoContent && booked != 1 {
			t.Fatalf("at look %d: success is told, %d payments are booked", looks, booked)
		}
		if status != http.StatusNoContent {
			broken++
		}
		if n := w.number("SELECT COUNT(*) FROM allocations a JOIN order_lines l ON l.bill_id = a.bill_id WHERE l.order_no = ?", c.Order.No); n != 2*booked {
			t.Fatalf("at look %d: %d payments and %d allocations", looks, booked, n)
		}
		if status = w.tell(bg, w.pay, cb); status != http.StatusNoContent {
			t.Fatalf("at look %d: the next telling is answered %d", looks, status)
		}
		if h.prepaid() != 30 || h.due(0, 1) != 0 {
			t.Fatalf("at look %d: prepaid %d, owed %d", looks, h.prepaid(), h.due(0, 1))
		}
	}
	w.clean()
	if broken < 20 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// The same for the reconciliation of a day with lost callbacks.
func TestReconcileBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	broken, whole := 0, false
	w := newWorld(t)
	var day models.Date
	for looks := int64(1); !whole && looks < 3000; looks += 1 + looks/8 {
		h := w.home(2)
		h.paid(0, silent)
		h.paid(1, silent)
		day = w.nextDay()
		f := newFuse(looks)
		_, err := w.pay.Reconcile(f, day)
		whole = !f.spent()
		f.cancel()
		if err != nil {
			broken++
		}
		w.clean()
		r := w.reconcile(day)
		wantReport(t, r, sums(2, r.Theirs.SumFen), sums(2, r.Theirs.SumFen), r.Differences...)
		if len(r.Differences) != 2 {
			t.Fatalf("at look %d: differences %+v", looks, r.Differences)
		}
	}
	w.agree()
	if broken < 10 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// What follows from a payment fails, or panics: the payment is not booked, and the
// next telling books it.
func TestWhatFollowsFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.retryScale = 100 })
	w.deaf.Store(true)
	h := w.home(1)
	c := h.order(70, 0)
	tr := w.paysAtWechat(c.Order.No)
	p := w.platform("main")
	cb := p.signed(p.sealed("EV-1", "TRANSACTION.SUCCESS", paidAs(p, c.Order, tr)))
	failed := errors.New("no room in the outbox")
	for _, hook := range []func() error{func() error { return failed }, func() error { panic("outbox") }} {
		w.pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error { return hook() }
		func() {
			defer func() { _ = recover() }()
			if err := w.pay.Notify(bg, "main", cb.header, cb.body); !errors.Is(err, failed) {
				t.Errorf("answer %v", err)
			}
		}()
		w.untouched(c.Order.No)
	}
	w.pay.Booked = nil
	if status := w.tell(bg, w.pay, cb); status != http.StatusNoContent {
		t.Errorf("answered %d", status)
	}
	w.agree()
}

// A phone that hangs up at any moment of its checkout leaves a whole order behind.
func TestPhoneHangsUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for looks := range int64(12) {
		h := w.home(1)
		req := h.wants(0, 0)
		all.Go(func() {
			f := newFuse(looks + 1)
			defer f.cancel()
			if _, err := w.pay.Checkout(f, req); err != nil {
				t.Errorf("look %d: %v", looks, err)
			}
		})
	}
	all.Wait()
	if n := w.number("SELECT COUNT(*) FROM orders WHERE status = 'pending' AND prepay_id <> ''"); n != 12 {
		t.Errorf("%d orders can be paid, want 12", n)
	}
	w.agree()
}
