package issuing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// many is a database with so many rooms of two communities, water meters and
// tariffs.
func many(t testing.TB, rooms int) *store.DB {
	t.Helper()
	db := modelstest.Open(t)
	var list, meters strings.Builder
	for i := range rooms {
		fmt.Fprintf(&list, "小区%d,%d-%d,,,,,业主%d,138%08d,%d.5,,%s,,,\n", i%2, i%2+1, i, i, i, 50+i, [...]string{"", "月", "季"}[i%3])
		fmt.Fprintf(&meters, "%d-%d,W,水费,10,%d,1,2026-01-31\n", i%2+1, i, 10+i%9)
	}
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+list.String())
	billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+meters.String())
	for _, c := range []string{"小区0", "小区1"} {
		billingtest.MustImport(t, db, intake.Tariffs,
			billingtest.TariffHead+strings.ReplaceAll(billingtest.Monthly+"\n"+water+"\n", "海棠花园", c))
	}
	return db
}

var smallBatches = func(o *issuing.GenerateOptions) { o.BatchRooms = 7 }

func TestStoppedRunIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	const rooms = 40
	whole := many(t, rooms)
	want := billingtest.Generate(t, whole, "2026-01")
	if want.Rooms != rooms || want.Bills < rooms {
		t.Fatalf("%+v", want)
	}
	for stopAfter := 1; stopAfter <= 5; stopAfter++ {
		db := many(t, rooms)
		ctx, cancel := context.WithCancel(context.Background())
		batches := 0
		part, err := issuing.GenerateBills(ctx, db, modelstest.Actor, want.Period, issuing.GenerateOptions{BatchRooms: 7,
			Progress: func(issuing.GenerateResult) {
				if batches++; batches == stopAfter {
					cancel()
				}
			}})
		cancel()
		if !errors.Is(err, context.Canceled) || part.Rooms >= rooms || part.Bills == 0 {
			t.Fatalf("stopped after %d: %+v, %v", stopAfter, part, err)
		}
		billingtest.CheckBooks(t, db)
		rest := billingtest.Generate(t, db, "2026-01", smallBatches)
		if part.Bills+rest.Bills != want.Bills || part.PrincipalFen+rest.PrincipalFen != want.PrincipalFen {
			t.Errorf("stopped after %d: %d and %d bills, want %d", stopAfter, part.Bills, rest.Bills, want.Bills)
		}
		if diff := cmp.Diff(billingtest.Snapshot(t, whole), billingtest.Snapshot(t, db)); diff != "" {
			t.Errorf("in one go (-), stopped after %d (+):\n%s", stopAfter, diff)
		}
	}
}

func TestRunsAtTheSameTime(t *testing.T) {
	t.Parallel()
	whole, db := many(t, 30), many(t, 30)
	want := billingtest.Generate(t, whole, "2026-01")
	var wg sync.WaitGroup
	var mu sync.Mutex
	bills, sum := 0, models.Fen(0)
	for range 4 {
		wg.Go(func() {
			r, err := issuing.GenerateBills(context.Background(), db, modelstest.Actor, want.Period, issuing.GenerateOptions{BatchRooms: 5})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			bills, sum = bills+r.Bills, sum+r.PrincipalFen
		})
	}
	wg.Wait()
	if bills != want.Bills || sum != want.PrincipalFen {
		t.Errorf("four runs made %d bills of %s, want %d of %s", bills, sum, want.Bills, want.PrincipalFen)
	}
	if diff := cmp.Diff(billingtest.Snapshot(t, whole), billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("one run (-), four at once (+):\n%s", diff)
	}
	billingtest.CheckBooks(t, db)
}

func TestPrepaymentGoesToTheOldestNewBill(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, billingtest.Monthly, strings.Replace(water, ",月,25,", ",月,20,", 1))
	billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+"1-1-101,W1,水费,0,100,1,2026-03-02\n") // 345.00, due on the 20th
	room := billingtest.RoomOf(t, db, "1-1-101")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		if err := money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 30000, "", ""); err != nil {
			return err
		}
		return money.Journal(tx, []money.JournalLine{{Kind: money.JournalTopup, Debit: money.AccountWechat, Credit: money.AccountPrepaid,
			AmountFen: 30000, CommunityID: room.CommunityID, RoomID: room.ID}})
	})
	r := billingtest.Generate(t, db, "2026-03")
	if r.Bills != 2 || r.OffsetFen != 30000 {
		t.Errorf("%+v", r)
	}
	var got []string
	for _, line := range billingtest.LinesOf(billingtest.Snapshot(t, db), "bill") {
		f := strings.Fields(line)
		got = append(got, strings.Join([]string{f[1], f[7], f[8]}, " "))
	}
	if diff := cmp.Diff([]string{"水费 partial 345.00-9.85", "物业服务费 paid 290.15-290.15"}, got); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
	if left := billingtest.RoomOf(t, db, "1-1-101").PrepaidFen; left != 0 {
		t.Errorf("%s left of the prepayment", left)
	}
}

// Who held the room when the period began owes the bill, whenever it is issued.
func TestBillsFollowTheTenure(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, billingtest.Monthly)
	sold := modelstest.Room(t, db, func(r *estate.Room) { r.Kind, r.Area = "高层住宅", "100" })
	first, second, room := estate.Owner{}, estate.Owner{}, estate.Room{}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		room = billingtest.RoomOf(t, db, "1-1-101")
		room.ID, room.Code, room.CodeKey = models.NewID(), "9-9-901", "9-9-901"
		first, second = estate.NewOwner(tx, room.CommunityID, "甲", ""), estate.NewOwner(tx, room.CommunityID, "乙", "")
		if err := estate.InsertRooms(tx, []estate.Room{room}); err != nil {
			return err
		}
		if err := estate.InsertOwners(tx, []estate.Owner{first, second}); err != nil {
			return err
		}
		return estate.InsertTenures(tx, []estate.Tenure{
			{
				ID: models.NewID(), RoomID: room.ID, OwnerID: first.ID, Role: estate.TenureOwner, ToOn: billingtest.Day("2026-02-10"),
				CreatedAt: tx.Now,
			},
			{
				ID: models.NewID(), RoomID: room.ID, OwnerID: second.ID, Role: estate.TenureOwner, FromOn: billingtest.Day("2026-02-11"),
				CreatedAt: tx.Now,
			},
		})
	})
	for _, p := range []string{"2026-03", "2026-02", "2026-01"} {
		if r := billingtest.Generate(t, db, p); r.NoTariff != 1 { // the other community has none
			t.Errorf("%s: %+v, room %s", p, r, sold.Code)
		}
	}
	bills, err := fees.OpenBills(db.View(context.Background()), room.ID)
	billingtest.NoError(t, err)
	got := map[string]string{}
	for _, b := range bills {
		got[b.PeriodStart.String()] = b.OwnerID
	}
	if diff := cmp.Diff(map[string]string{"2026-01-01": first.ID, "2026-02-01": first.ID, "2026-03-01": second.ID}, got); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
}

func TestOddRooms(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, billingtest.Monthly, "海棠花园,车位费,车位,固定,100,,月,15,0,0,,2023-01-01,")
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+"海棠花园,2-1-101,,,,,,,80,,,,未售,\n海棠花园,2-1-102,,,,,丙,,80,0,,,空置,\n")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		bare := billingtest.RoomOf(t, db, "2-1-101")
		bare.ID, bare.Code, bare.CodeKey, bare.Area = models.NewID(), "2-1-103", "2-1-103", ""
		return estate.InsertRooms(tx, []estate.Room{bare})
	})
	r := billingtest.Generate(t, db, "2026-03")
	want := issuing.GenerateResult{Period: r.Period, Rooms: 4, Bills: 2, PrincipalFen: 29015 + 18800, NoOwner: 1, NoFigure: 1,
		// 38 months since 2023 of the two rooms that cost something.
		Summary: issuing.RunSummary{Rooms: 4, WithBills: 2, Free: 1, NoArea: 1,
			GapsBefore: issuing.GapSum{Lines: 2, Days: 2 * 1155, Fen: 38 * (29015 + 18800)}}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
}
