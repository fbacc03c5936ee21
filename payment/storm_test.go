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
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
	"wuyepay/sandbox"
)

// Every callback 20 to 50 times from 32 goroutines, while queries, sweeps and the
// reconciliation of the day race for the same money, on two processes' databases.
func TestRepeatStorm(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.RetryScale = 100 })
	other := w.Service(modelstest.OpenConfig(t, w.Cfg, w.Clock.Now), 30)
	services := []*payment.Service{w.Pay, other}
	const orders = 12
	rooms := []*paymenttest.Home{w.Home(orders / 2), w.Home(orders / 2)}
	w.Deaf.Store(true)
	for i := range orders {
		h := rooms[i%2]
		c := h.Order(models.Fen(i%3*100), i/2)
		w.PaysAtWechat(c.Order.No)
	}
	for len(w.Callbacks()) < orders {
		time.Sleep(time.Millisecond)
	}
	w.Clock.Advance(24 * time.Hour) // the bill of the day is ready
	w.EverythingDue()

	type delivery struct {
		s  *payment.Service
		cb paymenttest.Callback
	}
	var queue []delivery
	for _, cb := range w.Callbacks() {
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
				if status := w.Tell(paymenttest.Bg, d.s, d.cb); status != http.StatusNoContent {
					t.Errorf("a callback was answered %d", status)
				}
			}
		})
	}
	all.Go(func() {
		if _, err := other.Sweep(paymenttest.Bg); err != nil {
			t.Errorf("sweep: %v", err)
		}
	})
	for _, s := range services {
		all.Go(func() {
			if _, err := reconcile.Run(paymenttest.Bg, s, w.Db.Today()-1); err != nil {
				t.Errorf("reconcile: %v", err)
			}
		})
	}
	all.Wait()
	if n := w.Number("SELECT COUNT(*) FROM bills WHERE status <> 'paid'"); n != 0 {
		t.Errorf("%d bills are not paid", n)
	}
	if n := w.Number("SELECT COALESCE(SUM(surplus_fen), 0) FROM payments"); n != 0 {
		t.Errorf("surplus %d", n)
	}
	w.Agree()
}

// Prepayments for one room from many phones at once: nobody waits in vain for the
// room's row, and every fen arrives.
func TestManyPrepaymentsOfOneRoom(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.RetryScale = 100 })
	h := w.Home(0)
	const phones = 24
	w.Deaf.Store(true)
	for range phones {
		w.PaysAtWechat(h.Order(100).Order.No)
	}
	for len(w.Callbacks()) < phones {
		time.Sleep(time.Millisecond)
	}
	var all sync.WaitGroup
	for _, cb := range w.Callbacks() {
		for range 2 {
			all.Go(func() {
				if status := w.Tell(paymenttest.Bg, w.Pay, cb); status != http.StatusNoContent {
					t.Errorf("answered %d", status)
				}
			})
		}
	}
	all.Wait()
	if h.Prepaid() != phones*100 {
		t.Errorf("prepaid %d", h.Prepaid())
	}
	w.Agree()
}

// Late successes of closed orders, the success of the open one, new checkouts and
// closings, all for the same two bills at once and from two processes.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	for range 3 {
		w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.RetryScale = 100 })
		other := w.Service(modelstest.OpenConfig(t, w.Cfg, w.Clock.Now), 30)
		h := w.Home(2)
		late := []string{h.Given(0), h.Given(1), h.Given(0, 1)}
		open := h.Order(50, 0, 1).Order.No
		w.Deaf.Store(true)
		for _, no := range append(late, open) {
			w.PaysAtWechat(no)
		}
		for len(w.Callbacks()) < 4 {
			time.Sleep(time.Millisecond)
		}
		var all sync.WaitGroup
		for _, s := range []*payment.Service{w.Pay, other} {
			for _, cb := range w.Callbacks() {
				all.Go(func() {
					if status := w.Tell(paymenttest.Bg, s, cb); status != http.StatusNoContent {
						t.Errorf("answered %d", status)
					}
				})
			}
			req := h.Wants(0, 0)
			all.Go(func() { _, _ = s.Checkout(paymenttest.Bg, req) }) // any answer will do
			all.Go(func() { _, _ = s.Close(paymenttest.Bg, h.User.ID, open) })
			all.Go(func() { _, _ = s.QueryOrder(paymenttest.Bg, late[0]) })
		}
		all.Wait()
		for range 2 {
			w.EverythingDue()
			w.Sweep()
		}
		if n := w.Number("SELECT COUNT(*) FROM orders WHERE status = 'pending'"); n != 0 {
			t.Errorf("%d orders are open on paid bills", n)
		}
		if h.Prepaid() != 2*25898+50 {
			t.Errorf("prepaid %d", h.Prepaid())
		}
		w.Agree()
		for tr := range w.Box.Books() {
			if tr.State == sandbox.NotPay {
				t.Errorf("an order can still be paid")
			}
		}
	}
}
