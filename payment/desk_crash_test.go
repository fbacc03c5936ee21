package payment_test

import (
	"errors"
	"fmt"
	"testing"

	"wuyepay/models/desk"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Taking in a bank's answer breaks off at every point there is: no line is ever
// booked by half, and the same file finishes what is left.
func TestAnswerBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	var w *world
	broken, whole := 0, false
	for looks, run := int64(1), 0; !whole && looks < 3000; looks, run = looks+1+looks/12, run+1 {
		if run%10 == 0 { // the books stay small, and are proven fast
			w = newWorld(t)
		}
		homes := []*home{w.home(1), w.home(2), w.home(1)}
		for i, h := range homes {
			h.agreed(fmt.Sprintf("XY-%04d", run*10+i))
		}
		b := homes[0].batch()
		answer := says(w.exported(b), "", "余额不足", "")
		f := newFuse(looks)
		_, err := w.pay.TakeAnswer(f, clerk, b.ID, w.db.Today(), file(answer))
		whole = !f.spent()
		f.cancel()
		if err != nil {
			broken++
		}
		w.clean()
		r := w.answer(b, answer)
		if r.Booked+r.Unchanged != 3 || r.Batch.Status != desk.CollectionAnswered || r.Batch.PaidCount != 2 || r.Batch.FailedCount != 1 {
			t.Fatalf("at look %d: %+v", looks, r)
		}
		if homes[0].bill(0).Status != fees.BillPaid || homes[1].bill(0).Status != fees.BillUnpaid || homes[2].bill(0).Status != fees.BillPaid {
			t.Fatalf("at look %d: bills are not as the bank says", looks)
		}
		w.clean()
		m, err := desk.MandateOfRoom(w.db.View(bg), homes[1].room.ID)
		if err == nil {
			err = w.pay.EndMandate(bg, clerk, office.AllRooms(), m.ID) // not in the next batch
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if broken < 10 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// Undoing a payment breaks off at every point there is: it is undone whole or not at
// all.
func TestReversalBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	by, finance := w.staff(office.RoleCashier), w.staff(office.RoleFinance)
	broken, whole := 0, false
	for looks := int64(1); !whole && looks < 500; looks++ {
		if looks%20 == 0 {
			w.clean()
			w = newWorld(t)
			by, finance = w.staff(office.RoleCashier), w.staff(office.RoleFinance)
		}
		h := w.home(2)
		p := w.takes(by, h.amount(30_000)).Payment
		f := newFuse(looks)
		_, err := w.pay.ReverseAtDesk(f, finance, p.ID, "退票")
		whole = !f.spent()
		f.cancel()
		if err != nil {
			broken++
			_, err = w.pay.ReverseAtDesk(bg, finance, p.ID, "退票")
		}
		if err != nil && !errors.Is(err, money.ErrReversed) { // the commit's answer was lost
			t.Fatalf("at look %d: %v", looks, err)
		}
		if h.prepaid() != 0 || h.due(0, 1) != 2*12949 {
			t.Fatalf("at look %d: prepaid %d, owed %d", looks, h.prepaid(), h.due(0, 1))
		}
	}
	w.clean()
	if broken < 10 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// What follows from a payment fails: nothing of it is booked, and the same form books
// it afterwards.
func TestWhatFollowsTheDeskFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	by, finance := w.staff(office.RoleCashier), w.staff(office.RoleFinance)
	failed := errors.New("no receipt")
	seen := 0
	w.pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error { return failed }
	w.pay.Undone = func(*store.Tx, *money.Payment, *money.PaymentReversal) error { return failed }
	req := h.atDesk(0)
	if _, err := w.pay.TakeAtDesk(bg, by, req); !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
	if n := w.number("SELECT COUNT(*) FROM payments") + w.number("SELECT COUNT(*) FROM desk_entries"); n != 0 {
		t.Errorf("%d rows", n)
	}
	w.pay.Booked = func(_ *store.Tx, o *money.Order, p *money.Payment) error {
		if seen++; o != nil || p.Channel != money.ChannelCash || p.AmountFen != 12949 {
			t.Errorf("told of %+v, %+v", o, p)
		}
		return nil
	}
	r := w.takes(by, req)
	if _, err := w.pay.ReverseAtDesk(bg, finance, r.Payment.ID, "录错"); !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
	if h.bill(0).Status != fees.BillPaid || seen != 1 {
		t.Errorf("the bill is %s, told %d times", h.bill(0).Status, seen)
	}
	w.clean()
}
