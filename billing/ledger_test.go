package billing_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// ledgerTown is 23 rooms in two communities with bills of several ages and items,
// some part paid, one room that changed hands.
func ledgerTown(t *testing.T) (*store.DB, []estate.Room, []fees.Bill) {
	t.Helper()
	db := modelstest.Open(t)
	var rooms []estate.Room
	var bills []fees.Bill
	other := modelstest.Community(t, db, "另一小区")
	today := db.Today()
	for i := range 23 {
		r := modelstest.Room(t, db, func(r *estate.Room) {
			r.Code, r.Building, r.Steward = fmt.Sprintf("%d-1-%d", i%3+1, 101+i), fmt.Sprintf("%d栋", i%3+1), []string{"周楠", "高远"}[i%2]
			if i%5 == 0 {
				r.CommunityID = other.ID
			}
		})
		rooms = append(rooms, r)
		for j := range i % 4 {
			b := modelstest.Bill(t, db, r, func(b *fees.Bill) {
				b.Item = []string{"物业服务费", "水费"}[(i+j)%2]
				b.DueOn = today - models.Date((i*37+j*131)%500-20)
				b.PrincipalFen = models.Fen(1000 + (i%6)*100)
			})
			if (i+j)%7 == 0 {
				modelstest.Write(t, db, func(tx *store.Tx) error {
					_, err := billing.Apply(tx, billing.Money{
						RoomID: r.ID, CommunityID: r.CommunityID, Debit: money.AccountWechat, Settlement: estate.PrincipalFirst,
						EffectiveOn: tx.Today(),
					}, []billing.Portion{{BillID: b.ID, Amount: 300}})
					return err
				})
				b.PaidPrincipalFen, b.Status = 300, fees.BillPartial
			}
			bills = append(bills, b)
		}
	}
	return db, rooms, bills
}

// TestLedgerPages walks the ledger in every order with every filter, three rooms a
// page, and compares with the same done by hand.
func TestLedgerPages(t *testing.T) {
	t.Parallel()
	db, rooms, bills := ledgerTown(t)
	view := db.View(context.Background())
	today := view.Today()
	owed := func(f fees.LedgerFilter, r estate.Room) (sum models.Fen, oldest models.Date, n int) {
		for _, b := range bills {
			if b.RoomID == r.ID && f.Fits(&b, today) {
				sum, n = sum+b.OutstandingFen(), n+1
				if oldest == 0 || b.DueOn < oldest {
					oldest = b.DueOn
				}
			}
		}
		return sum, oldest, n
	}
	for _, f := range []fees.LedgerFilter{
		{},
		{Item: "水费"},
		{Band: fees.BandOver},
		{Band: fees.BandNotDue},
		{Band: fees.BandDue, Item: "物业服务费"},
		{Building: "2栋"},
		{Steward: "周楠", Band: fees.Band180},
		{CommunityID: rooms[0].CommunityID},
		{Text: "2-1-102"},
		{Text: "不存在"},
		{Scope: office.Staff{Role: office.RoleSteward, Name: "高远"}.Scope()},
	} {
		if f.Scope == (office.Scope{}) {
			f.Scope = office.AllRooms()
		}
		for _, sort := range []string{fees.LedgerByRoom, fees.LedgerByOwed, fees.LedgerByOldest} {
			f.Sort = sort
			var want []estate.Room
			for _, r := range rooms {
				_, _, n := owed(f, r)
				fits := n > 0 && (f.Building == "" || f.Building == r.Building) && (f.Steward == "" || f.Steward == r.Steward) &&
					(f.CommunityID == "" || f.CommunityID == r.CommunityID) && (f.Text == "" || f.Text == r.Code) &&
					(f.Scope == office.AllRooms() || r.Steward == "高远")
				if fits {
					want = append(want, r)
				}
			}
			slices.SortFunc(want, func(a, b estate.Room) int {
				sumA, oldA, _ := owed(f, a)
				sumB, oldB, _ := owed(f, b)
				switch sort {
				case fees.LedgerByOwed:
					return cmp.Or(cmp.Compare(sumB, sumA), cmp.Compare(a.ID, b.ID))
				case fees.LedgerByOldest:
					return cmp.Or(cmp.Compare(oldA, oldB), cmp.Compare(a.ID, b.ID))
				}
				return cmp.Or(cmp.Compare(a.CommunityID, b.CommunityID), cmp.Compare(a.CodeKey, b.CodeKey))
			})
			compareLedger(t, view, f, want, owed)
		}
	}
}

func compareLedger(t *testing.T, view *store.Tx, f fees.LedgerFilter, want []estate.Room,
	owed func(fees.LedgerFilter, estate.Room) (models.Fen, models.Date, int)) {
	t.Helper()
	var have []string
	var sum, wantSum models.Fen
	for f.Limit = 3; ; {
		lines, err := billing.Ledger(view, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			have = append(have, l.Code)
			s, oldest, n := owed(f, l.Room)
			if l.OwedFen != s || l.OldestDue != oldest || l.Bills != n || l.TotalFen != l.OwedFen+l.LateFeeFen {
				t.Errorf("%+v: %s: %s of %d bills since %s, want %s of %d since %s", f, l.Code, l.OwedFen,
					l.Bills, l.OldestDue, s, n, oldest)
			}
			bands := models.Fen(0)
			for _, fen := range l.Bands {
				bands += fen
			}
			if bands != l.OwedFen {
				t.Errorf("%s: the bands come to %s of %s", l.Code, bands, l.OwedFen)
			}
			sum += l.OwedFen
		}
		if len(lines) < 3 {
			break
		}
		f.After = lines[len(lines)-1].Cursor()
	}
	var codes []string
	for _, r := range want {
		codes = append(codes, r.Code)
		s, _, _ := owed(f, r)
		wantSum += s
	}
	if diff := gocmp.Diff(codes, have); diff != "" {
		t.Errorf("item %q band %d building %q sort %s (want -, have +):\n%s", f.Item, f.Band, f.Building, f.Sort, diff)
	}
	bands, err := fees.BandSums(view, f)
	if err != nil {
		t.Fatal(err)
	}
	all := models.Fen(0)
	for _, b := range bands {
		all += b.OwedFen
	}
	if all != wantSum || sum != wantSum {
		t.Errorf("sums: pages %s, bands %s, want %s", sum, all, wantSum)
	}
}

func TestLedgerHasALineForEachOwner(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-01-01")
	h.Bill(former, "2026-01-01", "2026-01-31")
	h.Bill(former, "2026-03-01", "2026-03-31")
	h.Transfer("2026-03-01")
	lines, err := billing.Ledger(h.DB.View(context.Background()), fees.LedgerFilter{Scope: office.AllRooms(), Limit: 10})
	if err != nil || len(lines) != 2 || lines[0].Owner.Name != "王小明" || lines[1].Owner.Name != "李新" ||
		lines[0].OwedFen != 11002 || lines[1].OwedFen != 11002 {
		t.Errorf("%+v, %v", lines, err)
	}
}

func TestBands(t *testing.T) {
	t.Parallel()
	today := models.MustDate("2026-03-15")
	for age, want := range map[int]fees.AgingBucket{
		-30: fees.BandNotDue, -1: fees.BandNotDue, 0: fees.Band30, 30: fees.Band30, 31: fees.Band90, 90: fees.Band90, 91: fees.Band180,
		180: fees.Band180, 181: fees.Band365, 365: fees.Band365, 366: fees.BandOver, 5000: fees.BandOver,
	} {
		due := today - models.Date(age)
		if have := fees.AgingBucketOf(due, today); have != want {
			t.Errorf("%d days: band %d, want %d", age, have, want)
		}
		if fees.BandDue.Has(due, today) != (age >= 0) {
			t.Errorf("%d days: due is %v", age, age < 0)
		}
	}
}

func TestLimitation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		due, today string
		limit      string
		want       billing.LimitationFlag
	}{
		{"2023-03-15", "2026-03-15", "2026-03-15", billing.LimitationNear}, // its last day
		{"2023-03-14", "2026-03-15", "2026-03-14", billing.LimitationPast},
		{"2023-06-13", "2026-03-15", "2026-06-13", billing.LimitationNear}, // 90 days before
		{"2023-06-14", "2026-03-15", "2026-06-14", billing.LimitationFar},
		{"2024-02-29", "2027-03-01", "2027-02-28", billing.LimitationPast},
		{"2024-02-29", "2027-02-28", "2027-02-28", billing.LimitationNear},
		{"2020-01-15", "2026-03-15", "2023-01-15", billing.LimitationPast},
	} {
		due, today := models.MustDate(tt.due), models.MustDate(tt.today)
		if have := billing.LimitationOf(due); have.String() != tt.limit {
			t.Errorf("%s: limit %s, want %s", tt.due, have, tt.limit)
		}
		if have := billing.LimitationOn(due, today); have != tt.want {
			t.Errorf("%s on %s: %d, want %d", tt.due, tt.today, have, tt.want)
		}
	}
	// On every day of six years, the last due day that is flagged is flagged, and the
	// next is not.
	for today := models.MustDate("2026-01-01"); today < models.MustDate("2032-01-01"); today++ {
		if d := billing.LimitationDueBy(today); billing.LimitationOn(d, today) == billing.LimitationFar ||
			billing.LimitationOn(d+1, today) != billing.LimitationFar {
			t.Fatalf("on %s the last flagged due day is not %s", today, d)
		}
		if d := billing.LimitationPastBy(today); billing.LimitationOn(d, today) != billing.LimitationPast ||
			billing.LimitationOn(d+1, today) == billing.LimitationPast {
			t.Fatalf("on %s the last due day past the limit is not %s", today, d)
		}
	}
}

// TestOldBillsPages walks the list of old bills, some due on one day, two a page.
func TestOldBillsPages(t *testing.T) {
	t.Parallel()
	db, _, bills := ledgerTown(t)
	view := db.View(context.Background())
	by := view.Today() - 100
	var want []string
	for _, b := range bills {
		if b.DueOn <= by {
			want = append(want, b.DueOn.String()+"/"+b.RoomID+"/"+b.ID)
		}
	}
	slices.Sort(want)
	var have []string
	for after := ""; ; {
		lines, err := fees.OldBills(view, fees.LimitationFilter{Scope: office.AllRooms(), DueBy: by, After: after, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			have = append(have, l.Cursor())
		}
		if len(lines) < 2 {
			break
		}
		after = lines[1].Cursor()
	}
	if diff := gocmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
	if n, err := fees.CountOldBills(view, office.AllRooms(), by); err != nil || n != int64(len(want)) {
		t.Errorf("counted %d, want %d, %v", n, len(want), err)
	}
}
