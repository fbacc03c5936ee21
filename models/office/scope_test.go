package office_test

import (
	"context"
	"errors"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestScope asks for the same rooms as everybody who could ask.
func TestScope(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	mine := modelstest.Room(t, db, func(r *estate.Room) { r.Steward = "周楠" })
	modelstest.Room(t, db, func(r *estate.Room) { r.Steward = "高远" })
	modelstest.Room(t, db) // nobody's
	bill := modelstest.Bill(t, db, mine)
	tx := db.View(context.Background())
	steward := func(name string) office.Scope { return office.Staff{Role: office.RoleSteward, Name: name}.Scope() }
	for _, c := range []struct {
		who   string
		scope office.Scope
		rooms int
		mine  bool
		owed  models.Fen
	}{
		{"all", office.AllRooms(), 3, true, bill.PrincipalFen},
		{"finance", office.Staff{Role: office.RoleFinance, Name: "周楠"}.Scope(), 3, true, bill.PrincipalFen},
		{"steward", steward("周楠"), 1, true, bill.PrincipalFen},
		{"another steward", steward("高远"), 1, false, 0},
		{"a steward of none", steward("李"), 0, false, 0},
		{"a steward without a name", steward(""), 0, false, 0},
		{"nobody", office.Scope{}, 0, false, 0},
	} {
		lines, err := estate.RoomLines(tx, estate.RoomFilter{Scope: c.scope, Limit: 10})
		if err != nil || len(lines) != c.rooms {
			t.Errorf("%s sees %d rooms, want %d (%v)", c.who, len(lines), c.rooms, err)
		}
		standing, err := estate.StandingOf(tx, c.scope)
		if err != nil || standing.Rooms != int64(c.rooms) || standing.Owners != int64(c.rooms) || standing.OwedFen != c.owed {
			t.Errorf("%s has the standing %+v (%v)", c.who, standing, err)
		}
		_, _, err = estate.ScopedRoom(tx, c.scope, mine.ID)
		if c.mine != (err == nil) || (err != nil && !errors.Is(err, models.ErrNotFound)) {
			t.Errorf("%s asks for the room of 周楠: %v", c.who, err)
		}
	}
}

// TestAttempts takes the tries of a day at once from many sides.
func TestAttempts(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	const limit = 5
	taken := make(chan bool, 20)
	for range cap(taken) {
		go func() {
			ok := false
			err := db.Write(context.Background(), func(tx *store.Tx) (err error) {
				ok, err = office.CountAttempt(tx, "x", tx.Today(), limit)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			taken <- ok
		}()
	}
	n := 0
	for range cap(taken) {
		if <-taken {
			n++
		}
	}
	if n != limit {
		t.Errorf("%d tries were given, want %d", n, limit)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return office.ForgiveAttempt(tx, "x", tx.Today()) })
	modelstest.Write(t, db, func(tx *store.Tx) error {
		ok, err := office.CountAttempt(tx, "x", tx.Today(), limit)
		if err == nil && !ok {
			t.Error("a try that was given back is not there")
		}
		return err
	})
}

// TestLastAdmin has two admins disable each other at once: one stays.
func TestLastAdmin(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	admins := []office.Staff{{Username: "a", Role: office.RoleAdmin}, {Username: "b", Role: office.RoleAdmin}}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return errors.Join(office.AddStaff(tx, modelstest.Actor, &admins[0]), office.AddStaff(tx, modelstest.Actor, &admins[1]))
	})
	results := make(chan error, 2)
	for i := range admins {
		go func() {
			results <- db.Write(context.Background(), func(tx *store.Tx) error { return office.DisableStaff(tx, admins[i].Actor(), admins[1-i].ID) })
		}()
	}
	first, second := <-results, <-results
	if (first == nil) == (second == nil) || !errors.Is(errors.Join(first, second), office.ErrLastAdmin) {
		t.Errorf("two admins disabled each other: %v, %v", first, second)
	}
}
