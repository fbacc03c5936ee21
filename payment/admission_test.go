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
)

// More callbacks than can be carried out: some are turned away in time, none is
// lost, and the money is booked once.
func TestMoreCallbacksThanCanBeBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deaf.Store(true)
	h := w.home(1)
	c := h.order(0, 0)
	tr := w.paysAtWechat(c.Order.No)
	p := w.platform("main")
	cb := p.signed(p.sealed("EV-1", "TRANSACTION.SUCCESS", paidAs(p, c.Order, tr)))

	turnedAway, stuck := make(chan struct{}), sync.Once{}
	w.pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error { // the database is slow
		<-turnedAway
		return nil
	}
	var counts sync.Map
	w.pay.Counted = func(_, result string) { counts.Store(result, true) }
	const told = 60
	answers := make(chan error, told)
	for range told {
		go func() {
			err := w.pay.Notify(bg, "main", cb.header, cb.body)
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
	if status := w.tell(bg, w.pay, cb); status != http.StatusNoContent {
		t.Errorf("told again: %d", status)
	}
	if n := w.number("SELECT COUNT(*) FROM payments"); n != 1 || h.due(0) != 0 {
		t.Errorf("%d payments, owed %d", n, h.due(0))
	}
	w.clean()
}
