package estate_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func bind(t *testing.T, db *store.DB, userID, roomID, role string) {
	t.Helper()
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.Bind(tx, modelstest.Actor, userID, roomID, role, "phone") })
}

func TestBindInWhoseName(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	owner := must[[]estate.Tenure](t)(estate.TenuresOfRoom(view(db), room.ID))[0].OwnerID
	tenant, lease := hold(t, db, room, estate.TenureTenant, "赵租", "", "2026-03-15", "2026-12-31")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE tenures SET items = ? WHERE id = ?", models.Items("水费", "电费"), lease.ID)
		return err
	})
	hold(t, db, room, estate.TenureTenant, "旧租", "", "2026-01-01", "2026-03-14")
	for role, see := range map[string]estate.BillVisibility{
		estate.RoleOwner:  {OwnerID: owner, Role: estate.RoleOwner},
		estate.RoleFamily: {OwnerID: owner, Role: estate.RoleFamily},
		estate.RolePayer:  {OwnerID: owner, Role: estate.RolePayer},
		estate.RoleTenant: {
			OwnerID: tenant.ID, Role: estate.RoleTenant, FromOn: day("2026-03-15"), UntilOn: day("2026-12-31"),
			Items: models.Items("水费", "电费"),
		},
	} {
		u := modelstest.User(t, db)
		bind(t, db, u.ID, room.ID, role)
		if b := must[estate.BoundRoom](t)(estate.BoundRoomOf(view(db), u.ID, room.ID)); b.BillVisibility != see || b.Room != room {
			t.Errorf("%s sees %+v, want %+v", role, b.BillVisibility, see)
		}
	}
}

func TestBindAgain(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	u := modelstest.User(t, db, room)
	tenant, _ := hold(t, db, room, estate.TenureTenant, "赵租", "", "2026-03-01", "")
	seen := func() estate.BillVisibility {
		return must[estate.BoundRoom](t)(estate.BoundRoomOf(view(db), u.ID, room.ID)).BillVisibility
	}
	first := seen()
	bind(t, db, u.ID, room.ID, estate.RoleFamily) // in the same name: stays
	if seen() != first {
		t.Errorf("bound again in the same name it is %+v, want %+v", seen(), first)
	}
	bind(t, db, u.ID, room.ID, estate.RoleTenant)
	if s := seen(); s.OwnerID != tenant.ID || s.Role != estate.RoleTenant || s.FromOn != day("2026-03-01") {
		t.Errorf("bound in the tenant's name it is %+v", s)
	}
	want(t, "the log", actions(t, db, "room", room.ID), "binding.added", "binding.changed")
	if n := len(must[[]estate.BoundRoom](t)(estate.BoundRooms(view(db), u.ID))); n != 1 {
		t.Errorf("%d bindings", n)
	}
	// The tenant buys the room.
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.ReviveBindings(tx, room.ID, tenant.ID) })
	if s := seen(); s != (estate.BillVisibility{OwnerID: tenant.ID, Role: estate.RoleOwner}) {
		t.Errorf("revived it is %+v", s)
	}
}

func TestUnbind(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room, other := modelstest.Room(t, db), modelstest.Room(t, db)
	u := modelstest.User(t, db, room)
	bound := func() bool { return must[bool](t)(estate.IsBound(view(db), u.ID, room.ID)) }
	unbind := func(roomID string) error {
		return try(db, func(tx *store.Tx) error { return estate.Unbind(tx, modelstest.Actor, u.ID, roomID) })
	}
	notFound(t, "a room that the user is not bound to", unbind(other.ID))
	if !bound() {
		t.Error("the user is not bound before")
	}
	if err := unbind(room.ID); err != nil || bound() {
		t.Errorf("the user is bound afterwards: %t, %v", bound(), err)
	}
	notFound(t, "a binding that has ended", unbind(room.ID))
	_, err := estate.BoundRoomOf(view(db), u.ID, room.ID)
	notFound(t, "a room after the binding has ended", err)
	want(t, "the log", actions(t, db, "room", room.ID), "binding.added", "binding.removed")
}

func TestBoundRooms(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	b := modelstest.Room(t, db, func(r *estate.Room) { r.Code = "B" })
	c := modelstest.Room(t, db, func(r *estate.Room) { r.Code, r.PrepaidFen = "C", 700 })
	a := modelstest.Room(t, db, func(r *estate.Room) { r.Code = "A" })
	u := modelstest.User(t, db, c, b) // at the same instant: by code
	clock.Advance(1e9)
	bind(t, db, u.ID, a.ID, estate.RoleOwner)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return estate.SetMerchantRule(tx, modelstest.Actor, a.CommunityID, "水费", "water")
	})
	list := must[[]estate.BoundRoom](t)(estate.BoundRooms(view(db), u.ID))
	var found []string
	for _, r := range list {
		found = append(found, r.Code)
		if r.CommunityName != "测试小区" || r.Settlement != estate.LateFeeFirst || r.Merchant != "" || !r.MerchantRules {
			t.Errorf("%+v", r)
		}
	}
	want(t, "rooms in the order of binding", found, "B", "C", "A")
	if seen := list[1].PrepaidSeen(today); seen != 700 {
		t.Errorf("the owner sees a prepayment of %d fen", seen)
	}
	list[1].UntilOn = today - 1
	if seen := list[1].PrepaidSeen(today); seen != 0 {
		t.Errorf("a former owner sees a prepayment of %d fen", seen)
	}
	if list := must[[]estate.BoundRoom](t)(estate.BoundRooms(view(db), modelstest.User(t, db).ID)); len(list) != 0 {
		t.Errorf("a user without rooms sees %+v", list)
	}
}

func TestBoundUsers(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	shy, open := modelstest.User(t, db, room), modelstest.User(t, db, room)
	modelstest.User(t, db, modelstest.Room(t, db))
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.SetUserPhone(tx, open.ID, "13800001234") })
	list := must[[]estate.BoundUser](t)(estate.BoundUsers(view(db), room.ID))
	if len(list) != 2 || list[0].UserID != shy.ID || list[1].UserID != open.ID {
		t.Fatalf("the users are %+v", list)
	}
	if list[0].PhoneMasked != "" || list[1].PhoneMasked != "138****1234" {
		t.Errorf("their phones are shown as %q and %q", list[0].PhoneMasked, list[1].PhoneMasked)
	}
	if u := list[1]; u.Source != "test" || u.Since != db.Now() || u.Role != estate.RoleOwner || u.OwnerID == "" {
		t.Errorf("the second user is %+v", u)
	}
}
