package estate_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func TestOwnersByPhone(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	wang, _ := hold(t, db, room, estate.TenureOwner, "王一", "13800001234", "", "2026-01-31")
	li, _ := hold(t, db, room, estate.TenureOwner, "李二", "13800001234", "2026-02-01", "")
	none, _ := hold(t, db, room, estate.TenureTenant, "赵三", "", "", "")
	abroad := room
	abroad.ID, abroad.CommunityID = models.NewID(), modelstest.Community(t, db, "另一小区").ID
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.InsertRooms(tx, []estate.Room{abroad}) })
	hold(t, db, abroad, estate.TenureOwner, "另一人", "13800001234", "", "")

	index := estate.PhoneIndex(view(db), "13800001234")
	list := must[[]estate.Owner](t)(estate.OwnersByPhone(view(db), room.CommunityID, []string{index, "no index"}))
	want(t, "owners of the phone", names(list), "王一", "李二")
	if list := must[[]estate.Owner](t)(estate.OwnersByPhone(view(db), room.CommunityID, nil)); len(list) != 0 {
		t.Errorf("no index finds %v", names(list))
	}
	for _, tt := range []struct {
		owner       estate.Owner
		phone, last string
	}{{wang, "13800001234", "1234"}, {none, "", ""}} {
		o := must[estate.Owner](t)(estate.OwnerByID(view(db), tt.owner.ID))
		if phone, err := estate.OwnerPhone(view(db), o); err != nil || phone != tt.phone || o.PhoneLast4 != tt.last {
			t.Errorf("%s has the phone %q, ending %q, %v", o.Name, phone, o.PhoneLast4, err)
		}
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.SetOwnerPhone(tx, &li, "13900000001") })
	byID := must[map[string]estate.Owner](t)(estate.OwnersByID(view(db), []string{li.ID, wang.ID, models.NewID()}))
	phone, err := estate.OwnerPhone(view(db), byID[li.ID])
	if err != nil || len(byID) != 2 || phone != "13900000001" || byID[li.ID].PhoneLast4 != "0001" {
		t.Errorf("%d owners, 李二 has the phone %q, %v", len(byID), phone, err)
	}
	list = must[[]estate.Owner](t)(estate.OwnersByPhone(view(db), room.CommunityID, []string{index}))
	want(t, "owners of the phone, after one changed it", names(list), "王一")
	_, err = estate.OwnerByID(view(db), models.NewID())
	notFound(t, "an unknown owner", err)
}

func TestRoomOwnersOfADay(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db, func(r *estate.Room) { r.Code = "1-1-1" })
	modelstest.Write(t, db, func(tx *store.Tx) error {
		held, err := estate.TenuresOfRoom(tx, room.ID)
		if err != nil {
			return err
		}
		return estate.EndTenure(tx, held[0], day("2026-03-14"))
	})
	hold(t, db, room, estate.TenureTenant, "赵租", "", "2026-01-01", "2026-06-30")
	hold(t, db, room, estate.TenureOwner, "李新", "", "2026-03-15", "")
	for _, tt := range []struct {
		on   string
		want []string
	}{
		{"1999-12-31", []string{"王小明"}},
		{"2026-01-01", []string{"王小明", "赵租"}},
		{"2026-03-14", []string{"王小明", "赵租"}},
		{"2026-03-15", []string{"李新", "赵租"}},
		{"2026-06-30", []string{"李新", "赵租"}},
		{"2026-07-01", []string{"李新"}},
	} {
		list := must[[]estate.Owner](t)(estate.RoomOwners(view(db), room.ID, day(tt.on)))
		want(t, "who holds the room on "+tt.on, names(list), tt.want...)
	}
}

func TestOwnersOfSeveral(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	a, b := modelstest.Room(t, db), modelstest.Room(t, db)
	both, _ := hold(t, db, a, estate.TenureOwner, "两套", "", "2020-01-01", "")
	ended, _ := hold(t, db, a, estate.TenureOwner, "卖了", "", "2010-01-01", "2015-12-31")
	rents, _ := hold(t, db, a, estate.TenureOwner, "租了", "", "2021-01-01", "")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return estate.InsertTenures(tx, []estate.Tenure{
			{ID: models.NewID(), RoomID: b.ID, OwnerID: both.ID, Role: estate.TenureOwner},
			{ID: models.NewID(), RoomID: b.ID, OwnerID: ended.ID, Role: estate.TenureOwner},
			{ID: models.NewID(), RoomID: b.ID, OwnerID: rents.ID, Role: estate.TenureTenant},
		})
	})
	have := must[map[string]bool](t)(estate.OwnersOfSeveral(view(db), []string{both.ID, ended.ID, rents.ID}))
	if len(have) != 1 || !have[both.ID] {
		t.Errorf("of 两套 %s, 卖了 %s and 租了 %s these own several: %v", both.ID, ended.ID, rents.ID, have)
	}
	want(t, "rooms of 卖了", roomIDs(must[[]estate.Room](t)(estate.RoomsOfOwner(view(db), ended.ID))), a.ID, b.ID)
}

func roomIDs(rooms []estate.Room) []string {
	var out []string
	for _, r := range rooms {
		out = append(out, r.ID)
	}
	return out
}

func TestRenameOwner(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	o, _ := hold(t, db, modelstest.Room(t, db), estate.TenureOwner, "王晓明", "", "", "")
	stale := o
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.RenameOwner(tx, &o, "王小明") })
	if have := must[estate.Owner](t)(estate.OwnerByID(view(db), o.ID)); have.Name != "王小明" || o.Name != have.Name {
		t.Errorf("the owner is called %s", have.Name)
	}
	if err := try(db, func(tx *store.Tx) error { return estate.RenameOwner(tx, &stale, "王二明") }); err == nil || stale.Name != "王晓明" {
		t.Errorf("a name that was read before the change: %v, now %s", err, stale.Name)
	}
}

func TestLast4(t *testing.T) {
	t.Parallel()
	for phone, last := range map[string]string{"13800001234": "1234", "1234": "1234", "123": "", "": ""} {
		if have := estate.Last4(phone); have != last {
			t.Errorf("the end of %q is %q, want %q", phone, have, last)
		}
	}
}
