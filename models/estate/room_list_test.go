package estate_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// street is four rooms with people, as a list of rooms shows them.
func street(t *testing.T) (*store.DB, map[string]estate.Room) {
	t.Helper()
	db := modelstest.Open(t)
	c := modelstest.Community(t, db, "滨江花园")
	rooms := map[string]estate.Room{}
	for _, r := range []struct{ code, steward, owner, phone string }{
		{"3栋2单元1201", "周楠", "王小明", "13800001234"},
		{"3栋2单元1202", "周楠", "100%公司", ""},
		{"13栋2单元1201", "高远", "王大明", "13900005678"},
		{"30栋1单元201", "", "李新", "13800001235"},
	} {
		room := estate.Room{
			ID: models.NewID(), CommunityID: c.ID, Code: r.code, CodeKey: models.RoomKey(r.code), Steward: r.steward,
			Occupancy: estate.Occupied, CreatedAt: db.Now(), UpdatedAt: db.Now(),
		}
		modelstest.Write(t, db, func(tx *store.Tx) error { return estate.InsertRooms(tx, []estate.Room{room}) })
		modelstest.Owner(t, db, room, r.owner, r.phone)
		rooms[r.code] = room
	}
	return db, rooms
}

func lines(t *testing.T, db *store.DB, f estate.RoomFilter) (list []estate.RoomLine, found []string) {
	t.Helper()
	list = must[[]estate.RoomLine](t)(estate.RoomLines(view(db), f))
	for _, l := range list {
		found = append(found, l.Code)
	}
	return list, found
}

func TestRoomsAreFoundByText(t *testing.T) {
	t.Parallel()
	db, rooms := street(t)
	hold(t, db, rooms["30栋1单元201"], estate.TenureOwner, "王former", "13700009999", "", "2026-03-14")
	hold(t, db, rooms["30栋1单元201"], estate.TenureTenant, "赵租", "13700008888", "2026-03-15", "2026-03-15")
	hold(t, db, rooms["30栋1单元201"], estate.TenureTenant, "孙租", "13700007777", "2026-03-16", "")
	const a, b, c, d = "3栋2单元1201", "3栋2单元1202", "13栋2单元1201", "30栋1单元201"
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", []string{c, a, b, d}},
		{"   ", []string{c, a, b, d}},
		{"3栋", []string{a, b}},
		{"3", []string{a, b, d}},
		{"3-2-12", []string{a, b}},
		{"３－２－１２０１", []string{a}},
		{"1201", []string{c, a}},
		{"1201室", []string{c, a}},
		{"120室", nil},
		{"2单元", []string{c, a, b}},
		{"王", []string{c, a}},
		{"小明", []string{a}},
		{"%", []string{b}},
		{"1234", []string{a}},
		{"138", nil},
		{"13800001234", []string{a}},
		{"138 0000 1234", []string{a}},
		{"赵租", []string{d}},  // today is the one day of the tenancy
		{"孙租", nil},          // from tomorrow on
		{"13700009999", nil}, // until yesterday
		{"' OR 1=1 --", nil},
	} {
		_, found := lines(t, db, estate.RoomFilter{Scope: office.AllRooms(), Text: tt.text, Limit: 10})
		want(t, "rooms by "+tt.text, found, tt.want...)
	}
}

func TestRoomLines(t *testing.T) {
	t.Parallel()
	db, rooms := street(t)
	room := rooms["3栋2单元1201"]
	room.LooseKey = "3-2-1201"
	hold(t, db, room, estate.TenureTenant, "赵租", "", "2020-01-01", "")
	modelstest.Bill(t, db, room, func(b *fees.Bill) { b.PrincipalFen = 1000 })
	modelstest.Bill(t, db, room, func(b *fees.Bill) { b.PrincipalFen, b.PaidPrincipalFen, b.Status = 500, 200, fees.BillPartial })
	modelstest.Bill(t, db, room, func(b *fees.Bill) { b.PrincipalFen, b.DiscountFen = 100, 30 })
	modelstest.Bill(t, db, room, func(b *fees.Bill) { b.Status = fees.BillVoid })
	empty := modelstest.Room(t, db, func(r *estate.Room) { r.Code, r.Steward = "Z", "周楠" })
	modelstest.Write(t, db, func(tx *store.Tx) error {
		held, err := estate.TenuresOfRoom(tx, empty.ID)
		if err != nil {
			return err
		}
		return estate.EndTenure(tx, held[0], today-1)
	})
	steward := office.Staff{Role: office.RoleSteward, Name: "周楠"}.Scope()

	list, found := lines(t, db, estate.RoomFilter{Scope: steward, Limit: 10})
	want(t, "the steward's rooms", found, "3栋2单元1201", "3栋2单元1202", "Z")
	if l := list[0]; l.Room != room || l.Community != "滨江花园" || l.Owner.Name != "王小明" || l.OwedFen != 1370 {
		t.Errorf("the first line is %+v", l)
	}
	if l := list[1]; l.OwedFen != 0 || l.Owner.Name != "100%公司" {
		t.Errorf("the second line is %+v", l)
	}
	if l := list[2]; l.Owner.ID != "" || l.Community != "测试小区" {
		t.Errorf("the line of a room that nobody owns since yesterday is %+v", l)
	}
	var paged []string
	for f := (estate.RoomFilter{Scope: steward, Limit: 2}); ; {
		list, found := lines(t, db, f)
		paged = append(paged, found...)
		if len(list) < f.Limit {
			break
		}
		f.After = list[len(list)-1].Cursor()
	}
	want(t, "page by page", paged, "3栋2单元1201", "3栋2单元1202", "Z")
	_, err := estate.RoomLines(view(db), estate.RoomFilter{Scope: steward, After: "no cursor", Limit: 2})
	notFound(t, "a cursor that is none", err)

	have, community, err := estate.ScopedRoom(view(db), steward, room.ID)
	if err != nil || have != room || community != "滨江花园" {
		t.Errorf("the steward's room is %+v of %s, %v", have, community, err)
	}
	_, _, err = estate.ScopedRoom(view(db), steward, rooms["13栋2单元1201"].ID)
	notFound(t, "another steward's room", err)
	_, _, err = estate.ScopedRoom(view(db), office.AllRooms(), models.NewID())
	notFound(t, "a room that there is not", err)
	want(t, "the standing", []estate.Standing{must[estate.Standing](t)(estate.StandingOf(view(db), steward))},
		estate.Standing{Rooms: 3, Owners: 2, OwedFen: 1370, OwedRooms: 1})
}
