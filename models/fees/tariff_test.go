package fees_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func newTariff(t *testing.T, db *store.DB, with func(*fees.Tariff)) fees.Tariff {
	t.Helper()
	c := modelstest.Community(t, db, "测试小区")
	tariff := fees.Tariff{
		ID: models.NewID(), CommunityID: c.ID, Item: "物业服务费", Method: fees.MethodArea, Price: "0.80", Cycle: fees.CycleMonth, CycleStart: 1,
		DueDay: 15, LateRate: "0.003", FromOn: day("2026-01-01"), CreatedAt: db.Now(), UpdatedAt: db.Now(),
	}
	with(&tariff)
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertTariff(tx, &tariff) })
	return tariff
}

func TestTariffsNewestFirst(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	from := func(item, kind, on string) fees.Tariff {
		return newTariff(t, db, func(f *fees.Tariff) { f.Item, f.RoomKind, f.FromOn = item, kind, day(on) })
	}
	old, shop, now := from("a", "", "2025-01-01"), from("a", "商铺", "2025-01-01"), from("a", "", "2026-01-01")
	first := from("0", "", "2024-01-01")
	newTariff(t, db, func(f *fees.Tariff) { f.CommunityID = modelstest.Community(t, db, "别的小区").ID })
	list := read(t, db, func(tx *store.Tx) ([]fees.Tariff, error) { return fees.Tariffs(tx, old.CommunityID) })
	id := func(f fees.Tariff) string { return f.ID }
	equal(t, "tariffs", each(list, id), []string{first.ID, now.ID, old.ID, shop.ID})
}

// A file changes the terms; what the tariff is for stays.
func TestUpdateTariff(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	was := newTariff(t, db, func(*fees.Tariff) {})
	want := was
	want.Method, want.Price, want.Tiers, want.Cycle, want.CycleStart = fees.MethodMeter, "", "0-15:3.45;15-:4.83", fees.CycleYear, 7
	want.DueDay, want.DueAfterDays, want.LateRate, want.GraceDays, want.LateCap = 1, 30, "0.0005", 3, "0.3"
	want.VacantShare, want.UnsoldShare, want.DiscountShare, want.DiscountUntil, want.ToOn = "0.7", "0.5", "0.05", "03-31", day("2026-12-31")
	change := want
	change.Item, change.RoomID, change.FromOn = "水费", "room", day("2020-01-01") // not to be written
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.UpdateTariff(tx, change) })
	equal(t, "tariff", read(t, db, func(tx *store.Tx) (fees.Tariff, error) { return fees.TariffByID(tx, was.ID) }), want)
	change.ID = models.NewID()
	fails(t, "absent", db, nil, func(tx *store.Tx) error { return fees.UpdateTariff(tx, change) })
}

// Of two who end a tariff, the one who saw it last does.
func TestEndTariff(t *testing.T) {
	t.Parallel()
	db, clock := clocked(t, "2026-03-15 10:00:00")
	open := newTariff(t, db, func(*fees.Tariff) {})
	clock.Advance(1_000_000_000)
	end := func(f fees.Tariff, on string) bool {
		return change(t, db, func(tx *store.Tx) (bool, error) { return fees.EndTariff(tx, f, day(on)) })
	}
	if !end(open, "2026-06-30") {
		t.Error("the first was refused")
	}
	if end(open, "2026-05-31") {
		t.Error("one who saw it open has ended it again")
	}
	ended := open
	ended.ToOn, ended.UpdatedAt = day("2026-06-30"), db.Now()
	equal(t, "ended", read(t, db, func(tx *store.Tx) (fees.Tariff, error) { return fees.TariffByID(tx, open.ID) }), ended)
	if !end(ended, "2026-05-31") {
		t.Error("one who saw the end was refused")
	}
}
