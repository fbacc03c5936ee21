package models_test

import (
	"context"
	"errors"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// TestScope asks for the same rooms as everybody who could ask.
func TestScope(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	mine := modelstest.Room(t, db, func(r *models.Room) { r.Steward = "周楠" })
	modelstest.Room(t, db, func(r *models.Room) { r.Steward = "高远" })
	modelstest.Room(t, db) // nobody's
	bill := modelstest.Bill(t, db, mine)
	tx := db.View(context.Background())
	steward := func(name string) models.Scope { return models.Staff{Role: models.RoleSteward, Name: name}.Scope() }
	for _, c := range []struct {
		who   string
		scope models.Scope
		rooms int
		mine  bool
		owed  models.Fen
	}{
		{"all", models.AllRooms(), 3, true, bill.PrincipalFen},
		{"finance", models.Staff{Role: models.RoleFinance, Name: "周楠"}.Scope(), 3, true, bill.PrincipalFen},
		{"steward", steward("周楠"), 1, true, bill.PrincipalFen},
		{"another steward", steward("高远"), 1, false, 0},
		{"a steward of none", steward("李"), 0, false, 0},
		{"a steward without a name", steward(""), 0, false, 0},
		{"nobody", models.Scope{}, 0, false, 0},
	} {
		lines, err := tx.RoomLines(models.RoomFilter{Scope: c.scope, Limit: 10})
		if err != nil || len(lines) != c.rooms {
			t.Errorf("%s sees %d rooms, want %d (%v)", c.who, len(lines), c.rooms, err)
		}
		standing, err := tx.StandingOf(c.scope)
		if err != nil || standing.Rooms != int64(c.rooms) || standing.Owners != int64(c.rooms) || standing.OwedFen != c.owed {
			t.Errorf("%s has the standing %+v (%v)", c.who, standing, err)
		}
		_, _, err = tx.ScopedRoom(c.scope, mine.ID)
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
			err := db.Write(context.Background(), func(tx *models.Tx) (err error) {
				ok, err = tx.CountAttempt("x", tx.Today(), limit)
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
	modelstest.Write(t, db, func(tx *models.Tx) error { return tx.ForgiveAttempt("x", tx.Today()) })
	modelstest.Write(t, db, func(tx *models.Tx) error {
		ok, err := tx.CountAttempt("x", tx.Today(), limit)
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
	admins := []models.Staff{{Username: "a", Role: models.RoleAdmin}, {Username: "b", Role: models.RoleAdmin}}
	modelstest.Write(t, db, func(tx *models.Tx) error {
		return errors.Join(tx.AddStaff(modelstest.Actor, &admins[0]), tx.AddStaff(modelstest.Actor, &admins[1]))
	})
	results := make(chan error, 2)
	for i := range admins {
		go func() {
			results <- db.Write(context.Background(), func(tx *models.Tx) error { return tx.DisableStaff(admins[i].Actor(), admins[1-i].ID) })
		}()
	}
	first, second := <-results, <-results
	if (first == nil) == (second == nil) || !errors.Is(errors.Join(first, second), models.ErrLastAdmin) {
		t.Errorf("two admins disabled each other: %v, %v", first, second)
	}
}
