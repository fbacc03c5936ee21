package fees_test

import (
	"errors"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// reportBooks has two communities: in 测试小区 two rooms of 甲 in building 1 and one of
// 乙 in building 2, in 别的小区 one room without a steward.
func reportBooks(t *testing.T) *store.DB {
	t.Helper()
	db := modelstest.Open(t)
	a, b, c := room(t, db, "1栋", "甲"), room(t, db, "1栋", "甲"), room(t, db, "2栋", "乙")
	other := modelstest.Community(t, db, "别的小区").ID
	d := modelstest.Room(t, db, func(r *estate.Room) { r.CommunityID, r.Building = other, "1栋" })
	bill(t, db, a, "2026-01-01", "2026-01-31", paid(10000))
	bill(t, db, a, "2026-01-31", "2026-02-28", paid(2500), item("水费"))
	bill(t, db, b, "2026-01-01", "2026-01-31", paid(10000))
	bill(t, db, b, "2026-01-01", "2026-01-31", void, item("水费"))
	bill(t, db, b, "2026-02-01", "2026-02-28")
	bill(t, db, c, "2026-01-15", "2026-01-31", func(b *fees.Bill) { b.DiscountFen = 1000 })
	bill(t, db, d, "2026-01-01", "2026-01-31", paid(10000))
	return db
}

func TestCollectionRates(t *testing.T) {
	t.Parallel()
	db := reportBooks(t)
	january := fees.ReportFilter{Scope: office.AllRooms(), From: day("2026-01-01"), To: day("2026-01-31")}
	ours := modelstest.Community(t, db, "测试小区").ID
	with := func(by, community string, scope office.Scope) fees.ReportFilter {
		f := january
		f.By, f.CommunityID, f.Scope = by, community, scope
		return f
	}
	for name, tt := range map[string]struct {
		filter      fees.ReportFilter
		want        []string // part, building, bills, billed, settled, rooms, of which paid
		rooms, paid int64
	}{
		"community": {with(fees.ByCommunity, "", office.AllRooms()), []string{
			"别的小区//1/100.00/100.00/1/1", "测试小区//4/390.00/225.00/3/1",
		}, 4, 2},
		"building": {with(fees.ByBuilding, ours, office.AllRooms()), []string{
			"测试小区/1栋/3/300.00/225.00/2/1", "测试小区/2栋/1/90.00/0.00/1/0",
		}, 3, 1},
		"steward": {with(fees.BySteward, "", office.AllRooms()), []string{
			"//1/100.00/100.00/1/1", "乙//1/90.00/0.00/1/0", "甲//3/300.00/225.00/2/1",
		}, 4, 2},
		"item": {with(fees.ByItem, ours, office.AllRooms()), []string{
			"水费//1/100.00/25.00/1/0", "物业服务费//3/290.00/200.00/3/2",
		}, 3, 1},
		"of a steward": {with(fees.ByItem, "", steward("乙")), []string{"物业服务费//1/90.00/0.00/1/0"}, 1, 0},
		"of nobody":    {with(fees.ByItem, "", office.Scope{}), nil, 0, 0},
	} {
		list := read(t, db, func(tx *store.Tx) ([]fees.CollectionRateLine, error) { return fees.CollectionRates(tx, tt.filter) })
		equal(t, name, each(list, func(l fees.CollectionRateLine) string {
			return l.Group + "/" + l.Building + "/" + whole(l.Bills) + "/" + l.BilledFen.String() + "/" + l.SettledFen.String() + "/" +
				whole(l.Rooms) + "/" + whole(l.PaidRooms)
		}), tt.want)
		rooms, paid, err := fees.HouseholdsOf(db.View(bg), tt.filter)
		if err != nil || rooms != tt.rooms || paid != tt.paid {
			t.Errorf("%s: %d of %d households have paid, %v; want %d of %d", name, paid, rooms, err, tt.paid, tt.rooms)
		}
	}
	unknown := with("weather", "", office.AllRooms())
	if _, err := fees.CollectionRates(db.View(bg), unknown); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("an unknown way: %v", err)
	}
	if _, err := fees.Clearings(db.View(bg), unknown, 2026); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("an unknown way: %v", err)
	}
}

// What was settled before the year is no part of what was owed when it began.
func TestClearings(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	a, b := room(t, db, "1栋", "甲"), room(t, db, "2栋", "乙")
	old := bill(t, db, a, "2024-12-31", "2024-12-31", paid(9000))
	bill(t, db, a, "2024-01-01", "2024-01-31", void)
	bill(t, db, a, "2025-01-01", "2025-01-31") // of the year itself
	bill(t, db, b, "2024-01-01", "2024-01-31", paid(4000), func(b *fees.Bill) { b.OpeningPaidFen, b.DiscountFen = 4000, 500 })
	settled := bill(t, db, b, "2023-01-01", "2023-01-31", paid(10000), item("水费"))
	allocate := func(b fees.Bill, fen models.Fen, at string) {
		modelstest.Write(t, db, func(tx *store.Tx) error {
			return money.InsertAllocations(tx, []money.Allocation{{
				ID: models.NewID(), BillID: b.ID, RoomID: b.RoomID, PrincipalFen: fen, EffectiveOn: day(at),
				CreatedAt: models.At(day(at).Start()),
			}})
		})
	}
	allocate(old, 2000, "2024-12-31")
	allocate(old, 3000, "2025-01-01")
	allocate(old, 3500, "2025-12-31")
	allocate(old, 500, "2026-01-01")
	allocate(settled, 10000, "2024-06-30")
	for name, tt := range map[string]struct {
		filter fees.ReportFilter
		want   []string
	}{
		"building": {fees.ReportFilter{By: fees.ByBuilding, Scope: office.AllRooms()}, []string{
			"测试小区/1栋/80.00/65.00", "测试小区/2栋/55.00/0.00",
		}},
		"item":    {fees.ReportFilter{By: fees.ByItem, Scope: office.AllRooms()}, []string{"物业服务费//135.00/65.00"}}, // not 水费
		"steward": {fees.ReportFilter{By: fees.BySteward, Scope: steward("乙"), CommunityID: a.CommunityID}, []string{"乙//55.00/0.00"}},
	} {
		list := read(t, db, func(tx *store.Tx) ([]fees.ClearingLine, error) { return fees.Clearings(tx, tt.filter, 2025) })
		equal(t, name, each(list, func(l fees.ClearingLine) string {
			return l.Group + "/" + l.Building + "/" + l.OwedFen.String() + "/" + l.ClearedFen.String()
		}), tt.want)
	}
}
