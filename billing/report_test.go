package billing_test

import (
	"context"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestPercent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		part, whole int64
		want        string
	}{{590, 943, "62.57"}, {0, 943, "0"}, {943, 943, "100"}, {1, 3, "33.33"}, {2, 3, "66.67"}, {1, 800, "0.13"}} { // 0.125 rounds up
		if have, ok := calc.Percent(tt.part, tt.whole); !ok || have.String() != tt.want {
			t.Errorf("%d of %d: %s, want %s", tt.part, tt.whole, have, tt.want)
		}
	}
	if _, ok := calc.Percent(0, 0); ok {
		t.Error("a part of nothing")
	}
}

// TestHouseholdRate is worked example 8: 943 rooms were billed, 590 have paid all.
func TestHouseholdRate(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	c := modelstest.Community(t, db, "测试小区")
	start := models.MustDate("2026-01-01")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		var rooms []estate.Room
		var bills []fees.Bill
		for i := range 943 {
			id := models.NewID()
			code := id // unique
			rooms = append(rooms, estate.Room{
				ID: id, CommunityID: c.ID, Code: code, CodeKey: code, Building: []string{"1栋", "2栋"}[i%2], Occupancy: estate.Occupied,
				CreatedAt: tx.Now, UpdatedAt: tx.Now,
			})
			for _, item := range []string{"物业服务费", "水费"} {
				b := fees.Bill{
					ID: models.NewID(), CommunityID: c.ID, RoomID: id, Item: item, PeriodStart: start, PeriodEnd: start + 30,
					IssuedOn: start, DueOn: start, Status: fees.BillUnpaid, PrincipalFen: 100, Basis: "{}", Source: fees.SourceRun,
					CreatedAt: tx.Now, UpdatedAt: tx.Now,
				}
				b.SetLateRule(estate.DefaultLateRule())
				if i < 590 || i < 800 && item == "水费" { // some have paid only the water
					b.Status, b.PaidPrincipalFen = fees.BillPaid, 100
				}
				bills = append(bills, b)
			}
		}
		if err := estate.InsertRooms(tx, rooms); err != nil {
			return err
		}
		_, err := fees.InsertBills(tx, bills, false)
		return err
	})
	view := db.View(context.Background())
	f := fees.ReportFilter{Scope: office.AllRooms(), By: fees.ByItem, From: start, To: start + 30}
	rooms, paid, err := fees.HouseholdsOf(view, f)
	if err != nil || rooms != 943 || paid != 590 {
		t.Fatalf("%d of %d rooms, %v", paid, rooms, err)
	}
	if p, _ := calc.Percent(paid, rooms); p.String() != "62.57" {
		t.Error(p)
	}
	lines, err := fees.CollectionRates(view, f)
	if err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	for _, l := range lines {
		want := map[string]int64{"物业服务费": 590, "水费": 800}[l.Group]
		if l.PaidRooms != want || int64(l.SettledFen) != want*100 || l.Rooms != 943 || l.BilledFen != 94300 {
			t.Errorf("%+v", l)
		}
	}
	f.By = fees.ByBuilding
	lines, err = fees.CollectionRates(view, f)
	if err != nil || len(lines) != 2 || lines[0].Building != "1栋" || lines[0].Rooms != 472 ||
		lines[0].PaidRooms != 295 || lines[0].Bills != 944 {
		t.Errorf("%+v, %v", lines, err)
	}
	if lines, err = fees.CollectionRates(view, fees.ReportFilter{
		Scope: office.AllRooms(), By: fees.ByItem, From: start + 1, To: start + 30,
	}); err != nil || len(lines) != 0 {
		t.Errorf("another period: %+v, %v", lines, err)
	}
	if _, err = fees.CollectionRates(view, fees.ReportFilter{Scope: office.AllRooms(), By: "colour"}); err == nil {
		t.Error("an unknown way to part a report")
	}
}

// What was paid before the year is no arrear of its beginning; what is paid in it
// is cleared, what is paid later is not yet.
func TestClearings(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	owner := h.Owner("2026-01-01")
	pay := func(b fees.Bill, on string, fen models.Fen) {
		h.Clock.Set(models.MustDate(on).Start().Add(time.Hour))
		modelstest.Write(t, h.DB, func(tx *store.Tx) error {
			_, err := billing.Apply(tx, billing.Money{
				RoomID: h.Room.ID, CommunityID: h.Room.CommunityID, Debit: money.AccountWechat, Settlement: estate.PrincipalFirst,
				EffectiveOn: tx.Today(),
			}, []billing.Portion{{BillID: b.ID, Amount: fen}})
			return err
		})
	}
	old := h.Bill(owner, "2024-01-01", "2024-12-31", func(b *fees.Bill) { b.PrincipalFen = 10000 })
	second := h.Bill(owner, "2025-12-01", "2025-12-31", func(b *fees.Bill) { b.PrincipalFen = 5000 })
	fresh := h.Bill(owner, "2026-01-01", "2026-01-31")
	pay(old, "2025-12-31", 4000)
	pay(old, "2026-01-01", 1500)
	pay(fresh, "2026-02-01", 11002)
	pay(second, "2027-01-01", 5000)
	view := h.DB.View(context.Background())
	lines, err := fees.Clearings(view, fees.ReportFilter{Scope: office.AllRooms(), By: fees.ByCommunity}, 2026)
	if err != nil || len(lines) != 1 || lines[0].OwedFen != 11000 || lines[0].ClearedFen != 1500 {
		t.Errorf("%+v, %v", lines, err)
	}
}
