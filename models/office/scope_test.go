package office_test

import (
	"context"
	"errors"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
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
