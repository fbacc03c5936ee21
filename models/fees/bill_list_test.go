package fees_test

import (
	"slices"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func TestOpenBillsInArrearsOrder(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r, next := modelstest.Room(t, db), modelstest.Room(t, db)
	later := bill(t, db, r, "2025-11-01", "2025-11-30", due("2026-02-15"))
	second := bill(t, db, r, "2025-12-01", "2025-12-31", due("2026-01-15"), paid(1))
	first := bill(t, db, r, "2025-10-01", "2025-10-31", due("2026-01-15"))
	bill(t, db, r, "2025-09-01", "2025-09-30", paid(10000))
	bill(t, db, r, "2025-08-01", "2025-08-31", void)
	neighbours := bill(t, db, next, "2025-10-01", "2025-10-31", due("2026-01-20"))
	open := func(rooms ...string) []string {
		return billIDs(read(t, db, func(tx *store.Tx) ([]fees.Bill, error) { return fees.OpenBillsOfRooms(tx, rooms) }))
	}
	equal(t, "one room", open(r.ID), []string{first.ID, second.ID, later.ID})
	equal(t, "two rooms", open(r.ID, next.ID), []string{first.ID, second.ID, neighbours.ID, later.ID})
	equal(t, "no room", open(), nil)
}

func TestBillsOfRoomFilters(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	a := bill(t, db, r, "2024-12-31", "2024-12-31", due("2025-01-15"))
	b := bill(t, db, r, "2025-01-01", "2025-01-31", due("2025-02-15"), paid(10000))
	c := bill(t, db, r, "2025-12-31", "2026-01-31", due("2026-02-15"), paid(1))
	d := bill(t, db, r, "2026-01-01", "2026-01-31", due("2026-02-15"), void)
	all := []string{d.ID, c.ID, b.ID, a.ID} // newest due first, of one day the newest first
	bill(t, db, modelstest.Room(t, db), "2025-01-01", "2025-01-31")
	for name, tt := range map[string]struct {
		filter fees.BillFilter
		want   []string
	}{
		"all":             {fees.BillFilter{}, all},
		"status":          {fees.BillFilter{Status: fees.BillPartial}, []string{c.ID}},
		"year":            {fees.BillFilter{Year: 2025}, []string{c.ID, b.ID}},
		"year and status": {fees.BillFilter{Year: 2025, Status: fees.BillPaid}, []string{b.ID}},
		"none":            {fees.BillFilter{Year: 2023}, nil},
		"after":           {fees.BillFilter{After: "2026-02-15/" + d.ID}, []string{c.ID, b.ID, a.ID}},
		"garbage":         {fees.BillFilter{After: "garbage"}, all}, // as a text it stands after every day
	} {
		tt.filter.Limit = 10
		list := read(t, db, func(tx *store.Tx) ([]fees.Bill, error) { return fees.BillsOfRoom(tx, r.ID, tt.filter) })
		equal(t, name, billIDs(list), tt.want)
	}
	got := pages(t, func(after string) ([]fees.Bill, error) {
		return fees.BillsOfRoom(db.View(bg), r.ID, fees.BillFilter{After: after, Limit: 2})
	}, func(b fees.Bill) string { return b.DueOn.String() + "/" + b.ID })
	equal(t, "pages", billIDs(got), all)
}

// The condition in SQL and the one in Go are one rule.
func TestSightInSQLIsSightInGo(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	var all []fees.Bill
	for _, owner := range []string{"", "wang", "li", "tenant"} {
		for _, start := range []string{"2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"} {
			for _, name := range []string{"水费", "电费"} {
				all = append(all, bill(t, db, r, start, start, item(name+"/"+owner), func(b *fees.Bill) { b.OwnerID = owner }))
			}
		}
	}
	seen := 0
	for name, s := range map[string]estate.BillVisibility{
		"owner":                {OwnerID: "li", Role: estate.RoleOwner},
		"owner until today":    {OwnerID: "li", Role: estate.RoleOwner, UntilOn: db.Today()},
		"former owner":         {OwnerID: "wang", Role: estate.RoleOwner, UntilOn: db.Today() - 1},
		"nobody":               {Role: estate.RoleOwner, UntilOn: db.Today() - 1},
		"owner without a name": {Role: estate.RoleOwner},
		"tenant of all items":  {OwnerID: "tenant", Role: estate.RoleTenant, FromOn: day("2026-02-01")},
		"tenant of two items": {
			OwnerID: "tenant", Role: estate.RoleTenant, FromOn: day("2026-02-01"), Items: models.Items("水费/li", "水费/"),
		},
		"tenant that moved out": {OwnerID: "tenant", Role: estate.RoleTenant, FromOn: day("2026-02-01"), UntilOn: day("2026-03-01")},
		"tenant without a name": {Role: estate.RoleTenant, FromOn: day("2026-03-01")},
	} {
		var want []string
		for i := range all {
			if fees.CanSee(s, &all[i], db.Today()) {
				want = append(want, all[i].ID)
			}
		}
		seen += len(want)
		list := read(t, db, func(tx *store.Tx) ([]fees.Bill, error) {
			return fees.BillsOfRoom(tx, r.ID, fees.BillFilter{Sight: &s, Limit: 100})
		})
		got := billIDs(list)
		slices.Sort(got)
		slices.Sort(want)
		equal(t, name, got, want)
	}
	if seen == 0 || seen == 9*len(all) {
		t.Errorf("%d bills in sight prove nothing", seen)
	}
}

// A bill is known on the day in whose last millisecond it came, not on the one before.
func TestBillsKnownOn(t *testing.T) {
	t.Parallel()
	db, clock := clocked(t, "2026-03-15 23:59:59")
	r := modelstest.Room(t, db)
	first := bill(t, db, r, "2026-01-01", "2026-01-31", void)
	clock.Advance(time.Second)
	second := bill(t, db, r, "2026-02-01", "2026-02-28")
	for on, want := range map[string][]string{"2026-03-14": nil, "2026-03-15": {first.ID}, "2026-03-16": {first.ID, second.ID}} {
		list := read(t, db, func(tx *store.Tx) ([]fees.Bill, error) { return fees.BillsKnownOn(tx, r.ID, day(on)) })
		equal(t, on, billIDs(list), want)
	}
}

// The bills that a transfer looks at are the same whether it is a preview or done.
func TestLiveBillsOfRoom(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	owned := func(b *fees.Bill) { b.OwnerID = "wang" }
	bill(t, db, r, "2026-01-01", "2026-01-31", owned)
	nobodys := bill(t, db, r, "2026-01-01", "2026-01-31", item("水费"))
	last := bill(t, db, r, "2026-02-01", "2026-02-28", owned, paid(10000))
	bill(t, db, r, "2026-03-01", "2026-03-31", owned, void)
	want := []string{nobodys.ID, last.ID}
	live := func(tx *store.Tx) ([]fees.Bill, error) { return fees.LiveBillsOfRoom(tx, r.ID, day("2026-02-28")) }
	equal(t, "shown", billIDs(read(t, db, live)), want)
	equal(t, "locked", billIDs(change(t, db, live)), want)
}

func TestSettledBills(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	bill(t, db, r, "2026-01-01", "2026-01-31")
	a := bill(t, db, r, "2026-02-01", "2026-02-28", paid(1))
	b := bill(t, db, r, "2026-03-01", "2026-03-31", func(b *fees.Bill) { b.WaivedLateFeeFen = 1 })
	c := bill(t, db, r, "2026-04-01", "2026-04-30", paid(10000))
	bill(t, db, r, "2026-05-01", "2026-05-31", void, func(b *fees.Bill) { b.WaivedLateFeeFen = 1 })
	got := pages(t, func(after string) ([]fees.Bill, error) { return fees.SettledBills(db.View(bg), after, 2) },
		func(b fees.Bill) string { return b.ID })
	equal(t, "settled", billIDs(got), []string{a.ID, b.ID, c.ID})
}

func TestPaidYears(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	c := modelstest.Community(t, db, "测试小区")
	by := func(b *fees.Bill) { b.TariffID = "tariff" }
	year := func(with ...func(*fees.Bill)) estate.Room {
		r := modelstest.Room(t, db)
		bill(t, db, r, "2026-01-01", "2026-06-30", by, paid(10000))
		bill(t, db, r, "2026-07-01", "2026-12-31", append([]func(*fees.Bill){by, paid(10000)}, with...)...)
		return r
	}
	full, second := year(), year()
	year(paid(9999))
	year(func(b *fees.Bill) { b.DiscountFen, b.PaidPrincipalFen = 1, 9999 })
	year(void)
	year(func(b *fees.Bill) { b.TariffID = "other" })
	year(func(b *fees.Bill) { b.PeriodEnd = day("2026-12-30") })
	year(func(b *fees.Bill) { b.PeriodEnd = day("2027-01-01") })
	got := pages(t, func(after string) ([]string, error) {
		return fees.PaidYears(db.View(bg), c.ID, "tariff", day("2026-01-01"), day("2026-12-31"), after, 2)
	}, func(id string) string { return id })
	want := []string{full.ID, second.ID}
	slices.Sort(want)
	equal(t, "rooms", got, want)
	bills := read(t, db, func(tx *store.Tx) ([]fees.Bill, error) {
		return fees.BillsOfYear(tx, full.ID, "tariff", day("2026-01-01"), day("2026-12-31"))
	})
	equal(t, "bills", each(bills, func(b fees.Bill) string { return b.PeriodStart.String() }), []string{"2026-01-01", "2026-07-01"})
}

func TestOpenDues(t *testing.T) {
	t.Parallel()
	db, clock := clocked(t, "2026-03-15 10:00:00")
	r, next := modelstest.Room(t, db), modelstest.Room(t, db)
	bill(t, db, next, "2026-01-01", "2026-01-31", due("2026-03-31"))
	bill(t, db, r, "2026-01-01", "2026-01-31", due("2026-03-20"), item("水费"))
	clock.Advance(time.Hour)
	bill(t, db, r, "2026-01-01", "2026-01-15", due("2026-03-20"), item("水费"), paid(1)) // of the same day and period: one line
	bill(t, db, r, "2026-01-01", "2026-01-31", due("2026-04-01"))
	bill(t, db, r, "2026-02-01", "2026-02-28", due("2026-03-20"), func(b *fees.Bill) { b.Disputed = true })
	bill(t, db, r, "2026-03-01", "2026-03-31", due("2026-03-20"), paid(10000))
	parts := bill(t, db, r, "2026-04-01", "2026-04-30", due("2026-03-21"))
	plan := newPlan(t, db, r, parts)
	dues := func() []string {
		list := read(t, db, func(tx *store.Tx) ([]fees.OpenDue, error) {
			return fees.OpenDues(tx, []string{r.ID, next.ID}, day("2026-03-31"))
		})
		return each(list, func(d fees.OpenDue) string {
			room := map[string]string{r.ID: "room", next.ID: "next"}[d.RoomID]
			return room + " " + d.DueOn.String() + " " + d.Item + " " + d.KnownAt.In(models.Shanghai).Format("15:04")
		})
	}
	want := []string{"room 2026-03-20 水费 11:00", "next 2026-03-31 物业服务费 10:00"}
	if r.ID > next.ID {
		slices.Reverse(want)
	}
	equal(t, "dues", dues(), want)
	if ok := change(t, db, func(tx *store.Tx) (bool, error) { return fees.EndPlan(tx, &plan, fees.PlanBroken) }); !ok {
		t.Fatal("the plan did not end")
	}
	if have := dues(); !slices.Contains(have, "room 2026-03-21 物业服务费 11:00") {
		t.Errorf("without the plan: %v", have)
	}
	d := fees.OpenDue{OwnerID: "wang", Item: "水费", PeriodStart: day("2026-01-01")}
	if !d.SeenBy(estate.BillVisibility{OwnerID: "wang", Role: estate.RoleOwner}, db.Today()) ||
		d.SeenBy(estate.BillVisibility{OwnerID: "li", Role: estate.RoleOwner}, db.Today()) {
		t.Error("bills of Wang are seen by Li, or not by Wang")
	}
}

// The reports of periods agree on what touches the days asked for: both ends count.
func TestBillPeriods(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r, other := modelstest.Room(t, db), modelstest.Room(t, db)
	bill(t, db, r, "2026-01-01", "2026-01-31", func(b *fees.Bill) { b.Basis, b.TariffID = `{"n":1}`, "tariff" })
	bill(t, db, r, "2026-02-01", "2026-02-28", func(b *fees.Bill) { b.Basis, b.OpeningPaidFen, b.PaidPrincipalFen = `{"n":2}`, 5, 5 })
	bill(t, db, r, "2026-03-01", "2026-03-31", void, func(b *fees.Bill) { b.Basis = `{"n":3}` })
	bill(t, db, r, "2026-04-01", "2026-04-30", func(b *fees.Bill) { b.Source = fees.SourceImport })
	bill(t, db, other, "2026-01-31", "2026-01-31")
	rooms := []string{r.ID, other.ID}
	for _, tt := range []struct{ from, to, spans, briefs string }{
		{"2025-12-01", "2025-12-31", "", ""},
		{"2025-12-01", "2026-01-01", "01", "01"},
		{"2026-01-31", "2026-02-01", "01 02", "01 02"},
		{"2026-02-28", "2026-04-01", "02 04", "02 03! 04"},
		{"2026-03-01", "2026-03-31", "", "03!"},
	} {
		text := func(month string, void bool) string {
			if void {
				month += "!"
			}
			return month
		}
		spans := read(t, db, func(tx *store.Tx) (map[string][]fees.BillSpan, error) {
			return fees.BillSpans(tx, rooms, day(tt.from), day(tt.to))
		})
		equal(t, "spans "+tt.from, each(spans[r.ID], func(s fees.BillSpan) string { return s.From.String()[5:7] }), fields(tt.spans))
		briefs := read(t, db, func(tx *store.Tx) (map[string][]fees.BillBrief, error) {
			return fees.BillBriefs(tx, rooms, day(tt.from), day(tt.to))
		})
		equal(t, "briefs "+tt.from, each(briefs[r.ID], func(b fees.BillBrief) string {
			return text(b.PeriodStart.String()[5:7], b.Void)
		}), fields(tt.briefs))
	}
	past := read(t, db, func(tx *store.Tx) (map[string][]fees.PastBill, error) {
		return fees.PastBills(tx, rooms, day("2026-01-01"), day("2026-04-30"))
	})
	equal(t, "past", each(past[r.ID], func(b fees.PastBill) string { return b.From.String() + " " + b.PrincipalFen.String() }),
		[]string{"2026-02-01 100.00", "2026-01-01 100.00"})
	equal(t, "bases", read(t, db, func(tx *store.Tx) (map[string]string, error) {
		return fees.LatestBases(tx, []string{r.ID, "none"}, "物业服务费")
	}),
		map[string]string{r.ID: `{"n":2}`})
	for on, want := range map[string]int{"2026-01-31": 1, "2026-02-01": 0} {
		if n := read(t, db, func(tx *store.Tx) (int, error) { return fees.BillsFrom(tx, r.CommunityID, "tariff", day(on)) }); n != want {
			t.Errorf("%d bills of the tariff from %s", n, on)
		}
	}
}
