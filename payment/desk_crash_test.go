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
	"wuyepay/payment/collection"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
)

// Taking in a bank's answer breaks off at every point there is: no line is ever
// booked by half, and the same file finishes what is left.
func TestAnswerBreaksOffAnywhere(t *testing.T) {
	t.Parallel()
	var w *paymenttest.World
	broken, whole := 0, false
	for looks, run := int64(1), 0; !whole && looks < 3000; looks, run = looks+1+looks/12, run+1 {
		if run%10 == 0 { // the books stay small, and are proven fast
			w = paymenttest.NewWorld(t)
		}
		homes := []*paymenttest.Home{w.Home(1), w.Home(2), w.Home(1)}
		for i, h := range homes {
			h.Agreed(fmt.Sprintf("XY-%04d", run*10+i))
		}
		b := homes[0].Batch()
		answer := paymenttest.Says(w.Exported(b), "", "余额不足", "")
		f := paymenttest.NewFuse(looks)
		_, err := collection.TakeAnswer(f, w.Pay, paymenttest.Clerk, b.ID, w.Db.Today(), paymenttest.File(answer))
		whole = !f.Spent()
		f.Cancel()
		if err != nil {
			broken++
		}
		w.Clean()
		r := w.Answer(b, answer)
		if r.Booked+r.Unchanged != 3 || r.Batch.Status != desk.CollectionAnswered || r.Batch.PaidCount != 2 || r.Batch.FailedCount != 1 {
			t.Fatalf("at look %d: %+v", looks, r)
		}
		if homes[0].Bill(0).Status != fees.BillPaid || homes[1].Bill(0).Status != fees.BillUnpaid ||
			homes[2].Bill(0).Status != fees.BillPaid {
			t.Fatalf("at look %d: bills are not as the bank says", looks)
		}
		w.Clean()
		m, err := desk.MandateOfRoom(w.Db.View(paymenttest.Bg), homes[1].Room.ID)
		if err == nil {
			err = collection.EndMandate(paymenttest.Bg, w.Pay, paymenttest.Clerk, office.AllRooms(), m.ID) // not in the next batch
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
	w := paymenttest.NewWorld(t)
	by, finance := w.Staff(office.RoleCashier), w.Staff(office.RoleFinance)
	broken, whole := 0, false
	for looks := int64(1); !whole && looks < 500; looks++ {
		if looks%20 == 0 {
			w.Clean()
			w = paymenttest.NewWorld(t)
			by, finance = w.Staff(office.RoleCashier), w.Staff(office.RoleFinance)
		}
		h := w.Home(2)
		p := w.Takes(by, h.Amount(30_000)).Payment
		f := paymenttest.NewFuse(looks)
		_, err := refund.ReverseAtDesk(f, w.Pay, finance, p.ID, "退票")
		whole = !f.Spent()
		f.Cancel()
		if err != nil {
			broken++
			_, err = refund.ReverseAtDesk(paymenttest.Bg, w.Pay, finance, p.ID, "退票")
		}
		if err != nil && !errors.Is(err, money.ErrReversed) { // the commit's answer was lost
			t.Fatalf("at look %d: %v", looks, err)
		}
		if h.Prepaid() != 0 || h.Due(0, 1) != 2*12949 {
			t.Fatalf("at look %d: prepaid %d, owed %d", looks, h.Prepaid(), h.Due(0, 1))
		}
	}
	w.Clean()
	if broken < 10 || !whole {
		t.Errorf("broke off %d times, ran through in the end: %t", broken, whole)
	}
	t.Logf("broke off at %d points", broken)
}

// What follows from a payment fails: nothing of it is booked, and the same form books
// it afterwards.
func TestWhatFollowsTheDeskFails(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	by := w.Staff(office.RoleCashier)
	failed := errors.New("no receipt")
	seen := 0
	w.Pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error { return failed }
	req := h.AtDesk(0)
	if _, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, req); !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
	if n := w.Number("SELECT COUNT(*) FROM payments") + w.Number("SELECT COUNT(*) FROM desk_entries"); n != 0 {
		t.Errorf("%d rows", n)
	}
	w.Pay.Booked = func(_ *store.Tx, o *money.Order, p *money.Payment) error {
		if seen++; o != nil || p.Channel != money.ChannelCash || p.AmountFen != 12949 {
			t.Errorf("told of %+v, %+v", o, p)
		}
		return nil
	}
	w.Takes(by, req)
	if h.Bill(0).Status != fees.BillPaid || seen != 1 {
		t.Errorf("the bill is %s, told %d times", h.Bill(0).Status, seen)
	}
	w.Clean()
}
