package reminder_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/reminder"
)

func TestPaidBetweenQueueAndSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	b := w.bill(room, "2026-03-15")
	w.queue()
	w.pay(b, 11035)
	r := w.drain()
	w.wantGot()
	if r.Skipped["settled"] != 1 || w.left(u, "overdue") != 1 {
		t.Errorf("%+v, left %d", r, w.left(u, "overdue"))
	}
	if diff := cmp.Diff([]string{"overdue_1 skipped settled"}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
}

// The bill whose step it is was paid; another one, reminded of before, is still
// owed. Paying must not bring a reminder.
func TestOtherDebtIsNoReasonToSendASettledStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	w.person(map[string]int{"overdue": 2}, room)
	w.bill(room, "2026-02-15")
	w.clock.Set(at("2026-03-10 10:00"))
	w.pass()
	w.wantGot("overdue")
	w.clock.Set(at(monday))
	b := w.bill(room, "2026-03-15")
	w.queue()
	w.pay(b, 11035)
	if r := w.drain(); r.Skipped["settled"] != 1 {
		t.Errorf("%+v", r)
	}
	w.pass()
	w.wantGot("overdue")
}

func TestPartPaidAmount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	b := w.bill(room, "2026-03-15")
	w.bill(room, "2026-02-15")
	w.queue()
	w.pay(b, 5035) // 0.33 of it late fee: 60.02 are left of 110.35
	w.drain()
	w.wantGot("overdue")
	// 60.00 + 110.02 + 29 days of 0.33006
	want := map[string]string{"thing1": room.Name(), "amount2": "179.59元", "number3": "29", "thing4": "共2笔账单，含违约金9.57元"}
	if diff := cmp.Diff(want, w.sb.Messages(u.OpenID)[0].Values); diff != "" {
		t.Errorf("want (-), have (+)\n%s", diff)
	}
	list, err := messages.NoticesOfRoom(w.db.View(context.Background()), room.ID, 1)
	if err != nil || list[0].DueFen != 17959 || list[0].SentAt.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestDisputedBillsAreLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	quiet, loud := modelstest.Room(t, w.db), modelstest.Room(t, w.db)
	disputed := func(b *fees.Bill) { b.Disputed = true }
	w.person(map[string]int{"overdue": 1}, quiet)
	u := w.person(map[string]int{"overdue": 1}, loud)
	w.bill(quiet, "2026-03-15", disputed)
	w.bill(loud, "2026-03-15", disputed)
	w.bill(loud, "2026-03-15")
	r := w.pass()
	w.wantGot("overdue")
	if r.Due != 1 {
		t.Errorf("%+v", r)
	}
	if m := w.sb.Messages(u.OpenID); len(m) != 1 || m[0].Values["amount2"] != "110.35元" {
		t.Errorf("%+v", m)
	}
}

func TestVoidAndPaidBillsRemindNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15", func(b *fees.Bill) { b.Status = fees.BillVoid })
	w.pay(w.bill(room, "2026-03-15"), 11035)
	if r := w.pass(); r.Due != 0 {
		t.Errorf("%+v", r)
	}
	w.wantGot()
}

// order puts a pending order of all the room's debt into the books.
func (w *world) order(r estate.Room, u estate.User, b fees.Bill) money.Order {
	w.t.Helper()
	o := money.Order{
		No: models.NewID(), UserID: u.ID, RoomID: r.ID, CommunityID: r.CommunityID, Merchant: "main", MchID: "1900000001", AppID: "wxtest",
		OpenID: u.OpenID, AmountFen: 11035, Status: money.OrderPending, QuotedOn: w.db.Today(), Request: "{}", CreatedAt: w.db.Now(),
		ExpiresAt: models.At(w.clock.Now().Add(30 * time.Minute)), UpdatedAt: w.db.Now(),
	}
	modelstest.Write(w.t, w.db, func(tx *store.Tx) error {
		return money.InsertOrder(tx, &o, []money.OrderLine{{OrderNo: o.No, BillID: b.ID, PrincipalFen: 11002, LateFeeFen: 33}})
	})
	return o
}

func TestOpenOrdersAreAskedAboutFirst(t *testing.T) {
	t.Parallel()
	away := errors.New("WeChat Pay is out of reach")
	tests := []struct {
		name   string
		ask    func(w *world, b fees.Bill, o money.Order) error // nil: no way to ask
		want   []string
		reason string
	}{
		{"out of reach", func(*world, fees.Bill, money.Order) error { return away }, nil, "overdue_1 queued orders_unknown"},
		{"no way to ask", nil, nil, "overdue_1 queued orders_unknown"},
		{"not paid", func(*world, fees.Bill, money.Order) error { return nil }, []string{"overdue"}, "overdue_1 sent "},
		{"paid", func(w *world, b fees.Bill, o money.Order) error {
			w.pay(b, 11035)
			modelstest.Write(w.t, w.db, func(tx *store.Tx) error { return money.PayOrder(tx, &o, "42000", tx.Now) })
			return nil
		}, nil, "overdue_1 skipped settled"},
		{"paid otherwise than ordered", func(w *world, _ fees.Bill, o money.Order) error {
			modelstest.Write(w.t, w.db, func(tx *store.Tx) error { _, err := money.MarkException(tx, o.No); return err })
			return nil
		}, nil, "overdue_1 queued orders_unknown"},
		{"closed without WeChat's word", func(w *world, _ fees.Bill, o money.Order) error {
			modelstest.Write(w.t, w.db, func(tx *store.Tx) error { _, err := money.CloseOrder(tx, o.No, false, tx.Now); return err })
			return nil
		}, nil, "overdue_1 queued orders_unknown"},
		{"closed at WeChat", func(w *world, _ fees.Bill, o money.Order) error {
			modelstest.Write(w.t, w.db, func(tx *store.Tx) error { _, err := money.CloseOrder(tx, o.No, true, tx.Now); return err })
			return nil
		}, []string{"overdue"}, "overdue_1 sent "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, monday)
			room := modelstest.Room(t, w.db)
			u := w.person(map[string]int{"overdue": 1}, room)
			b := w.bill(room, "2026-03-15")
			o := w.order(room, u, b)
			var asked []string
			if tt.ask != nil {
				w.svc = w.service(w.db, reminder.AskOpenOrders(func(_ context.Context, roomID string) error {
					asked = append(asked, roomID)
					return tt.ask(w, b, o)
				}))
			}
			w.pass()
			w.wantGot(tt.want...)
			if diff := cmp.Diff([]string{tt.reason}, w.notices(room)); diff != "" {
				t.Error(diff)
			}
			if tt.ask != nil && !cmp.Equal(asked, []string{room.ID}) {
				t.Errorf("asked %q", asked)
			}
			if want := 1 - len(tt.want); w.left(u, "overdue") != want {
				t.Errorf("left %d, want %d", w.left(u, "overdue"), want)
			}
		})
	}
}

// The answer comes later: the room is reminded then, on the same day.
func TestRoomWaitsUntilItsOrdersAreKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	w.order(room, u, w.bill(room, "2026-03-15"))
	reachable := false
	w.svc = w.service(w.db, reminder.AskOpenOrders(func(context.Context, string) error {
		if !reachable {
			return errors.New("away")
		}
		return nil
	}))
	if r := w.pass(); r.Deferred["orders_unknown"] != 1 {
		t.Errorf("%+v", r)
	}
	reachable = true
	w.drain() // too early
	w.wantGot()
	w.real.Advance(3 * time.Minute)
	w.drain()
	w.wantGot("overdue")
}

func TestNoReminderForARoomThatWasLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15")
	w.queue()
	modelstest.Write(t, w.db, func(tx *store.Tx) error { return estate.Unbind(tx, models.UserActor(u.ID), u.ID, room.ID) })
	if r := w.drain(); r.Skipped["unbound"] != 1 {
		t.Errorf("%+v", r)
	}
	w.wantGot()
	if w.left(u, "overdue") != 1 {
		t.Error("the agreement was spent")
	}
}

// An order that was opened after the orders were asked about stops the claim.
func TestOrderOpenedAfterTheQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	b := w.bill(room, "2026-03-15")
	w.queue()
	w.order(room, u, b)
	if ok, err := w.svc.ClaimOnly(context.Background(), "overdue"); ok || err != nil {
		t.Error(ok, err)
	}
	if diff := cmp.Diff([]string{"overdue_1 queued orders_unknown"}, w.notices(room)); diff != "" || w.left(u, "overdue") != 1 {
		t.Error(diff)
	}
}

// Sums too long for the note are left out whole, never cut to a smaller one.
func TestNoteIsNeverCutInsideASum(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-03-30 10:00")
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15", func(b *fees.Bill) { b.PrincipalFen = 1_234_567_89 })
	w.pass()
	w.wantGot("overdue")
	want := map[string]string{"thing1": room.Name(), "amount2": "1290123.45元", "number3": "15", "thing4": "含违约金55555.56元"}
	if diff := cmp.Diff(want, w.sb.Messages(u.OpenID)[0].Values); diff != "" {
		t.Errorf("want (-), have (+)\n%s", diff)
	}
}
