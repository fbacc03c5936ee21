package fees_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

var bg = context.Background()

// clerk and chief are two members of staff, as every decision takes.
var (
	clerk = models.Actor{Kind: models.ActorStaff, ID: "clerk", Name: "甲"}
	chief = models.Actor{Kind: models.ActorStaff, ID: "chief", Name: "乙"}
)

var day = models.MustDate

// steward is the scope of a steward of that name.
func steward(name string) office.Scope {
	return office.Staff{Role: office.RoleSteward, Name: name}.Scope()
}

// read returns what a query finds outside a transaction.
func read[T any](t *testing.T, db *store.DB, query func(tx *store.Tx) (T, error)) T {
	t.Helper()
	got, err := query(db.View(bg))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// change returns what a change inside a transaction returns.
func change[T any](t *testing.T, db *store.DB, do func(tx *store.Tx) (T, error)) (got T) {
	t.Helper()
	modelstest.Write(t, db, func(tx *store.Tx) (err error) {
		got, err = do(tx)
		return err
	})
	return got
}

// equal compares; times are compared as instants.
func equal[T any](t *testing.T, what string, have, want T) {
	t.Helper()
	instants := cmp.Comparer(func(a, b models.Time) bool { return a.Equal(b.Time) })
	if diff := cmp.Diff(want, have, cmpopts.EquateEmpty(), instants); diff != "" {
		t.Errorf("%s: wanted (-), have (+)\n%s", what, diff)
	}
}

// each returns one value of each row.
func each[T, V any](rows []T, value func(T) V) []V {
	out := make([]V, len(rows))
	for i, r := range rows {
		out[i] = value(r)
	}
	return out
}

func billIDs(list []fees.Bill) []string { return each(list, func(b fees.Bill) string { return b.ID }) }

// pages reads pages of two until one is empty, and returns all rows.
func pages[T any](t *testing.T, page func(after string) ([]T, error), cursor func(T) string) []T {
	t.Helper()
	var out []T
	after := ""
	for range 20 {
		list, err := page(after)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return out
		}
		if len(list) > 2 {
			t.Fatalf("a page of two has %d rows", len(list))
		}
		out, after = append(out, list...), cursor(list[len(list)-1])
	}
	t.Fatal("the pages do not end")
	return nil
}

// fails checks that a transaction ends with an error that holds in errors.Is, or with
// any error for nil.
func fails(t *testing.T, what string, db *store.DB, want error, do func(tx *store.Tx) error) {
	t.Helper()
	err := db.Write(bg, do)
	if err == nil || want != nil && !errors.Is(err, want) {
		t.Errorf("%s: want %v, have %v", what, want, err)
	}
}

// Nothing is found by an id that there is not, nor by a text that no id can be.
func TestNotFound(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	finders := map[string]func(tx *store.Tx, id string) error{
		"tariff":         func(tx *store.Tx, id string) error { _, err := fees.TariffByID(tx, id); return err },
		"meter":          func(tx *store.Tx, id string) error { _, err := fees.MeterByID(tx, id); return err },
		"bill":           func(tx *store.Tx, id string) error { _, err := fees.BillByID(tx, id); return err },
		"run":            func(tx *store.Tx, id string) error { _, err := fees.RunByID(tx, id); return err },
		"locked run":     func(tx *store.Tx, id string) error { _, err := fees.LockRun(tx, id); return err },
		"open run":       func(tx *store.Tx, id string) error { _, err := fees.OpenRun(tx, id, "2026-03"); return err },
		"batch":          func(tx *store.Tx, id string) error { _, err := fees.NextBatch(tx, id); return err },
		"charge":         func(tx *store.Tx, id string) error { _, err := fees.ChargeByID(tx, id); return err },
		"locked charge":  func(tx *store.Tx, id string) error { _, err := fees.LockCharge(tx, id); return err },
		"request":        func(tx *store.Tx, id string) error { _, err := fees.RequestByID(tx, id); return err },
		"locked request": func(tx *store.Tx, id string) error { _, err := fees.LockRequest(tx, id); return err },
		"scoped request": func(tx *store.Tx, id string) error {
			_, err := fees.ScopedRequest(tx, office.AllRooms(), id)
			return err
		},
		"locked plan":  func(tx *store.Tx, id string) error { _, err := fees.LockPlan(tx, id); return err },
		"plan of part": func(tx *store.Tx, id string) error { _, err := fees.PlanOfPart(tx, id); return err },
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		for name, find := range finders {
			for _, id := range []string{models.NewID(), "", "三栋", "' OR 1=1"} {
				if err := find(tx, id); !errors.Is(err, models.ErrNotFound) {
					t.Errorf("%s %q: %v", name, id, err)
				}
			}
		}
		return nil
	})
}

// room makes a room with a steward and a building.
func room(t *testing.T, db *store.DB, building, by string) estate.Room {
	t.Helper()
	return modelstest.Room(t, db, func(r *estate.Room) { r.Building, r.Steward = building, by })
}

// bill makes a bill of 100 yuan for the days from..to.
func bill(t *testing.T, db *store.DB, r estate.Room, from, to string, with ...func(*fees.Bill)) fees.Bill {
	t.Helper()
	return modelstest.Bill(t, db, r, append([]func(*fees.Bill){func(b *fees.Bill) {
		b.PeriodStart, b.PeriodEnd, b.PrincipalFen = day(from), day(to), 10000
	}}, with...)...)
}

func due(on string) func(*fees.Bill)    { return func(b *fees.Bill) { b.DueOn = day(on) } }
func item(name string) func(*fees.Bill) { return func(b *fees.Bill) { b.Item = name } }

func status(s string) func(*fees.Bill) { return func(b *fees.Bill) { b.Status = s } }

// paid is a bill of which so much principal is paid.
func paid(fen models.Fen) func(*fees.Bill) {
	return func(b *fees.Bill) {
		b.PaidPrincipalFen, b.Status = fen, fees.BillPartial
		if b.OutstandingFen() == 0 {
			b.Status = fees.BillPaid
		}
	}
}

// void is the first bill of its period that was taken back.
func void(b *fees.Bill) { b.Status, b.VoidSeq = fees.BillVoid, 1 }

// clocked opens a database with a clock that stands at an instant in Shanghai.
func clocked(t *testing.T, at string) (*store.DB, *modelstest.Clock) {
	t.Helper()
	start, err := time.ParseInLocation(time.DateTime, at, models.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	clock := modelstest.NewClock(start)
	return modelstest.OpenAt(t, clock.Now), clock
}

func numbered(prefix string, n int) string { return fmt.Sprintf("%s%03d", prefix, n) }

// fields is strings.Fields, for wanted lists that read well.
func fields(text string) []string { return strings.Fields(text) }
