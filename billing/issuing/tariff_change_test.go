package issuing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// onlyTariff is the one tariff of the community for an item that has no end.
func onlyTariff(t testing.TB, db *store.DB, item string) fees.Tariff {
	t.Helper()
	c, err := estate.CommunityByName(db.View(context.Background()), "海棠花园")
	billingtest.NoError(t, err)
	list, err := fees.Tariffs(db.View(context.Background()), c.ID)
	billingtest.NoError(t, err)
	for _, f := range list {
		if f.Item == item && f.ToOn == 0 {
			return f
		}
	}
	t.Fatalf("no tariff for %s", item)
	return fees.Tariff{}
}

func TestChangeOfPrice(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := billingtest.WithTariffs(t, billingtest.Monthly)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+"海棠花园,1-1-102,,,,,丙,,100,,,,,\n海棠花园,1-1-103,,,,,丁,,100,3.00,,,,\n")
	billingtest.Generate(t, db, "2026-04")
	before := billingtest.LinesOf(billingtest.Snapshot(t, db), "bill")
	old := onlyTariff(t, db, "物业服务费")
	next := old
	next.Price, next.FromOn = "2.50", billingtest.Day("2026-04-01")
	e, err := issuing.PreviewTariff(ctx, db, old.ID, next)
	billingtest.NoError(t, err)
	// 123.47 x 2.50 = 308.675 and 100 x 2.50; the room with a price of its own stays.
	if e.Rooms != 3 || e.Bills != 3 || e.Changed != 2 || e.OldFen != 29015+23500+30000 || e.NewFen != 30868+25000+30000 ||
		e.Standing != 3 || e.From.String() != "2026-04" {
		t.Errorf("%+v", e)
	}
	if len(e.Biggest) != 2 || e.Biggest[0].Room.Code != "1-1-101" || e.Biggest[0].NewFen-e.Biggest[0].OldFen != 1853 {
		t.Errorf("%+v", e.Biggest)
	}
	if _, err := issuing.ChangeTariff(ctx, db, billingtest.Clerk, old.ID, next, "another"); !errors.Is(err, issuing.ErrTariffChanged) {
		t.Errorf("without having seen it: %v", err)
	}
	_, err = issuing.ChangeTariff(ctx, db, billingtest.Clerk, old.ID, next, e.Fingerprint())
	billingtest.NoError(t, err)
	if diff := cmp.Diff(before, billingtest.LinesOf(billingtest.Snapshot(t, db), "bill")); diff != "" {
		t.Errorf("a new price touched bills that are issued:\n%s", diff)
	}
	billingtest.WantLines(t, db, "tariff", "物业服务费  area 2.50  month due 15 late 0.003 2 0.3 2026-04-01..",
		"物业服务费  area 2.35  month due 15 late 0.003 2 0.3 2023-01-01..2026-03-31")
	if r := billingtest.Generate(t, db, "2026-04"); r.Bills != 0 {
		t.Errorf("billed again: %+v", r)
	}
	if r := billingtest.Generate(t, db, "2026-05"); r.Bills != 3 || r.PrincipalFen != 30868+25000+30000 {
		t.Errorf("%+v", r)
	}
	if r := billingtest.Generate(t, db, "2026-03"); r.PrincipalFen != 29015+23500+30000 {
		t.Errorf("the old price holds before the change: %+v", r)
	}
}

func TestChangeOfTiers(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := billingtest.WithTariffs(t, water)
	billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+"1-1-101,W1,水费,100,372,1,2026-02-28\n")
	billingtest.Generate(t, db, "2026-02")
	old := onlyTariff(t, db, "水费")
	next := old
	next.Tiers, next.FromOn = "0-100:3.45;100-:5", billingtest.Day("2026-06-01")
	e, err := issuing.PreviewTariff(ctx, db, old.ID, next)
	billingtest.NoError(t, err)
	if !e.ByUsage || e.Changed != 1 || e.OldFen != 107736 || e.NewFen != 34500+86000 {
		t.Errorf("%+v", e)
	}
}

func TestTariffRefusals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := billingtest.WithTariffs(t, billingtest.Monthly, "海棠花园,车位费,,固定,100,,月,15,0,0,,2023-01-01,2026-05-31",
		"海棠花园,车位费,,固定,120,,月,15,0,0,,2026-06-01,")
	fee := onlyTariff(t, db, "物业服务费")
	parking := onlyTariff(t, db, "车位费")
	before := billingtest.Snapshot(t, db)
	for name, c := range map[string]struct {
		change func(f *fees.Tariff)
		want   string
	}{
		"begins before the old one":   {func(f *fees.Tariff) { f.FromOn = billingtest.Day("2022-12-31") }, "TARIFF_FROM"},
		"begins with the old one":     {func(f *fees.Tariff) { f.FromOn = billingtest.Day("2023-01-01") }, "TARIFF_FROM"},
		"no price":                    {func(f *fees.Tariff) { f.Price = "" }, "TARIFF_PRICE"},
		"a price below nothing":       {func(f *fees.Tariff) { f.Price = "-1" }, "TARIFF_PRICE"},
		"a price in words":            {func(f *fees.Tariff) { f.Price = "二元" }, "TARIFF_PRICE"},
		"five decimals":               {func(f *fees.Tariff) { f.Price = "1.23456" }, "TARIFF_PRICE"},
		"tiers by area":               {func(f *fees.Tariff) { f.Price, f.Tiers = "", "0-:3" }, "TARIFF_TIERS"},
		"a thirteenth month":          {func(f *fees.Tariff) { f.CycleStart = 13 }, "TARIFF_CYCLE"},
		"late fee of 3 a day":         {func(f *fees.Tariff) { f.LateRate = "3" }, "TARIFF_RATE"},
		"a cap of 30":                 {func(f *fees.Tariff) { f.LateCap = "30" }, "TARIFF_CAP"},
		"vacant pays more":            {func(f *fees.Tariff) { f.VacantShare = "1.1" }, "TARIFF_SHARE"},
		"a discount without a day":    {func(f *fees.Tariff) { f.DiscountShare = "0.05" }, "TARIFF_DISCOUNT"},
		"a discount on 30 February":   {func(f *fees.Tariff) { f.DiscountShare, f.DiscountUntil = "0.05", "02-30" }, "TARIFF_DISCOUNT"},
		"ends before it begins":       {func(f *fees.Tariff) { f.ToOn = billingtest.Day("2026-01-01") }, "TARIFF_DATES"},
		"due on the 32nd":             {func(f *fees.Tariff) { f.DueDay = 32 }, "TARIFF_DUE"},
		"another cycle than there is": {func(f *fees.Tariff) { f.Cycle = "week" }, "TARIFF_CYCLE"},
	} {
		next := fee
		next.FromOn = billingtest.Day("2026-04-01")
		c.change(&next)
		if _, err := issuing.PreviewTariff(ctx, db, fee.ID, next); err == nil || !strings.HasPrefix(err.Error(), c.want+":") {
			t.Errorf("%s: have %v, want %s", name, err, c.want)
		}
		if _, err := issuing.ChangeTariff(ctx, db, billingtest.Clerk, fee.ID, next, ""); err == nil {
			t.Errorf("%s: was done", name)
		}
	}
	again := parking
	again.FromOn, again.ToOn = billingtest.Day("2026-05-01"), billingtest.Day("2026-07-01")
	if _, err := issuing.AddTariff(ctx, db, billingtest.Clerk, again); err == nil || !strings.Contains(err.Error(), "2026-06-01 至 长期") {
		t.Errorf("overlapping dates: %v", err)
	}
	tiers := fees.Tariff{
		CommunityID: fee.CommunityID, Item: "水费", Method: fees.MethodMeter, Tiers: "0-15:3;20-:4", Cycle: fees.CycleMonth, CycleStart: 1,
		DueDay: 15, LateRate: "0", FromOn: billingtest.Day("2026-01-01"),
	}
	if _, err := issuing.AddTariff(ctx, db, billingtest.Clerk, tiers); err == nil || !strings.HasPrefix(err.Error(), "TIERS_JOIN") {
		t.Errorf("tiers that do not join: %v", err)
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("something was changed:\n%s", diff)
	}
	kind := parking
	kind.RoomKind, kind.Price, kind.FromOn = "高层住宅", "80", billingtest.Day("2026-01-01")
	if _, err := issuing.AddTariff(ctx, db, billingtest.Clerk, kind); err != nil {
		t.Errorf("another kind of room is no overlap: %v", err)
	}
	billingtest.NoError(t, issuing.EndTariff(ctx, db, billingtest.Clerk, parking.ID, billingtest.Day("2026-12-31")))
}

// A tariff for the room alone takes precedence over one for its kind, which takes precedence over one
// for all; also before the price in the room's own row.
func TestWhichTariffGoesFirst(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms,
		billingtest.RoomHead+
			"海棠花园,1-1-101,,,,商铺,甲,,100,,,,,\n海棠花园,1-1-102,,,,商铺,乙,,100,,,,,\n海棠花园,1-1-103,,,,住宅,丙,,100,,,,,\n"+
			"海棠花园,1-1-104,,,,商铺,丁,,100,9,,,,\n")
	head := strings.TrimSuffix(billingtest.TariffHead, "\n") + ",房号,周期起始月\n"
	billingtest.MustImport(t, db, intake.Tariffs,
		head+"海棠花园,物业服务费,,按面积,1,,月,15,0,0,,2023-01-01,,,\n海棠花园,物业服务费,商铺,按面积,2,,月,15,0,0,,2023-01-01,,,\n"+
			"海棠花园,物业服务费,,按面积,3,,月,15,0,0,,2026-02-01,2026-02-28,1-1-101,\n海棠花园,物业服务费,,按面积,4,,月,15,0,0,,2026-02-01,2026-02-28,1-1-104,\n")
	for period, want := range map[string]map[string]models.Fen{
		"2026-01": {"1-1-101": 20000, "1-1-102": 20000, "1-1-103": 10000, "1-1-104": 90000},
		"2026-02": {"1-1-101": 30000, "1-1-102": 20000, "1-1-103": 10000, "1-1-104": 40000},
	} {
		billingtest.Generate(t, db, period)
		have := map[string]models.Fen{}
		for code := range want {
			bills, err := fees.OpenBills(db.View(context.Background()), billingtest.RoomOf(t, db, code).ID)
			billingtest.NoError(t, err)
			for _, b := range bills {
				if strings.HasPrefix(b.PeriodStart.String(), period) {
					have[code] += b.PrincipalFen
				}
			}
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s: wanted (-), had (+):\n%s", period, diff)
		}
	}
	billingtest.WantMistakes(t, db, intake.Tariffs,
		head+
			"海棠花园,车位费,,固定,1,,月,15,0,0,,2023-01-01,,9-9-999,\n海棠花园,车位费,商铺,固定,1,,月,15,0,0,,2023-01-01,,1-1-101,\n"+
			"海棠花园,车位费,,固定,1,,月,15,0,0,,2023-01-01,,,13\n",
		"2 房号 系统中没有这个房号，请先导入房产资料", "3 房号 房号和适用物业类型只能填一项", "4 周期起始月 应为 1 到 12 的整数")
}

// Companies whose year begins in March.
func TestYearsThatBeginInMarch(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	head := strings.TrimSuffix(billingtest.TariffHead, "\n") + ",周期起始月,缴费期限\n"
	billingtest.MustImport(t, db, intake.Tariffs,
		head+"海棠花园,物业服务费,,按面积,1,,年,15,0,0,,2023-01-01,,3,20\n海棠花园,车位费,,固定,100,,季,15,0,0,,2023-01-01,,2,\n")
	want := []string{
		"2026-02: 2026-02-01..2026-04-30 300.00", "2026-03: 2026-03-01..2027-02-28 1481.64", "2026-05: 2026-05-01..2026-07-31 300.00",
		"2026-08: 2026-08-01..2026-10-31 300.00", "2026-11: 2026-11-01..2027-01-31 300.00",
	}
	if diff := cmp.Diff(want, periodsOf(t, db)); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
	// 20 days after issue, which was on 15 March.
	if list := strings.Join(billingtest.LinesOf(billingtest.Snapshot(t, db), "bill"), "\n"); !strings.Contains(list,
		"2026-03-01..2027-02-28 issued 2026-03-15 due 2026-04-04") {
		t.Error(list)
	}
	// The same file without the columns changes nothing about them.
	r := billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+"海棠花园,物业服务费,,按面积,1,,年,15,0,0,,2023-01-01,\n")
	if billingtest.Counts(r) != "0 added 0 changed 1 unchanged 0 left out" {
		t.Error(billingtest.Counts(r))
	}
}
