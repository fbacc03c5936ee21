package fees_test

import (
	"errors"
	"math"
	"strconv"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// ledgerBooks has five rooms a to e in two communities; e owes nothing. The names are
// their stewards, so that rows read well.
func ledgerBooks(t *testing.T) (*store.DB, estate.Room) {
	t.Helper()
	db := modelstest.Open(t)
	a, b, c := room(t, db, "1栋", "a"), room(t, db, "1栋", "b"), room(t, db, "2栋", "c")
	other := modelstest.Community(t, db, "别的小区").ID
	d := modelstest.Room(t, db, func(r *estate.Room) { r.CommunityID, r.Building, r.Steward = other, "1栋", "d" })
	e := room(t, db, "1栋", "e")
	bill(t, db, a, "2026-01-01", "2026-01-31", due("2026-03-16"))
	bill(t, db, a, "2025-01-01", "2025-01-31", due("2025-03-15"), item("水费"), paid(9000))
	bill(t, db, b, "2026-01-01", "2026-01-31", due("2026-03-15"))
	bill(t, db, b, "2026-02-01", "2026-02-28", due("2026-02-13"))
	bill(t, db, c, "2024-01-01", "2024-01-31", due("2024-02-15"))
	bill(t, db, d, "2026-01-01", "2026-01-31", due("2026-02-12"), paid(5000))
	bill(t, db, e, "2026-01-01", "2026-01-31", paid(10000))
	bill(t, db, e, "2026-01-01", "2026-01-31", void, item("水费"))
	return db, a
}

func ledger(t *testing.T, db *store.DB, f fees.LedgerFilter) []string {
	t.Helper()
	list := pages(t, func(after string) ([]fees.LedgerRoom, error) {
		f.After, f.Limit = after, 2
		return fees.LedgerRooms(db.View(bg), f)
	}, fees.LedgerRoom.Cursor)
	return each(list, func(l fees.LedgerRoom) string {
		if want := map[bool]string{true: "别的小区", false: "测试小区"}[l.Steward == "d"]; l.Community != want {
			t.Errorf("the room %s is in %q", l.Steward, l.Community)
		}
		return l.Steward
	})
}

func TestLedger(t *testing.T) {
	t.Parallel()
	db, a := ledgerBooks(t)
	all := office.AllRooms()
	for name, tt := range map[string]struct {
		filter fees.LedgerFilter
		want   string
		sums   string // bills and yuan by band
	}{
		"by room":   {fees.LedgerFilter{Scope: all}, "a b c d", "1:100.00 2:200.00 1:50.00 0:0.00 1:10.00 1:100.00"},
		"by owed":   {fees.LedgerFilter{Scope: all, Sort: fees.LedgerByOwed}, "b a c d", ""},
		"by oldest": {fees.LedgerFilter{Scope: all, Sort: fees.LedgerByOldest}, "c a d b", ""},
		"community": {fees.LedgerFilter{Scope: all, CommunityID: a.CommunityID}, "a b c",
			"1:100.00 2:200.00 0:0.00 0:0.00 1:10.00 1:100.00"},
		"building": {fees.LedgerFilter{Scope: all, Building: "1栋", Sort: fees.LedgerByOldest}, "a d b",
			"1:100.00 2:200.00 1:50.00 0:0.00 1:10.00 0:0.00"},
		"steward": {fees.LedgerFilter{Scope: all, Steward: "b"}, "b", ""},
		"scope": {fees.LedgerFilter{Scope: steward("c"), Sort: fees.LedgerByOwed}, "c",
			"0:0.00 0:0.00 0:0.00 0:0.00 0:0.00 1:100.00"},
		"no scope":    {fees.LedgerFilter{}, "", "0:0.00 0:0.00 0:0.00 0:0.00 0:0.00 0:0.00"},
		"item":        {fees.LedgerFilter{Scope: all, Item: "水费"}, "a", "0:0.00 0:0.00 0:0.00 0:0.00 1:10.00 0:0.00"},
		"not due":     {fees.LedgerFilter{Scope: all, Band: fees.BandNotDue}, "a", ""},
		"30 days":     {fees.LedgerFilter{Scope: all, Band: fees.Band30, Sort: fees.LedgerByOwed}, "b", ""},
		"due":         {fees.LedgerFilter{Scope: all, Band: fees.BandDue, Sort: fees.LedgerByOwed}, "b c d a", ""},
		"band, item":  {fees.LedgerFilter{Scope: all, Band: fees.BandNotDue, Item: "水费"}, "", ""},
		"text":        {fees.LedgerFilter{Scope: all, Text: a.Code}, "a", ""},
		"nobody":      {fees.LedgerFilter{Scope: all, Text: "没有这个人"}, "", ""},
		"no building": {fees.LedgerFilter{Scope: all, Building: "9栋", Sort: fees.LedgerByOwed}, "", ""},
	} {
		got := ledger(t, db, tt.filter)
		if tt.filter.Sort == "" { // communities come by id
			equalSets(t, name, got, fields(tt.want))
		} else if name != "by owed" { // where c and a owe alike
			equal(t, name, got, fields(tt.want))
		}
		if tt.sums == "" {
			continue
		}
		sums := read(t, db, func(tx *store.Tx) ([]fees.BandSum, error) { return fees.BandSums(tx, tt.filter) })
		text := func(s fees.BandSum) string { return whole(s.Bills) + ":" + s.OwedFen.String() }
		equal(t, name+": sums", each(sums, text), fields(tt.sums))
	}
	got := ledger(t, db, fees.LedgerFilter{Scope: all, Sort: fees.LedgerByOwed}) // 200, 110, 100, 50
	equal(t, "by owed", got, fields("b a c d"))
	bad := fees.LedgerFilter{Scope: all, Sort: fees.LedgerByOwed, After: "x/y", Limit: 2}
	if _, err := fees.LedgerRooms(db.View(bg), bad); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a cursor that is none: %v", err)
	}
}

// Each bill is in one of the bands, whatever its age, and in SQL in the same one.
func TestAgingBands(t *testing.T) {
	t.Parallel()
	today := day("2026-03-15")
	for age, want := range map[int]fees.AgingBucket{
		-366: fees.BandNotDue, -1: fees.BandNotDue, 0: fees.Band30, 30: fees.Band30, 31: fees.Band90, 90: fees.Band90, 91: fees.Band180,
		180: fees.Band180, 181: fees.Band365, 365: fees.Band365, 366: fees.BandOver, 20_000: fees.BandOver,
	} {
		on := today.Plus(-age)
		if have := fees.AgingBucketOf(on, today); have != want {
			t.Errorf("%d days past due: band %d, want %d", age, have, want)
		}
		in := 0
		for _, b := range fees.Bands {
			if b.Has(on, today) {
				in++
			}
		}
		if in != 1 || !fees.BandAll.Has(on, today) || fees.BandDue.Has(on, today) != (age >= 0) {
			t.Errorf("%d days past due: in %d bands", age, in)
		}
		f := fees.LedgerFilter{Band: want, Item: "水费"}
		if !f.Fits(&fees.Bill{DueOn: on, Item: "水费"}, today) || f.Fits(&fees.Bill{DueOn: on, Item: "电费"}, today) {
			t.Errorf("%d days past due: the filter is not of the band and the item", age)
		}
	}
	for b, want := range map[fees.AgingBucket]bool{
		-1: false, fees.BandAll: true, fees.BandDue: true, fees.BandDue + 1: false, math.MaxInt: false,
	} {
		if b.Valid() != want {
			t.Errorf("band %d: valid is %v", b, b.Valid())
		}
	}
}

// Pages of the two states of an open bill join to one list, wherever a page ends.
func TestOldBills(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	a, b := room(t, db, "1栋", "甲"), room(t, db, "1栋", "乙")
	names := map[string]string{}
	for i, on := range []string{"2023-01-15", "2023-02-15", "2023-02-15", "2023-02-15", "2023-03-15", "2023-03-16"} {
		for _, r := range []estate.Room{a, b} {
			made := bill(t, db, r, numbered("2022-01-", i)[:8]+numbered("", i+1)[1:], "2022-12-31", due(on), func(b *fees.Bill) {
				if i%2 == 1 {
					b.Status, b.PaidPrincipalFen = fees.BillPartial, 1
				}
			})
			names[made.ID] = r.Steward + whole(int64(i))
		}
	}
	bill(t, db, a, "2022-02-01", "2022-02-28", due("2023-01-01"), paid(10000))
	bill(t, db, a, "2022-03-01", "2022-03-31", due("2023-01-01"), void)
	old := func(scope office.Scope) []string {
		return each(pages(t, func(after string) ([]fees.LimitationLine, error) {
			return fees.OldBills(db.View(bg), fees.LimitationFilter{Scope: scope, DueBy: day("2023-03-15"), After: after, Limit: 2})
		}, fees.LimitationLine.Cursor), func(l fees.LimitationLine) string {
			if l.Room.ID != l.Bill.RoomID || l.OwnerName != "" {
				t.Errorf("a bill of %s with the room %s, owner %q", l.Bill.RoomID, l.Room.ID, l.OwnerName)
			}
			return names[l.Bill.ID]
		})
	}
	want := fields("甲0 乙0 甲1 甲2 甲3 乙1 乙2 乙3 甲4 乙4")
	if a.ID > b.ID {
		want = fields("乙0 甲0 乙1 乙2 乙3 甲1 甲2 甲3 乙4 甲4")
	}
	equal(t, "all", old(office.AllRooms()), want)
	equal(t, "steward", old(steward("乙")), fields("乙0 乙1 乙2 乙3 乙4"))
	for scope, want := range map[office.Scope]int64{office.AllRooms(): 10, steward("乙"): 5, {}: 0} {
		if n := read(t, db, func(tx *store.Tx) (int64, error) { return fees.CountOldBills(tx, scope, day("2023-03-15")) }); n != want {
			t.Errorf("%d old bills, want %d", n, want)
		}
	}
	bad := fees.LimitationFilter{Scope: office.AllRooms(), After: "2023-01-15/x", Limit: 2}
	if _, err := fees.OldBills(db.View(bg), bad); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a cursor that is none: %v", err)
	}
	o := modelstest.Owner(t, db, a, "吕敏博", modelstest.Phone(7))
	owned := bill(t, db, a, "2021-01-01", "2021-01-31", due("2021-02-15"), func(b *fees.Bill) { b.OwnerID = o.ID })
	list := read(t, db, func(tx *store.Tx) ([]fees.LimitationLine, error) {
		return fees.OldBills(tx, fees.LimitationFilter{Scope: office.AllRooms(), DueBy: day("2021-12-31"), Limit: 2})
	})
	if len(list) != 1 || list[0].OwnerName != "吕敏博" {
		t.Fatalf("with its owner: %+v", list)
	}
	equal(t, "the bill", list[0].Bill, owned)
}

func equalSets(t *testing.T, what string, have, want []string) {
	t.Helper()
	in := map[string]bool{}
	for _, h := range have {
		in[h] = true
	}
	for _, w := range want {
		if !in[w] {
			t.Errorf("%s: %s is missing in %v", what, w, have)
		}
	}
	if len(have) != len(want) {
		t.Errorf("%s: %v, want %v", what, have, want)
	}
}
