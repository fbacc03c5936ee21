package payment_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"

	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
)

// More callbacks than can be carried out: some are turned away in time, none is
// lost, and the money is booked once.
func TestMoreCallbacksThanCanBeBooked(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	w.Deaf.Store(true)
	h := w.Home(1)
	c := h.Order(0, 0)
	tr := w.PaysAtWechat(c.Order.No)
	p := w.Platform("main")
	cb := p.Signed(p.Sealed("EV-1", "TRANSACTION.SUCCESS", paymenttest.PaidAs(p, c.Order, tr)))

	turnedAway, stuck := make(chan struct{}), sync.Once{}
	w.Pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error { // the database is slow
		<-turnedAway
		return nil
	}
	var counts sync.Map
	w.Pay.Counted = func(_, result string) { counts.Store(result, true) }
	const told = 60
	answers := make(chan error, told)
	for range told {
		go func() {
			err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body)
			if errors.Is(err, payment.ErrBusy) {
				stuck.Do(func() { close(turnedAway) })
			}
			answers <- err
		}()
	}
	booked, busy := 0, 0
	for range told {
		switch err := <-answers; {
		case err == nil:
			booked++
		case errors.Is(err, payment.ErrBusy):
			busy++
		default:
			t.Error(err)
		}
	}
	if booked < 48 || busy == 0 {
		t.Errorf("%d booked or known, %d turned away", booked, busy)
	}
	if _, ok := counts.Load(proof.VerdictBusy); !ok {
		t.Error("what was turned away is not counted")
	}
	if status := w.Tell(paymenttest.Bg, w.Pay, cb); status != http.StatusNoContent {
		t.Errorf("told again: %d", status)
	}
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 1 || h.Due(0) != 0 {
		t.Errorf("%d payments, owed %d", n, h.Due(0))
	}
	w.Clean()
}
