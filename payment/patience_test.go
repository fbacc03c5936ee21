package payment_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
)

// moment is a context whose deadline passes when a test says so.
type moment struct {
	context.Context
	past chan struct{}
	once sync.Once
}

func newMoment(ctx context.Context) *moment { return &moment{Context: ctx, past: make(chan struct{})} }

func (m *moment) pass() { m.once.Do(func() { close(m.past) }) }

func (m *moment) Done() <-chan struct{} { return m.past }

func (m *moment) Err() error {
	select {
	case <-m.past:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// Deadline is near, so that it is known for one that has no time to spare.
func (m *moment) Deadline() (time.Time, bool) { return time.Now().Add(30 * time.Second), true }

// waitsUntil returns a wait for WeChat that is over once no more than so many of
// the sandbox's faults are left to strike, the others being what is waited for, and
// WeChat knows so many orders.
func waitsUntil(w *paymenttest.World, left, orders int) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) {
		m, ended := newMoment(ctx), make(chan struct{})
		var once sync.Once
		go func() {
			for faultsLeft(w) > left || ordersAtWechat(w) < orders {
				select {
				case <-ended:
					return
				case <-ctx.Done():
					m.pass()
					return
				case <-time.After(time.Millisecond):
				}
			}
			m.pass()
		}()
		return m, func() { once.Do(func() { close(ended) }) }
	}
}

func faultsLeft(w *paymenttest.World) (n int) {
	for _, f := range w.Box.Faults() {
		n += max(f.Times, 1)
	}
	return n
}

func ordersAtWechat(w *paymenttest.World) (n int) {
	for range w.Box.Books() {
		n++
	}
	return n
}

// answered runs what a phone waits for, and fails the test where it never ends.
func answered[T any](t *testing.T, call func() (T, error)) (T, error) {
	t.Helper()
	var out T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		out, err = call()
	}()
	select {
	case <-done:
	case <-time.After(paymenttest.Hangs / 2):
		t.Fatal("the phone has no answer")
	}
	return out, err
}

// What the phone is promised: the waits of a checkout, one after another, leave time
// to spare, and there is time for a second call after the first.
func TestPatienceIsShorterThanThePhones(t *testing.T) {
	t.Parallel()
	if payment.CheckoutBudget+2*payment.BookingTime > paymenttest.PhoneWaits || payment.FirstTry > payment.CheckoutBudget*2/3 {
		t.Errorf("%s, of which %s for the first call, and %s to book", payment.CheckoutBudget, payment.FirstTry, payment.BookingTime)
	}
	s, err := payment.New(nil, payment.Config{}, []*payment.Merchant{{Name: "main"}}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	checkout, first := s.Timeouts()
	for want, wait := range map[time.Duration]func(context.Context) (context.Context, context.CancelFunc){
		payment.CheckoutBudget: checkout, payment.FirstTry: first,
	} {
		before := models.RealNow().Time
		ctx, cancel := wait(paymenttest.Bg)
		defer cancel()
		after := time.Now()
		if end, ok := ctx.Deadline(); !ok || end.Before(before.Add(want)) || end.After(after.Add(want)) {
			t.Errorf("waits until %v, %s from %v", end, want, before)
		}
	}
}
