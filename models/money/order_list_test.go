package money_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
)

var steward = office.Staff{Role: office.RoleSteward, Name: "管家"}

// Each filter of the staff's list chooses its orders, and the cursor goes on behind the
// last one.
func TestListedOrders(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	mine := modelstest.Room(t, db, func(r *estate.Room) { r.Steward = "管家" })
	other := modelstest.Room(t, db)
	created := func(at time.Time) func(*money.Order) { return func(o *money.Order) { o.CreatedAt = models.At(at) } }
	first := newOrder(t, db, mine, nil, created(today.Start()))
	last := newOrder(t, db, mine, nil, created((today + 1).Start().Add(-time.Millisecond)), func(o *money.Order) {
		o.Status, o.TransactionID = money.OrderPaid, "4200000001"
	})
	tomorrow := newOrder(t, db, other, nil, created((today + 1).Start()))
	for name, tt := range map[string]struct {
		filter money.OrderFilter
		want   []string
	}{
		"all":                {money.OrderFilter{}, []string{tomorrow.No, last.No, first.No}},
		"a page":             {money.OrderFilter{Limit: 2}, []string{tomorrow.No, last.No}},
		"the page after":     {money.OrderFilter{After: last.No}, []string{first.No}},
		"state":              {money.OrderFilter{Status: money.OrderPaid}, []string{last.No}},
		"day":                {money.OrderFilter{On: today}, []string{last.No, first.No}},
		"day before":         {money.OrderFilter{On: today - 1}, nil},
		"number":             {money.OrderFilter{Number: first.No}, []string{first.No}},
		"transaction":        {money.OrderFilter{Number: "4200000001"}, []string{last.No}},
		"no number there is": {money.OrderFilter{Number: "王小明"}, nil},
		"room":               {money.OrderFilter{RoomID: other.ID}, []string{tomorrow.No}},
		"number and state":   {money.OrderFilter{Number: first.No, Status: money.OrderPaid}, nil},
		"steward":            {money.OrderFilter{Scope: steward.Scope()}, []string{last.No, first.No}},
		"nobody":             {money.OrderFilter{Scope: office.Staff{Role: office.RoleSteward}.Scope()}, nil},
	} {
		f := tt.filter
		if f.Scope == (office.Scope{}) && name != "nobody" {
			f.Scope = office.AllRooms()
		}
		if f.Limit == 0 {
			f.Limit = 10
		}
		list, err := money.ListedOrders(view(db), f)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var nos []string
		for _, o := range list {
			nos = append(nos, o.No)
			if o.Room.ID != o.RoomID || o.Room.Code == "" || o.Room.CommunityID != o.CommunityID {
				t.Errorf("%s: the room of %s is %+v", name, o.No, o.Room)
			}
		}
		if diff := cmp.Diff(tt.want, nos); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// An order of a room out of sight answers as one that does not exist.
func TestScopedOrder(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	mine := newOrder(t, db, modelstest.Room(t, db, func(r *estate.Room) { r.Steward = "管家" }), nil)
	other := newOrder(t, db, modelstest.Room(t, db), nil)
	if o, err := money.ScopedOrder(view(db), steward.Scope(), mine.No); err != nil || cmp.Diff(mine, o.Order) != "" ||
		o.Room.Steward != "管家" {
		t.Errorf("%+v, %v", o, err)
	}
	for name, no := range map[string]string{"another's": other.No, "none": models.NewID(), "no number": "订单"} {
		if _, err := money.ScopedOrder(view(db), steward.Scope(), no); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := money.ScopedOrder(view(db), office.AllRooms(), other.No); err != nil {
		t.Errorf("everybody else: %v", err)
	}
}

// Rooms are found for more numbers than one IN list holds; a number that is no order is
// missing.
func TestRoomsOfOrders(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	a, b := modelstest.Room(t, db), modelstest.Room(t, db)
	nos := []string{newOrder(t, db, a, nil).No}
	for range 600 {
		nos = append(nos, models.NewID())
	}
	nos = append(nos, newOrder(t, db, b, nil).No)
	rooms, err := money.RoomsOfOrders(view(db), nos)
	if err != nil || len(rooms) != 2 || rooms[nos[0]].Code != a.Code || rooms[nos[len(nos)-1]].Code != b.Code {
		t.Errorf("%d rooms, %v", len(rooms), err)
	}
	if rooms, err := money.RoomsOfOrders(view(db), nil); len(rooms) != 0 || err != nil {
		t.Errorf("of no number: %v, %v", rooms, err)
	}
}
