package reminder_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/reminder"
)

func TestHours(t *testing.T) {
	t.Parallel()
	tests := []struct {
		at   string
		want bool
	}{
		{"2026-03-16 09:29", false}, {"2026-03-16 09:30", true}, {"2026-03-16 11:59", true}, {"2026-03-16 12:00", false},
		{"2026-03-16 14:59", false}, {"2026-03-16 15:00", true}, {"2026-03-16 17:59", true}, {"2026-03-16 18:00", false},
		{"2026-03-20 09:30", true},                               // Friday
		{"2026-03-21 09:30", false}, {"2026-03-21 10:29", false}, // Saturday
		{"2026-03-21 10:30", true}, {"2026-03-22 11:59", true}, {"2026-03-22 12:00", false},
		{"2026-03-22 15:00", true}, {"2026-03-22 18:00", false}, {"2026-03-16 00:00", false}, {"2026-03-16 23:59", false},
	}
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	open := func() bool {
		t.Helper()
		ok, err := reminder.Open(db.View(context.Background()))
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	for _, tt := range tests {
		clock.Set(at(tt.at))
		if have := open(); have != tt.want {
			t.Errorf("%s: want %v, have %v", tt.at, tt.want, have)
		}
	}
	clock.Set(time.Date(2026, 3, 16, 2, 0, 0, 0, time.UTC)) // 10:00 in Shanghai
	if !open() {
		t.Error("the hours are not those of Shanghai")
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		for day, kind := range map[string]string{"2026-10-01": office.DayOff, "2026-10-10": office.WorkDay} {
			if err := office.SetHoliday(tx, modelstest.Actor, office.Holiday{Day: models.MustDate(day), Kind: kind}); err != nil {
				return err
			}
		}
		return nil
	})
	for text, want := range map[string]bool{
		"2026-10-01 09:30": false, "2026-10-01 10:29": false, "2026-10-01 10:30": true, "2026-10-01 12:00": false, // a Thursday, off
		"2026-10-10 09:29": false, "2026-10-10 09:30": true, "2026-10-10 18:00": false, // a Saturday, worked
		"2026-10-11 09:30": false, "2026-10-12 09:30": true, // a Sunday and a Monday like any other
	} {
		clock.Set(at(text))
		if have := open(); have != want {
			t.Errorf("with holidays, %s: want %v, have %v", text, want, have)
		}
	}
}

// Every day from before the first step to long after the last: which message the
// first pass ever sends, and what it says.
func TestEachStepOfTheCalendar(t *testing.T) {
	t.Parallel()
	type text = map[string]string
	tests := []struct {
		name string
		now  string
		key  string
		step string
		want text
	}{
		{"eleven days before", "2026-03-04 10:00", "", "", nil},
		{
			"ten days before", "2026-03-05 10:00", "due_soon", "due_minus_10",
			text{"amount2": "110.02元", "date3": "2026年3月15日", "thing4": "共1笔账单，请在截止日前缴纳"},
		},
		{
			"missed, made up later", "2026-03-11 10:00", "due_soon", "due_minus_10",
			text{"amount2": "110.02元", "date3": "2026年3月15日", "thing4": "共1笔账单，请在截止日前缴纳"},
		},
		{
			"due date, a Sunday", "2026-03-15 10:30", "due_soon", "due_day",
			text{"amount2": "110.02元", "date3": "2026年3月15日", "thing4": "共1笔账单，今日截止，明日起计违约金"},
		},
		{
			"first notice", "2026-03-16 10:00", "overdue", "overdue_1",
			text{"amount2": "110.35元", "number3": "1", "thing4": "共1笔账单，含违约金0.33元"},
		},
		{
			"first notice made up", "2026-03-20 10:00", "overdue", "overdue_1",
			text{"amount2": "111.67元", "number3": "5", "thing4": "共1笔账单，含违约金1.65元"},
		},
		{
			"second notice", "2026-03-24 15:00", "overdue", "overdue_9",
			text{"amount2": "112.99元", "number3": "9", "thing4": "共1笔账单，含违约金2.97元"},
		},
		{
			"final notice", "2026-03-30 17:59", "overdue", "overdue_15",
			text{"amount2": "114.97元", "number3": "15", "thing4": "本金110.02元，违约金4.95元"},
		},
		{
			"final notice made up", "2026-05-13 10:00", "overdue", "overdue_15",
			text{"amount2": "129.49元", "number3": "59", "thing4": "本金110.02元，违约金19.47元"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.now)
			room := modelstest.Room(t, w.db)
			u := w.person(map[string]int{"due_soon": 2, "overdue": 2}, room)
			w.bill(room, "2026-03-15")
			w.pass()
			if tt.key == "" {
				w.wantGot()
				return
			}
			w.wantGot(tt.key)
			m := w.sb.Messages(u.OpenID)[0]
			tt.want["thing1"] = room.Name()
			if diff := cmp.Diff(tt.want, m.Values); diff != "" {
				t.Errorf("message: want (-), have (+)\n%s", diff)
			}
			if m.Page != reminder.Page+room.ID {
				t.Errorf("page %q", m.Page)
			}
			if diff := cmp.Diff([]string{tt.step + " sent "}, w.notices(room)); diff != "" {
				t.Error(diff)
			}
			if w.left(u, tt.key) != 1 {
				t.Errorf("left of %s: %d", tt.key, w.left(u, tt.key))
			}
			if r := w.pass(); r.Queued != 0 || r.Due != 0 || r.Unreachable != 0 {
				t.Errorf("a second pass found something: %+v", r)
			}
			w.wantGot(tt.key)
		})
	}
}

func TestNothingOutsideTheHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-03-16 12:00")
	room := modelstest.Room(t, w.db)
	w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15")
	if r := w.pass(); !r.OutsideHours || r.Queued != 0 {
		t.Errorf("%+v", r)
	}
	if n := w.notices(room); len(n) != 0 {
		t.Errorf("queued: %q", n)
	}
	w.clock.Set(at("2026-03-16 15:00"))
	w.pass()
	w.wantGot("overdue")
}

// What was queued when the hours ended waits for the afternoon; on another day it
// is done anew, with that day's amount.
func TestHoursEndBetweenQueueAndSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-03-16 11:59")
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15")
	w.queue()
	w.clock.Set(at("2026-03-16 12:00"))
	w.drain()
	w.wantGot()
	w.clock.Set(at("2026-03-17 10:00"))
	w.pass()
	w.wantGot("overdue")
	if m := w.sb.Messages(u.OpenID)[0]; m.Values["amount2"] != "110.68元" {
		t.Errorf("amount %s is not that of the second day", m.Values["amount2"])
	}
	if diff := cmp.Diff([]string{"overdue_1 skipped stale", "overdue_1 sent "}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
}

// The server was down from before the first step to the fourth day after the due
// date: one message then, and the next one at the next step.
func TestMissedStepsAreMadeUpForOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-03-19 10:00")
	room := modelstest.Room(t, w.db)
	w.person(map[string]int{"due_soon": 5, "overdue": 5}, room)
	w.bill(room, "2026-03-15")
	for _, day := range []string{"19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31"} {
		w.clock.Set(at("2026-03-" + day + " 11:00"))
		w.pass()
		w.pass()
	}
	if diff := cmp.Diff([]string{"overdue_1 sent ", "overdue_9 sent ", "overdue_15 sent "}, w.notices(room)); diff != "" {
		t.Error(diff)
	}
	w.wantGot("overdue", "overdue", "overdue")
}

// Opening arrears of a year, imported today: one message with the sum of all, and
// no more on the days after.
func TestOldArrearsComeInOneMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 5}, room)
	for _, due := range []string{"2025-04-15", "2025-07-15", "2025-10-15", "2026-01-15"} {
		w.bill(room, due, func(b *fees.Bill) { b.CreatedAt = w.db.Now() })
	}
	for range 5 {
		w.pass()
		w.clock.Advance(24 * time.Hour)
	}
	w.wantGot("overdue")
	want := map[string]string{"thing1": room.Name(), "amount2": "701.15元", "number3": "335", "thing4": "本金440.08元，违约金261.07元"}
	if diff := cmp.Diff(want, w.sb.Messages(u.OpenID)[0].Values); diff != "" {
		t.Errorf("want (-), have (+)\n%s", diff)
	}
}

// One reminder a day, the graver one first; three in any seven days.
func TestOneADayAndThreeAWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-03-16 10:45")
	room := modelstest.Room(t, w.db)
	w.person(map[string]int{"due_soon": 9, "overdue": 9}, room)
	w.bill(room, "2026-03-15")
	w.bill(room, "2026-03-26") // ten days before on the 16th
	if r := w.pass(); r.Queued != 1 || r.Sent != 1 {
		t.Errorf("%+v", r)
	}
	if r := w.pass(); r.Queued != 0 || r.Limited != 1 {
		t.Errorf("%+v", r)
	}
	w.wantGot("overdue")
	next := func() { w.clock.Advance(24 * time.Hour); w.pass() }
	next() // 17th
	w.wantGot("overdue", "due_soon")
	w.bill(room, "2026-03-17")
	w.bill(room, "2026-03-18")
	next() // 18th: the third of the week
	w.wantGot("overdue", "due_soon", "overdue")
	for range 4 { // 19th to 22nd: the step of the 19th has to wait
		next()
	}
	w.wantGot("overdue", "due_soon", "overdue")
	next() // 23rd: the 16th is seven days ago
	w.wantGot("overdue", "due_soon", "overdue", "overdue")
}

// Bills that come into the books after a reminder, with older due dates than it
// knew of, are reminded of too.
func TestBillsImportedAfterAReminder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 2}, room)
	w.bill(room, "2026-03-15")
	w.pass()
	w.clock.Set(at("2026-03-18 10:00"))
	w.bill(room, "2026-01-15", func(b *fees.Bill) { b.CreatedAt = w.db.Now() })
	w.pass()
	w.wantGot("overdue", "overdue")
	if m := w.sb.Messages(u.OpenID)[1]; m.Values["number3"] != "62" {
		t.Errorf("%+v", m.Values)
	}
}

// A worker that wakes before the day's pass does not send yesterday's reminders.
func TestDrainSendsNothingOfYesterday(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15")
	w.queue()
	w.clock.Advance(24 * time.Hour)
	if r := w.drain(); r.Skipped["stale"] != 1 || w.left(u, "overdue") != 1 {
		t.Errorf("%+v", r)
	}
	w.wantGot()
}

// The claim itself looks at the hours: a batch may have been read a while before.
func TestClaimAfterTheHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t, monday)
	room := modelstest.Room(t, w.db)
	u := w.person(map[string]int{"overdue": 1}, room)
	w.bill(room, "2026-03-15")
	w.queue()
	w.clock.Set(at("2026-03-16 12:00"))
	if ok, err := w.svc.ClaimOnly(context.Background(), "overdue"); ok || err != nil {
		t.Error(ok, err)
	}
	if diff := cmp.Diff([]string{"overdue_1 queued "}, w.notices(room)); diff != "" || w.left(u, "overdue") != 1 {
		t.Error(diff)
	}
}
