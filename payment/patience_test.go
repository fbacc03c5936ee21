package payment_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/payment"
)

const (
	// phoneWaits is how long the phone waits for any answer.
	phoneWaits = 10 * time.Second
	// hangs is when a test is given up: nothing takes so long, however slow the
	// machine is, unless it waits for what never comes.
	hangs = 10 * time.Minute
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

// patient waits for WeChat as long as it takes.
func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, hangs)
}

// waitsUntil returns a wait for WeChat that is over once no more than so many of
// the sandbox's faults are left to strike, the others being what is waited for, and
// WeChat knows so many orders.
func (w *world) waitsUntil(left, orders int) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) {
		m, ended := newMoment(ctx), make(chan struct{})
		var once sync.Once
		go func() {
			for w.faultsLeft() > left || w.ordersAtWechat() < orders {
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

func (w *world) faultsLeft() (n int) {
	for _, f := range w.box.Faults() {
		n += max(f.Times, 1)
	}
	return n
}

func (w *world) ordersAtWechat() (n int) {
	for range w.box.Books() {
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
	case <-time.After(hangs / 2):
		t.Fatal("the phone has no answer")
	}
	return out, err
}

// What the phone is promised: the waits of a checkout, one after another, leave time
// to spare, and there is time for a second call after the first.
func TestPatienceIsShorterThanThePhones(t *testing.T) {
	t.Parallel()
	if payment.CheckoutBudget+2*payment.BookingTime > phoneWaits || payment.FirstTry > payment.CheckoutBudget*2/3 {
		t.Errorf("%s, of which %s for the first call, and %s to book", payment.CheckoutBudget, payment.FirstTry, payment.BookingTime)
	}
	s, err := payment.New(nil, payment.Config{}, []*payment.Merchant{{Name: "main"}}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	checkout, first := s.Patience()
	for want, wait := range map[time.Duration]func(context.Context) (context.Context, context.CancelFunc){payment.CheckoutBudget: checkout, payment.FirstTry: first} {
		before := models.RealNow().Time
		ctx, cancel := wait(bg)
		defer cancel()
		after := time.Now()
		if end, ok := ctx.Deadline(); !ok || end.Before(before.Add(want)) || end.After(after.Add(want)) {
			t.Errorf("waits until %v, %s from %v", end, want, before)
		}
	}
}
