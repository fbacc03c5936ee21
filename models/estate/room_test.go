package estate_test

import (
	"fmt"
	"slices"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func TestRoomName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		room estate.Room
		want string
	}{
		{estate.Room{Code: "1-2-301", Building: "1栋", Unit: "2单元", Number: "301"}, "1栋2单元301"},
		{estate.Room{Code: "1-301", Building: "1栋", Number: "301"}, "1栋301"},
		{estate.Room{Code: "车位A7", Number: "A7"}, "车位A7"},
		{estate.Room{Code: "1栋", Building: "1栋"}, "1栋"},
	} {
		if have := tt.room.Name(); have != tt.want {
			t.Errorf("%+v is called %s, want %s", tt.room, have, tt.want)
		}
	}
}

func TestRoomByCode(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db, func(r *estate.Room) { r.Code = "3栋2单元1201室" })
	for _, code := range []string{"3栋2单元1201室", "3-2-1201", "３－２－１２０１", " 3 号楼 2 单元 1201 "} {
		have, err := estate.RoomByCode(view(db), r.CommunityID, code)
		if err != nil || have != r {
			t.Errorf("%s finds %+v, %v", code, have, err)
		}
	}
	_, err := estate.RoomByCode(view(db), r.CommunityID, "3-2-120")
	notFound(t, "a part of a code", err)
	_, err = estate.RoomByCode(view(db), modelstest.Community(t, db, "另一小区").ID, r.Code)
	notFound(t, "a code in another community", err)
	_, err = estate.RoomByID(view(db), models.NewID())
	notFound(t, "an unknown id", err)
	_, err = estate.RoomByID(view(db), "不是编号")
	notFound(t, "an id that is none", err)
}

// TestManyRooms asks for more rooms at once than one list of a statement holds.
func TestManyRooms(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	c, other := modelstest.Community(t, db, "甲"), modelstest.Community(t, db, "乙")
	var rooms []estate.Room
	var ids, keys []string
	add := func(community, key string) {
		r := estate.Room{
			ID: models.NewID(), CommunityID: community, Code: key, CodeKey: key, Occupancy: estate.Vacant,
			CreatedAt: db.Now(), UpdatedAt: db.Now(),
		}
		rooms, ids, keys = append(rooms, r), append(ids, r.ID), append(keys, key)
	}
	for n := range 1201 {
		add(c.ID, fmt.Sprintf("%04d", n))
	}
	add(other.ID, "0007")
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.InsertRooms(tx, rooms) })

	byID := must[map[string]estate.Room](t)(estate.RoomsByID(view(db), append([]string{models.NewID()}, ids...)))
	if len(byID) != len(rooms) || byID[ids[1200]] != rooms[1200] {
		t.Errorf("%d rooms by id, the last of 甲 is %+v", len(byID), byID[ids[1200]])
	}
	byKey := must[map[string]estate.Room](t)(estate.RoomsByKeys(view(db), c.ID, keys))
	if len(byKey) != 1201 || byKey["0007"] != rooms[7] {
		t.Errorf("%d rooms of 甲 by key, 0007 is %+v", len(byKey), byKey["0007"])
	}
	anywhere := must[map[string][]estate.Room](t)(estate.RoomsByCodeKey(view(db), keys[:1201]))
	if len(anywhere) != 1201 || !slices.Equal(anywhere["0007"], []estate.Room{rooms[7], rooms[1201]}) {
		t.Errorf("%d keys anywhere, 0007 is %+v", len(anywhere), anywhere["0007"])
	}
	var walked []string
	for after := ""; ; after = walked[len(walked)-1] {
		part := must[[]string](t)(estate.RoomIDsAfter(view(db), after, 500))
		if len(part) == 0 {
			break
		}
		walked = append(walked, part...)
	}
	want(t, "a walk over all rooms", walked, ids...)
	if empty := must[map[string]estate.Room](t)(estate.RoomsByID(view(db), nil)); len(empty) != 0 {
		t.Errorf("no ids find %d rooms", len(empty))
	}
}

func TestRoomPages(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	for _, code := range []string{"B", "D", "A", "C"} {
		modelstest.Room(t, db, func(r *estate.Room) { r.Code = code })
	}
	c := modelstest.Community(t, db, "测试小区")
	for _, tt := range []struct {
		after, last string
		limit       int
		want        []string
	}{
		{"", "", 10, []string{"A", "B", "C", "D"}},
		{"", "", 3, []string{"A", "B", "C"}},
		{"B", "", 10, []string{"C", "D"}},
		{"A", "C", 10, []string{"B", "C"}},
		{"A", "C", 1, []string{"B"}},
		{"BB", "CC", 10, []string{"C"}},
		{"D", "", 10, nil},
		{"C", "A", 10, nil},
	} {
		have := must[[]estate.Room](t)(estate.RoomsBetween(view(db), c.ID, tt.after, tt.last, tt.limit))
		want(t, fmt.Sprintf("%d rooms after %q up to %q", tt.limit, tt.after, tt.last), codes(have), tt.want...)
	}
}

func TestUpdateRoom(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	modelstest.Room(t, db, func(r *estate.Room) { r.Code = "9-9-9" })
	changed := r
	changed.Code, changed.Building, changed.Unit, changed.Number, changed.Kind = "1-1-A", "2栋", "", "A", "商铺"
	changed.Area, changed.Price, changed.Cycle, changed.HandedOverOn = "50.00", "2.50", "quarter", day("2020-02-29")
	changed.Occupancy, changed.Steward = estate.Vacant, "周楠"
	changed.PrepaidFen, changed.CodeKey = 700, "elsewhere" // not for a file to say
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.UpdateRoom(tx, changed) })
	changed.PrepaidFen, changed.CodeKey, changed.LooseKey = r.PrepaidFen, r.CodeKey, "1-1-A"
	if have := must[estate.Room](t)(estate.RoomByID(view(db), r.ID)); have != changed {
		t.Errorf("the room is %+v, want %+v", have, changed)
	}
	changed.ID = models.NewID()
	if err := try(db, func(tx *store.Tx) error { return estate.UpdateRoom(tx, changed) }); err == nil {
		t.Error("a room that there is not was changed")
	}
	twin := estate.Room{ID: models.NewID(), CommunityID: r.CommunityID, Code: r.Code, CodeKey: r.CodeKey, Occupancy: estate.Vacant}
	err := try(db, func(tx *store.Tx) error {
		err := estate.InsertRooms(tx, []estate.Room{twin})
		if !tx.IsDuplicate(err) {
			t.Errorf("a second room of one code: %v", err)
		}
		return err
	})
	if err == nil {
		t.Error("a second room of one code was kept")
	}
}
