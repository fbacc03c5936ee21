package payment_test

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// Every callback 20 to 50 times from 32 goroutines, while queries, sweeps and the
// reconciliation of the day race for the same money, on two processes' databases.
func TestRepeatStorm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.retryScale = 100 })
	other := w.service(modelstest.OpenConfig(t, w.cfg, w.clock.Now), 30)
	services := []*payment.Service{w.pay, other}
	const orders = 12
	rooms := []*home{w.home(orders / 2), w.home(orders / 2)}
	w.deaf.Store(true)
	for i := range orders {
		h := rooms[i%2]
		c := h.order(models.Fen(i%3*100), i/2)
		w.paysAtWechat(c.Order.No)
	}
	for len(w.callbacks()) < orders {
		time.Sleep(time.Millisecond)
	}
	w.clock.Advance(24 * time.Hour) // the bill of the day is ready
	w.everythingDue()

	type delivery struct {
		s  *payment.Service
		cb callback
	}
	var queue []delivery
	for _, cb := range w.callbacks() {
		for range 20 + rand.IntN(31) {
			queue = append(queue, delivery{services[rand.IntN(2)], cb})
		}
	}
	rand.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	work := make(chan delivery, len(queue))
	for _, d := range queue {
		work <- d
	}
	close(work)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for d := range work {
				if status := w.tell(bg, d.s, d.cb); status != http.StatusNoContent {
					t.Errorf("a callback was answered %d", status)
				}
			}
		})
	}
	all.Go(func() {
		if _, err := other.Sweep(bg); err != nil {
			t.Errorf("sweep: %v", err)
		}
	})
	for _, s := range services {
		all.Go(func() {
			if _, err := s.Reconcile(bg, w.db.Today()-1); err != nil {
				t.Errorf("reconcile: %v", err)
			}
		})
	}
	all.Wait()
	if n := w.number("SELECT COUNT(*) FROM bills WHERE status <> 'paid'"); n != 0 {
		t.Errorf("%d bills are not paid", n)
	}
	if n := w.number("SELECT COALESCE(SUM(surplus_fen), 0) FROM payments"); n != 0 {
		t.Errorf("surplus %d", n)
	}
	w.agree()
}

// Prepayments for one room from many phones at once: nobody waits in vain for the
// room's row, and every fen arrives.
func TestManyPrepaymentsOfOneRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.retryScale = 100 })
	h := w.home(0)
	const phones = 24
	w.deaf.Store(true)
	for range phones {
		w.paysAtWechat(h.order(100).Order.No)
	}
	for len(w.callbacks()) < phones {
		time.Sleep(time.Millisecond)
	}
	var all sync.WaitGroup
	for _, cb := range w.callbacks() {
		for range 2 {
			all.Go(func() {
				if status := w.tell(bg, w.pay, cb); status != http.StatusNoContent {
					t.Errorf("answered %d", status)
				}
			})
		}
	}
	all.Wait()
	if h.prepaid() != phones*100 {
		t.Errorf("prepaid %d", h.prepaid())
	}
	w.agree()
}

// Late successes of closed orders, the success of the open one, new checkouts and
// closings, all for the same two bills at once and from two processes.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	for range 3 {
		w := newWorld(t, func(s *setup) { s.retryScale = 100 })
		other := w.service(modelstest.OpenConfig(t, w.cfg, w.clock.Now), 30)
		h := w.home(2)
		late := []string{h.given(0), h.given(1), h.given(0, 1)}
		open := h.order(50, 0, 1).Order.No
		w.deaf.Store(true)
		for _, no := range append(late, open) {
			w.paysAtWechat(no)
		}
		for len(w.callbacks()) < 4 {
			time.Sleep(time.Millisecond)
		}
		var all sync.WaitGroup
		for _, s := range []*payment.Service{w.pay, other} {
			for _, cb := range w.callbacks() {
				all.Go(func() {
					if status := w.tell(bg, s, cb); status != http.StatusNoContent {
						t.Errorf("answered %d", status)
					}
				})
			}
			req := h.wants(0, 0)
			all.Go(func() { _, _ = s.Checkout(bg, req) }) // any answer will do
			all.Go(func() { _, _ = s.Close(bg, h.user.ID, open) })
			all.Go(func() { _, _ = s.Ask(bg, late[0]) })
		}
		all.Wait()
		for range 2 {
			w.everythingDue()
			w.sweep()
		}
		if n := w.number("SELECT COUNT(*) FROM orders WHERE status = 'pending'"); n != 0 {
			t.Errorf("%d orders are open on paid bills", n)
		}
		if h.prepaid() != 2*25898+50 {
			t.Errorf("prepaid %d", h.prepaid())
		}
		w.agree()
		for tr := range w.box.Books() {
			if tr.State == sandbox.NotPay {
				t.Errorf("an order can still be paid")
			}
		}
	}
}
