package reminder_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/reminder"
)

// debtors makes rooms with two bills each, due yesterday and ten days from now; one
// in reachable of them has a bound person with an agreement.
func debtors(t testing.TB, db *store.DB, rooms, reachable int) {
	t.Helper()
	c := modelstest.Community(t, db, "大型社区")
	today, now := db.Today(), db.Now()
	known := models.At(now.AddDate(0, -1, 0))
	for made := 0; made < rooms; made += 1000 {
		n := min(1000, rooms-made)
		list, bills := make([]estate.Room, n), make([]fees.Bill, 0, 2*n)
		for i := range list {
			code := fmt.Sprintf("%d-1-%d", (made+i)/1000+1, (made+i)%1000+1)
			list[i] = estate.Room{
				ID: models.NewID(), CommunityID: c.ID, Code: code, CodeKey: models.RoomKey(code), Building: "1栋", Unit: "1单元",
				Number: strconv.Itoa(made + i), Kind: "住宅", Area: "100.00", Occupancy: estate.Occupied, CreatedAt: now, UpdatedAt: now,
			}
			for _, due := range []models.Date{today - 1, today + 10} {
				b := fees.Bill{
					ID: models.NewID(), CommunityID: c.ID, RoomID: list[i].ID, Item: "物业服务费", PeriodStart: due, PeriodEnd: due,
					IssuedOn: due, DueOn: due, Status: fees.BillUnpaid, PrincipalFen: 11002, Basis: "{}", Source: fees.SourceRun,
					CreatedAt: known, UpdatedAt: known,
				}
				b.SetLateRule(estate.DefaultLateRule())
				bills = append(bills, b)
			}
		}
		modelstest.Write(t, db, func(tx *store.Tx) error {
			if err := estate.InsertRooms(tx, list); err != nil {
				return err
			}
			if _, err := fees.InsertBills(tx, bills, false); err != nil {
				return err
			}
			for i, r := range list {
				if reachable == 0 || (made+i)%reachable != 0 {
					continue
				}
				u, err := estate.EnsureUser(tx, "wxtest", "openid-"+r.ID, "")
				if err != nil {
					return err
				}
				if err := estate.Bind(tx, modelstest.Actor, u.ID, r.ID, estate.RoleOwner, "test"); err != nil {
					return err
				}
				if err := messages.AddSubscription(tx, u.ID, messages.TemplateOverdue, 1, messages.QuotaGranted, ""); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// peakHeap runs fn and returns the highest live heap seen beyond the one before.
func peakHeap(fn func()) uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	var peak atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapAlloc))
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	fn()
	close(stop)
	<-done
	return peak.Load() - min(before, peak.Load())
}

// A pass holds a batch of rooms at a time, not all debtors: its memory does not
// grow with their number. SCALE_ROOMS=100000 measures a large town.
func TestPassHoldsFewRoomsAtATime(t *testing.T) {
	rooms := 5000
	if s := os.Getenv("SCALE_ROOMS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		rooms = n
	}
	db := modelstest.OpenAt(t, modelstest.NewClock(at(monday)).Now)
	debtors(t, db, rooms, 10)
	conf := reminder.Config{Templates: map[string]reminder.Template{}}
	for key, k := range keywords {
		conf.Templates[key] = reminder.Template{ID: key, Keywords: k}
	}
	svc := reminder.New(db, nil, conf, reminder.Logger(slog.New(slog.DiscardHandler)))
	var first, second reminder.PassResult
	var took, again time.Duration
	peak := peakHeap(func() {
		var err error
		start := time.Now()
		if first, err = svc.QueueOnly(context.Background()); err != nil {
			t.Error(err)
		}
		took, start = time.Since(start), time.Now()
		if second, err = svc.QueueOnly(context.Background()); err != nil {
			t.Error(err)
		}
		again = time.Since(start)
	})
	t.Logf("%d debtor rooms, one in ten reachable: %v, a second pass %v; heap at most %d KiB above the start", rooms, took, again, peak>>10)
	want := reminder.PassResult{Due: rooms, Queued: rooms / 10, Unreachable: rooms - rooms/10}
	if fmt.Sprint(first) != fmt.Sprint(want) {
		t.Errorf("want %+v, have %+v", want, first)
	}
	if second.Queued != 0 {
		t.Errorf("a second pass queued %d", second.Queued)
	}
	if peak > 48<<20 {
		t.Errorf("heap of %d MiB", peak>>20)
	}
}

// BenchmarkSend is a whole pass over b.N rooms with one person each to reach,
// messages through the sandbox included.
func BenchmarkSend(b *testing.B) {
	w := newWorld(b, monday)
	for range b.N {
		room := modelstest.Room(b, w.db)
		w.person(map[string]int{"overdue": 1}, room)
		w.bill(room, "2026-03-15")
	}
	b.ResetTimer()
	if r := w.pass(); r.Sent != b.N {
		b.Fatalf("%+v", r)
	}
}

// BenchmarkQueueReceipt is what a booking pays for its receipt: one insert, in a
// transaction of its own here.
func BenchmarkQueueReceipt(b *testing.B) {
	w := newWorld(b, monday)
	room := modelstest.Room(b, w.db)
	u := w.person(nil, room)
	b.ResetTimer()
	for range b.N {
		modelstest.Write(b, w.db, func(tx *store.Tx) error {
			return w.svc.PaymentReceived(tx, &money.Order{No: models.NewID(), UserID: u.ID, RoomID: room.ID}, nil)
		})
	}
}
