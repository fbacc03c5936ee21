package reminder_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// saver is a room whose last water bill of 50.00 yuan is paid, and that has some
// prepayment.
func (w *world) saver(prepaid models.Fen) estate.Room {
	w.t.Helper()
	room := modelstest.Room(w.t, w.db)
	b := w.bill(room, "2026-03-31", func(b *fees.Bill) {
		b.Item, b.PrincipalFen, b.PeriodStart, b.PeriodEnd = "水费", 5000, models.MustDate("2026-03-01"), models.MustDate("2026-03-31")
	})
	w.pay(b, 5000)
	if prepaid > 0 {
		modelstest.Write(w.t, w.db, func(tx *store.Tx) error { return money.MovePrepaid(tx, room.ID, money.PrepaidTopup, prepaid, "", "") })
	}
	return room
}

func TestLowPrepaymentIsRemindedOnceAMonth(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room, never, covered := w.saver(3000), w.saver(0), w.saver(5000)
	u := w.person(map[string]int{"due_soon": 3}, room)
	w.person(map[string]int{"due_soon": 3}, never)
	w.person(map[string]int{"due_soon": 3}, covered)
	w.pass()
	w.wantGot("due_soon")
	want := map[string]string{"thing1": room.Name(), "amount2": "50.00元", "date3": "2026年4月1日", "thing4": "预存不足，约差20.00元，请补存"}
	if diff := cmp.Diff(want, w.sb.Messages(u.OpenID)[0].Values); diff != "" {
		t.Errorf("want (-), have (+)\n%s", diff)
	}
	w.pass()
	w.clock.Set(at("2026-03-23 10:00"))
	w.pass()
	w.wantGot("due_soon")
	w.clock.Set(at("2026-04-01 10:00"))
	w.pass()
	w.wantGot("due_soon", "due_soon")
}

// Who tops up before it is sent is not told.
func TestLowPrepaymentIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := w.saver(3000)
	w.person(map[string]int{"due_soon": 1}, room)
	if r := w.queue(); r.Queued != 1 {
		t.Fatalf("%+v", r)
	}
	modelstest.Write(t, w.db, func(tx *store.Tx) error { return money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 2000, "", "") })
	w.drain()
	w.wantGot()
	if have := w.notices(room); len(have) != 1 || have[0] != "prepaid_short skipped settled" {
		t.Errorf("%q", have)
	}
}

// The reminder of low prepayment stands for no step of a bill.
func TestLowPrepaymentHidesNoStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := w.saver(3000)
	w.person(map[string]int{"due_soon": 2}, room)
	w.pass()
	// Its first step had been reached on the 11th, before the message of today.
	w.bill(room, "2026-03-21", func(b *fees.Bill) { b.Item = "车位费" })
	w.clock.Set(at("2026-03-17 10:00"))
	w.pass()
	w.wantGot("due_soon", "due_soon")
	want := []string{"prepaid_short sent ", "due_minus_10 sent "}
	if diff := cmp.Diff(want, w.notices(room)); diff != "" {
		t.Errorf("want (-), have (+)\n%s", diff)
	}
}
