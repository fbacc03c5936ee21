package fees_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func newMeter(t *testing.T, db *store.DB, r estate.Room, serial string, with ...func(*fees.Meter)) fees.Meter {
	t.Helper()
	m := fees.Meter{ID: models.NewID(), RoomID: r.ID, Item: "水费", Serial: serial, Multiplier: "1", CreatedAt: db.Now()}
	for _, f := range with {
		f(&m)
	}
	list := []fees.Meter{m}
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertMeters(tx, list) })
	return list[0]
}

func newReading(t *testing.T, db *store.DB, m fees.Meter, on, previous, value string, with ...func(*fees.Reading)) fees.Reading {
	t.Helper()
	r := fees.Reading{
		ID: models.NewID(), MeterID: m.ID, ReadOn: day(on), Previous: previous, Value: value, Multiplier: "1", CreatedAt: db.Now(),
	}
	for _, f := range with {
		f(&r)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertReadings(tx, []fees.Reading{r}) })
	return r
}

func serial(m fees.Meter) string { return m.Serial }

func TestMeterChanges(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	m := newMeter(t, db, modelstest.Room(t, db), "A1", func(m *fees.Meter) { m.InstalledOn, m.Replaces = day("2026-01-01"), "old" })
	now := func() fees.Meter {
		return read(t, db, func(tx *store.Tx) (fees.Meter, error) { return fees.MeterByID(tx, m.ID) })
	}
	equal(t, "new", now(), m)
	had := fees.MeterMultiplier{
		ID: models.NewID(), MeterID: m.ID, UntilOn: day("2026-02-28"), Multiplier: "1", Reason: "互感器", ByName: "甲", CreatedAt: db.Now(),
	}
	multiply := func(had fees.MeterMultiplier, to string) bool {
		had.ID = models.NewID()
		return change(t, db, func(tx *store.Tx) (bool, error) { return fees.ChangeMultiplier(tx, had, to) })
	}
	if !multiply(had, "20") || multiply(had, "40") {
		t.Error("the multiplier that was read is not the guard")
	}
	kept := read(t, db, func(tx *store.Tx) (map[string][]fees.MeterMultiplier, error) {
		return fees.MultipliersOfMeters(tx, []string{m.ID, "none"})
	})
	if len(kept) != 1 || len(kept[m.ID]) != 1 || kept[m.ID][0].Multiplier != "1" || kept[m.ID][0].UntilOn != had.UntilOn {
		t.Errorf("kept: %+v", kept)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.SetMeterDigits(tx, m.ID, 5) })
	remove := func(on string) bool {
		return change(t, db, func(tx *store.Tx) (bool, error) { return fees.RemoveMeter(tx, m.ID, day(on)) })
	}
	if !remove("2026-03-10") || remove("2026-03-11") {
		t.Error("a meter is removed once")
	}
	want := m
	want.Multiplier, want.Digits, want.RemovedOn = "20", 5, day("2026-03-10")
	equal(t, "changed", now(), want)
	fails(t, "too many digits", db, nil, func(tx *store.Tx) error { return fees.SetMeterDigits(tx, m.ID, 10) })
	twin := m
	twin.ID = models.NewID()
	fails(t, "one serial twice", db, nil, func(tx *store.Tx) error { return fees.InsertMeters(tx, []fees.Meter{twin}) })
}

func TestMultiplierOn(t *testing.T) {
	t.Parallel()
	m := fees.Meter{Multiplier: "40"}
	before := []fees.MeterMultiplier{{UntilOn: day("2026-01-31"), Multiplier: "10"}, {UntilOn: day("2026-03-31"), Multiplier: "20"}}
	for on, want := range map[string]string{
		"2025-01-01": "10", "2026-01-31": "10", "2026-02-01": "20", "2026-03-31": "20", "2026-04-01": "40",
	} {
		if have := m.MultiplierOn(day(on), before); have != want {
			t.Errorf("%s counts by %s, want %s", on, have, want)
		}
	}
	if have := m.MultiplierOn(day("2020-01-01"), nil); have != "40" {
		t.Errorf("one that never changed counts by %s", have)
	}
}

// A sheet has the meters of its building that are in use on the day of reading, that of
// the change of two meters included.
func TestMetersFor(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r, strange := room(t, db, "1栋", "甲"), room(t, db, "1栋", "乙")
	newMeter(t, db, r, "B", func(m *fees.Meter) { m.InstalledOn = day("2026-03-15") })
	newMeter(t, db, r, "A", func(m *fees.Meter) { m.RemovedOn = day("2026-03-15") })
	newMeter(t, db, r, "E", func(m *fees.Meter) { m.Item = "电费" })
	newMeter(t, db, strange, "C")
	newMeter(t, db, room(t, db, "2栋", "甲"), "D")
	list := func(scope office.Scope, on, limit int) []string {
		got := read(t, db, func(tx *store.Tx) ([]fees.MeterOfRoom, error) {
			return fees.MetersFor(tx, fees.MeterFilter{
				Scope: scope, CommunityID: r.CommunityID, Building: "1栋", Item: "水费", On: db.Today().Plus(on), Limit: limit,
			})
		})
		return each(got, func(m fees.MeterOfRoom) string {
			if m.Room.ID != m.RoomID || m.Room.Building != "1栋" {
				t.Errorf("meter %s with the room %+v", m.Serial, m.Room)
			}
			return m.Serial
		})
	}
	equal(t, "the day of the change", list(office.AllRooms(), 0, 9), []string{"A", "B", "C"})
	equal(t, "the day before", list(office.AllRooms(), -1, 9), []string{"A", "C"})
	equal(t, "the day after", list(office.AllRooms(), 1, 9), []string{"B", "C"})
	equal(t, "two of them", list(office.AllRooms(), 0, 2), []string{"A", "B"})
	equal(t, "steward", list(steward("甲"), 0, 9), []string{"A", "B"})
	equal(t, "steward without a name", list(steward(""), 0, 9), nil)

	places := func(scope office.Scope) []string {
		got := read(t, db, func(tx *store.Tx) ([]fees.MeterPlace, error) { return fees.MeterPlaces(tx, scope) })
		return each(got, func(p fees.MeterPlace) string { return p.Community + p.Building + p.Item + numbered(" ", p.Meters) })
	}
	equal(t, "places", places(office.AllRooms()), []string{"测试小区1栋水费 002", "测试小区1栋电费 001", "测试小区2栋水费 001"})
	equal(t, "places of a steward", places(steward("乙")), []string{"测试小区1栋水费 001"})
}

func TestMetersAndReadings(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r, other := modelstest.Room(t, db), modelstest.Room(t, db)
	a, b, c := newMeter(t, db, r, "A"), newMeter(t, db, r, "B"), newMeter(t, db, other, "C")
	own := read(t, db, func(tx *store.Tx) ([]fees.Meter, error) { return fees.MetersOfRooms(tx, []string{r.ID}) })
	equal(t, "of rooms", each(own, serial), fields("A B"))
	all := pages(t, func(after string) ([]fees.Meter, error) { return fees.MetersAfter(db.View(bg), after, 2) },
		func(m fees.Meter) string { return m.ID })
	equal(t, "all", each(all, serial), fields("A B C"))
	late := newReading(t, db, a, "2026-03-01", "1", "5")
	first := newReading(t, db, a, "2026-02-01", "", "1", func(r *fees.Reading) {
		r.Estimated, r.Note, r.ByName, r.Multiplier = true, "估", "甲", "20"
	})
	newReading(t, db, c, "2026-02-01", "", "1")
	list := read(t, db, func(tx *store.Tx) ([]fees.Reading, error) { return fees.ReadingsOfMeters(tx, []string{b.ID, a.ID}) })
	equal(t, "readings", list, []fees.Reading{first, late})
	for _, tt := range []struct {
		from, to string
		want     []fees.Reading
	}{
		{"2026-02-01", "2026-03-01", []fees.Reading{first, late}},
		{"2026-02-02", "2026-03-01", []fees.Reading{late}},
		{"2026-02-01", "2026-02-28", []fees.Reading{first}},
	} {
		got := read(t, db, func(tx *store.Tx) (map[string][]fees.Reading, error) {
			return fees.ReadingsBetween(tx, []string{a.ID, b.ID}, day(tt.from), day(tt.to))
		})
		equal(t, tt.from+".."+tt.to, got, map[string][]fees.Reading{a.ID: tt.want})
	}
	again := late
	again.ID = models.NewID()
	fails(t, "two readings of a day", db, nil, func(tx *store.Tx) error { return fees.InsertReadings(tx, []fees.Reading{again}) })
	mark := func() bool {
		return change(t, db, func(tx *store.Tx) (bool, error) { return fees.MarkEstimated(tx, late.ID, "看错") })
	}
	if !mark() || mark() {
		t.Error("a reading is marked once")
	}
	late.Estimated, late.Note = true, "看错"
	list = read(t, db, func(tx *store.Tx) ([]fees.Reading, error) { return fees.ReadingsOfMeters(tx, []string{a.ID}) })
	equal(t, "marked", list[1], late)
}

// Which readings a run of March counts.
func TestReadingsToBill(t *testing.T) {
	t.Parallel()
	use := func(t *testing.T, db *store.DB, r fees.Reading, b *fees.Bill) {
		u := fees.MeterUsage{
			ID: models.NewID(), ReadingID: r.ID, RoomID: "room", Item: "水费", PeriodStart: day("2026-02-01"), Quantity: "1",
			CreatedAt: db.Now(),
		}
		if b != nil {
			u.RoomID, u.BillID = b.RoomID, b.ID
		}
		modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertUsages(tx, []fees.MeterUsage{u}) })
	}
	ofMonth := func(month string) (string, string) { return "2026-" + month + "-01", "2026-" + month + "-28" }
	metered := func(t *testing.T, db *store.DB, r estate.Room, m fees.Meter, month string) {
		from, to := ofMonth(month)
		b := bill(t, db, r, from, to, item("水费"))
		use(t, db, newReading(t, db, m, from, "0", "1"), &b)
	}
	for name, tt := range map[string]struct {
		make func(t *testing.T, db *store.DB, r estate.Room, m fees.Meter)
		want string // days of the readings, ! for one that corrects an estimate
	}{
		"in the period": {func(t *testing.T, db *store.DB, _ estate.Room, m fees.Meter) {
			newReading(t, db, m, "2026-03-01", "1", "2")
			newReading(t, db, m, "2026-03-31", "2", "3")
			newReading(t, db, m, "2026-04-01", "3", "4")
		}, "03-01 03-31"},
		"a base shows that it was read": {func(t *testing.T, db *store.DB, _ estate.Room, m fees.Meter) {
			newReading(t, db, m, "2026-02-20", "", "1")
			newReading(t, db, m, "2026-03-20", "", "1")
		}, "03-20"},
		"after an estimate": {func(t *testing.T, db *store.DB, _ estate.Room, m fees.Meter) {
			newReading(t, db, m, "2026-03-01", "1", "2", func(r *fees.Reading) { r.Estimated = true })
			newReading(t, db, m, "2026-03-20", "2", "3")
			newReading(t, db, m, "2026-03-21", "3", "4")
		}, "03-01 03-20! 03-21"},
		"counted already": {func(t *testing.T, db *store.DB, r estate.Room, m fees.Meter) {
			b := bill(t, db, r, "2026-03-01", "2026-03-31", item("水费"))
			use(t, db, newReading(t, db, m, "2026-03-20", "1", "2"), &b)
			use(t, db, newReading(t, db, m, "2026-03-21", "2", "2"), nil) // nothing to bill
		}, ""},
		"too late for its own period": {func(t *testing.T, db *store.DB, r estate.Room, m fees.Meter) {
			metered(t, db, r, m, "02")
			newReading(t, db, m, "2026-02-20", "1", "2")
		}, "02-20"},
		"of a period not billed yet": {func(t *testing.T, db *store.DB, _ estate.Room, m fees.Meter) {
			newReading(t, db, m, "2026-02-20", "1", "2")
		}, ""},
		"of a bill that was taken back": {func(t *testing.T, db *store.DB, r estate.Room, m fees.Meter) {
			b := bill(t, db, r, "2026-03-01", "2026-03-31", item("水费"), void)
			use(t, db, newReading(t, db, m, "2026-02-20", "1", "2"), &b)
		}, "02-20"},
		"of another bill that was taken back": {func(t *testing.T, db *store.DB, r estate.Room, m fees.Meter) {
			b := bill(t, db, r, "2026-02-01", "2026-02-28", item("水费"), void)
			use(t, db, newReading(t, db, m, "2026-02-20", "1", "2"), &b)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			r := modelstest.Room(t, db)
			m := newMeter(t, db, r, "A")
			tt.make(t, db, r, m)
			got := read(t, db, func(tx *store.Tx) (map[string][]fees.BillableReading, error) {
				return fees.ReadingsToBill(tx, []string{m.ID}, day("2026-03-01"), day("2026-03-31"))
			})
			equal(t, "days", each(got[m.ID], func(r fees.BillableReading) string {
				return r.ReadOn.String()[5:] + map[bool]string{true: "!"}[r.Corrects]
			}), fields(tt.want))
		})
	}
}

func TestMeterUsages(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	m := newMeter(t, db, r, "A")
	b, gone := bill(t, db, r, "2026-03-01", "2026-03-31", item("水费")), bill(t, db, r, "2026-02-01", "2026-02-28", item("水费"), void)
	reading := newReading(t, db, m, "2026-03-31", "1", "2")
	estimate := newReading(t, db, m, "2026-02-28", "", "1")
	usage := func(reading fees.Reading, bill string, waiting bool) fees.MeterUsage {
		return fees.MeterUsage{
			ID: models.NewID(), ReadingID: reading.ID, RoomID: r.ID, Item: "水费", PeriodStart: day("2026-03-01"), Quantity: "-1.5",
			BillID: bill, Waiting: waiting, CreatedAt: db.Now(),
		}
	}
	inBill, inGone, credit := usage(reading, b.ID, false), usage(reading, gone.ID, false), usage(estimate, "", true)
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertUsages(tx, []fees.MeterUsage{inBill, inGone, credit}) })
	usages := func(what func(*store.Tx, []string) (map[string][]fees.MeterUsage, error), ids ...string) map[string][]fees.MeterUsage {
		return read(t, db, func(tx *store.Tx) (map[string][]fees.MeterUsage, error) { return what(tx, ids) })
	}
	equal(t, "waiting", usages(fees.WaitingUsages, r.ID, "none"), map[string][]fees.MeterUsage{r.ID: {credit}})
	equal(t, "readings", usages(fees.UsagesOfReadings, reading.ID), map[string][]fees.MeterUsage{reading.ID: {inBill, inGone}})
	equal(t, "bills", usages(fees.UsagesOfBills, b.ID), map[string][]fees.MeterUsage{b.ID: {inBill}})
	equal(t, "none", usages(fees.UsagesOfBills), nil)
	metered := read(t, db, func(tx *store.Tx) ([]fees.Bill, error) { return fees.MeteredBillsAfter(tx, "", 9) })
	equal(t, "metered", billIDs(metered), []string{b.ID})

	settle := func(tx *store.Tx) error { return fees.SettleUsages(tx, []fees.MeterUsage{credit}, b.ID) }
	modelstest.Write(t, db, settle)
	equal(t, "nothing waits", usages(fees.WaitingUsages, r.ID), nil)
	fails(t, "settled twice", db, nil, settle)
	if list := usages(fees.UsagesOfBills, b.ID)[b.ID]; len(list) != 2 {
		t.Errorf("%d usages in the bill", len(list))
	}
}
