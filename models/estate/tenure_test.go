package estate_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func TestTenureHolds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to, on string
		want         bool
	}{
		{"", "", "2026-03-15", true},
		{"2026-03-15", "", "2026-03-14", false},
		{"2026-03-15", "", "2026-03-15", true},
		{"", "2026-03-14", "2026-03-14", true},
		{"", "2026-03-14", "2026-03-15", false},
		{"2026-03-15", "2026-03-15", "2026-03-15", true},
	} {
		a := estate.Tenure{FromOn: day(tt.from), ToOn: day(tt.to)}.Holds(day(tt.on))
		b := estate.TenurePeriod{From: day(tt.from), To: day(tt.to)}.Holds(day(tt.on))
		if a != tt.want || b != tt.want {
			t.Errorf("%q to %q on %s: the tenure holds %t, the period %t, want %t", tt.from, tt.to, tt.on, a, b, tt.want)
		}
	}
}

func TestOwnersOfRooms(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	a, b := modelstest.Room(t, db), modelstest.Room(t, db)
	hold(t, db, a, estate.TenureTenant, "赵租", "", "2026-01-01", "")
	li, sold := hold(t, db, a, estate.TenureOwner, "李新", "13800001234", "2020-01-01", "2025-12-31")
	ids := []string{b.ID, a.ID, models.NewID()}
	full := must[map[string][]estate.OwnerTenure](t)(estate.OwnerTenuresOfRooms(view(db), ids))
	if len(full) != 2 || len(full[a.ID]) != 2 || len(full[b.ID]) != 1 {
		t.Fatalf("the owners are %+v", full)
	}
	last := full[a.ID][0]
	if last.Tenure != sold || last.Owner.ID != li.ID || last.Owner.PhoneIndex != li.PhoneIndex || last.Owner.Name != "李新" {
		t.Errorf("the latest owner is %+v", last)
	}
	if first := full[a.ID][1]; first.Owner.Name != "王小明" || !first.FromOn.IsZero() {
		t.Errorf("the first owner is %+v", first)
	}
	short := must[map[string][]estate.TenurePeriod](t)(estate.TenurePeriods(view(db), ids))
	for room, list := range full {
		var same []estate.TenurePeriod
		for _, h := range list {
			same = append(same, estate.TenurePeriod{OwnerID: h.OwnerID, From: h.FromOn, To: h.ToOn})
		}
		want(t, "the periods of a room", short[room], same...)
	}
	if len(short) != 2 {
		t.Errorf("periods of %d rooms", len(short))
	}
}

// TestTenuresOfPhone has one phone registered in many ways.
func TestTenuresOfPhone(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	const phone = "13800001234"
	for _, tt := range []struct {
		name     string
		tenures  [][3]string // role, from, to
		owes     bool        // the first of them
		wantRole string      // of the tenure that is found; empty: none
		wantFrom string
	}{
		{"owner", [][3]string{{"owner", "", ""}}, false, "owner", ""},
		{"tenant", [][3]string{{"tenant", "2026-01-01", "2026-03-15"}}, false, "tenant", "2026-01-01"},
		{"owner before tenant", [][3]string{{"tenant", "2026-02-01", ""}, {"owner", "", ""}}, false, "owner", ""},
		{"from tomorrow on", [][3]string{{"owner", "2026-03-16", ""}}, false, "", ""},
		{"former owner", [][3]string{{"owner", "", "2026-03-14"}}, false, "", ""},
		{"former owner who owes", [][3]string{{"owner", "", "2026-03-14"}}, true, "owner", ""},
		{"former owner who owes, and rents", [][3]string{{"owner", "", "2026-01-31"}, {"tenant", "2026-02-01", ""}}, true,
			"tenant", "2026-02-01"},
	} {
		room := modelstest.Room(t, db)
		for i, n := range tt.tenures {
			o, _ := hold(t, db, room, n[0], tt.name, phone, n[1], n[2])
			modelstest.Bill(t, db, room, func(b *fees.Bill) {
				b.OwnerID = o.ID
				if i > 0 || !tt.owes {
					b.Status, b.PaidPrincipalFen = fees.BillPaid, b.PrincipalFen
				}
			})
		}
		found := must[map[string]estate.Tenure](t)(estate.TenuresOfPhone(view(db), phone, today))
		if n := found[room.ID]; n.Role != tt.wantRole || n.FromOn != day(tt.wantFrom) {
			t.Errorf("%s: found %+v", tt.name, n)
		}
	}
	if found := must[map[string]estate.Tenure](t)(estate.TenuresOfPhone(view(db), "", today)); len(found) != 0 {
		t.Errorf("no phone holds %+v", found)
	}
}

func TestEndTenure(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	u := modelstest.User(t, db, room)
	other, _ := hold(t, db, room, estate.TenureTenant, "赵租", "", "", "")
	held := must[[]estate.Tenure](t)(estate.TenuresOfRoom(view(db), room.ID))
	n := held[len(held)-1]
	if n.OwnerID == other.ID {
		n = held[0]
	}
	end := func() error {
		return try(db, func(tx *store.Tx) error { return estate.EndTenure(tx, n, day("2026-03-14")) })
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	b := must[estate.BoundRoom](t)(estate.BoundRoomOf(view(db), u.ID, room.ID))
	if b.OwnerID != n.OwnerID || b.UntilOn != day("2026-03-14") {
		t.Errorf("the binding in the owner's name is %+v", b.BillVisibility)
	}
	if err := end(); err == nil {
		t.Error("a tenure that had ended was ended again")
	}
	for _, h := range must[[]estate.Tenure](t)(estate.TenuresOfRoom(view(db), room.ID)) {
		if ended := h.ToOn == day("2026-03-14"); ended != (h.ID == n.ID) {
			t.Errorf("the tenure %+v", h)
		}
	}
}

func TestCorrectTenure(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room, elsewhere := modelstest.Room(t, db), modelstest.Room(t, db)
	u := modelstest.User(t, db, room)
	wrong := must[[]estate.Tenure](t)(estate.TenuresOfRoom(view(db), room.ID))[0]
	right, _ := hold(t, db, elsewhere, estate.TenureOwner, "真业主", "", "", "")
	mine := modelstest.Bill(t, db, room, func(b *fees.Bill) { b.OwnerID = wrong.OwnerID })
	far := modelstest.Bill(t, db, elsewhere, func(b *fees.Bill) { b.OwnerID = wrong.OwnerID })
	owner := func(billID string) string {
		return must[fees.Bill](t)(fees.BillByID(view(db), billID)).OwnerID
	}
	correct := func(n estate.Tenure) error {
		return try(db, func(tx *store.Tx) error { return estate.CorrectTenure(tx, n) })
	}

	n := wrong
	n.FromOn = day("2020-01-01")
	if err := correct(n); err != nil || owner(mine.ID) != wrong.OwnerID {
		t.Errorf("another first day: %v, the bill is owed by %s", err, owner(mine.ID))
	}
	n.OwnerID = right.ID
	if err := correct(n); err != nil {
		t.Fatal(err)
	}
	if owner(mine.ID) != right.ID || owner(far.ID) != wrong.OwnerID {
		t.Errorf("the bill of the room is owed by %s, that of another room by %s", owner(mine.ID), owner(far.ID))
	}
	if b := must[estate.BoundRoom](t)(estate.BoundRoomOf(view(db), u.ID, room.ID)); b.OwnerID != right.ID {
		t.Errorf("the binding is in the name of %s", b.OwnerID)
	}
	want(t, "the tenures", must[[]estate.Tenure](t)(estate.TenuresOfRoom(view(db), room.ID)), n)
	n.ID = models.NewID()
	notFound(t, "a tenure that there is not", correct(n))
	n.CreatedAt = db.Now()
	err := try(db, func(tx *store.Tx) error {
		err := estate.InsertTenures(tx, []estate.Tenure{n})
		if !tx.IsDuplicate(err) {
			t.Errorf("a second tenure of one owner from one day: %v", err)
		}
		return err
	})
	if err == nil {
		t.Error("a second tenure of one owner from one day was kept")
	}
}
