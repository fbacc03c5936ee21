package issuing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// gapsOf are the unbilled days that a run lists.
func gapsOf(t testing.TB, db *store.DB, run string) (out []string) {
	t.Helper()
	for _, kind := range []string{fees.OddGap, fees.OddGapBefore} {
		list, err := fees.OdditiesOfRun(db.View(context.Background()), run, kind, 1000)
		billingtest.NoError(t, err)
		for _, o := range list {
			out = append(out, fmt.Sprintf("%s %s %s %s %s", o.Kind, o.Room.Code, o.Item, o.Detail, o.AmountFen))
		}
	}
	slices.Sort(out)
	return out
}

// live are the days and principals of a room's bills that are not void, earliest first.
func live(t testing.TB, db *store.DB, code string) (out []string) {
	t.Helper()
	bills, err := fees.BillsOfRoom(db.View(context.Background()), billingtest.RoomOf(t, db, code).ID, fees.BillFilter{Limit: 1000})
	billingtest.NoError(t, err)
	for _, b := range bills {
		if b.Status != fees.BillVoid {
			out = append(out, fmt.Sprintf("%s %s..%s %s", b.Item, b.PeriodStart, b.PeriodEnd, b.PrincipalFen))
		}
	}
	slices.Sort(out)
	return out
}

// addsUp holds the rooms of a run against what became of each.
func addsUp(t testing.TB, r fees.BillingRun) issuing.RunSummary {
	t.Helper()
	draft, issued, err := issuing.RunSummaries(r)
	billingtest.NoError(t, err)
	s := draft
	if r.Status == fees.RunPublished {
		s = issued
	}
	if s.Rooms != r.RoomsDone || s.Sum() != s.Rooms {
		t.Errorf("%d rooms done, %d counted of %+v", r.RoomsDone, s.Sum(), s)
	}
	return s
}

const lateRoom = billingtest.RoomHead + "海棠花园,1-1-102,1栋,1单元,102,高层住宅,徐霞,13800000001,95.37,,,2026-01-12,已入住,\n"

// A room that is entered after its handover: its first months are listed, and billed by one
// press, exactly once.
func TestRoomThatComesLate(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := billingtest.WithTariffs(t, strings.Replace(billingtest.Monthly, "2023", "2026", 1))
	billingtest.Generate(t, db, "2026-01")
	billingtest.Generate(t, db, "2026-02")
	billingtest.MustImport(t, db, intake.Rooms, lateRoom)
	r := draft(t, db, "海棠花园", "2026-03", 1)
	// 20/31 of 224.12, worked example 5, and February.
	if diff := cmp.Diff([]string{"gap 1-1-102 物业服务费 2026-01-12 至 2026-02-28，48 天 368.71"}, gapsOf(t, db, r.ID)); diff != "" {
		t.Error(diff)
	}
	if s := addsUp(t, r); s.Rooms != 2 || s.WithBills != 2 || s.Gaps != (issuing.GapSum{Lines: 1, Days: 48, Fen: 36871}) || r.Bills != 2 {
		t.Errorf("%+v, %d bills", s, r.Bills)
	}
	billingtest.NoError(t, issuing.BillGaps(ctx, db, billingtest.Clerk, r.ID, issuing.GapsSince))
	r = work(t, db, r.ID, 1)
	if s := addsUp(t, r); s.Gaps.Lines != 0 || r.Bills != 4 || r.Gaps != issuing.GapsSince || len(gapsOf(t, db, r.ID)) != 0 {
		t.Errorf("%+v, %d bills", s, r.Bills)
	}
	billingtest.NoError(t, issuing.BillGaps(ctx, db, billingtest.Clerk, r.ID, issuing.GapsNone))
	if r = work(t, db, r.ID, 1); r.Bills != 2 || len(gapsOf(t, db, r.ID)) != 1 {
		t.Errorf("taken out again: %d bills", r.Bills)
	}
	billingtest.NoError(t, issuing.BillGaps(ctx, db, billingtest.Clerk, r.ID, issuing.GapsSince))
	work(t, db, r.ID, 1)
	billingtest.NoError(t, issuing.PublishRun(ctx, db, billingtest.Chief, r.ID))
	r = work(t, db, r.ID, 1)
	addsUp(t, r)
	if diff := cmp.Diff([]string{"物业服务费 2026-01-12..2026-01-31 144.59", "物业服务费 2026-02-01..2026-02-28 224.12",
		"物业服务费 2026-03-01..2026-03-31 224.12"}, live(t, db, "1-1-102")); diff != "" {
		t.Error(diff)
	}
	before := billingtest.Snapshot(t, db)
	again := billingtest.Generate(t, db, "2026-03", func(o *issuing.GenerateOptions) { o.Gaps = issuing.GapsAll })
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" || again.Summary.Billed != 2 || again.Summary.Sum() != 2 {
		t.Errorf("again: %+v\n%s", again.Summary, diff)
	}
	if err := issuing.BillGaps(ctx, db, billingtest.Clerk, r.ID, "some"); err == nil {
		t.Error("an unknown choice was taken")
	}
}

// Days before the first run are told apart, imported bills cover theirs, and nothing is
// billed without the press.
func TestDaysBeforeTheBooks(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, strings.Replace(billingtest.Monthly, "2023-01-01", "2025-11-16", 1))
	billingtest.MustImport(t, db, intake.Arrears,
		billingtest.ArrearsHead+"1-1-101,物业服务费,2025-12-01,2025-12-31,290.15,0,290.15,2025-12-15\n")
	r := draft(t, db, "海棠花园", "2026-02", 10)
	want := []string{"gap_before 1-1-101 物业服务费 2025-11-16 至 2025-11-30，15 天 145.08",
		"gap_before 1-1-101 物业服务费 2026-01-01 至 2026-01-31，31 天 290.15"}
	if diff := cmp.Diff(want, gapsOf(t, db, r.ID)); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct {
		gaps  string
		bills int
	}{{issuing.GapsSince, 1}, {issuing.GapsAll, 3}} {
		billingtest.NoError(t, issuing.BillGaps(context.Background(), db, billingtest.Clerk, r.ID, tt.gaps))
		if r = work(t, db, r.ID, 10); r.Bills != tt.bills {
			t.Errorf("%s: %d bills, want %d", tt.gaps, r.Bills, tt.bills)
		}
		addsUp(t, r)
	}
	billingtest.NoError(t, issuing.PublishRun(context.Background(), db, billingtest.Chief, r.ID))
	work(t, db, r.ID, 10)
	if diff := cmp.Diff([]string{"物业服务费 2025-11-16..2025-11-30 145.08", "物业服务费 2025-12-01..2025-12-31 290.15",
		"物业服务费 2026-01-01..2026-01-31 290.15", "物业服务费 2026-02-01..2026-02-28 290.15"}, live(t, db, "1-1-101")); diff != "" {
		t.Error(diff)
	}
}

// Tariffs that come late, vacancies that end early, yearly cycles, and days that are no gap.
func TestWhatIsAGap(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	add := func(t *testing.T, db *store.DB, f fees.Tariff) {
		t.Helper()
		c, err := estate.CommunityByName(db.View(ctx), "海棠花园")
		billingtest.NoError(t, err)
		f.CommunityID, f.Method, f.CycleStart, f.DueDay, f.LateRate = c.ID, fees.MethodFixed, 1, 15, "0"
		_, err = issuing.AddTariff(ctx, db, billingtest.Clerk, f)
		billingtest.NoError(t, err)
	}
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, db *store.DB)
		want []string // of the draft of March, after the runs of January and February
	}{
		{"nothing", func(*testing.T, *store.DB) {}, nil},
		{"a tariff that comes late", func(t *testing.T, db *store.DB) {
			add(t, db, fees.Tariff{Item: "车位费", Price: "100", Cycle: fees.CycleMonth, FromOn: billingtest.Day("2026-01-22")})
		}, []string{"gap 1-1-101 车位费 2026-01-22 至 2026-02-28，38 天 132.26"}},
		{"a tariff of the past", func(t *testing.T, db *store.DB) {
			add(t, db, fees.Tariff{Item: "车位费", Price: "100", Cycle: fees.CycleMonth, FromOn: billingtest.Day("2026-01-01"),
				ToOn: billingtest.Day("2026-01-31")})
		}, []string{"gap 1-1-101 车位费 2026-01-01 至 2026-01-31，31 天 100.00"}},
		{"a year that has begun", func(t *testing.T, db *store.DB) {
			add(t, db, fees.Tariff{Item: "车位费", Price: "100", Cycle: fees.CycleYear, FromOn: billingtest.Day("2026-01-01")})
		}, []string{"gap 1-1-101 车位费 2026-01-01 至 2026-12-31，365 天 1200.00"}},
		{"a free month", func(t *testing.T, db *store.DB) {
			add(t, db, fees.Tariff{Item: "垃圾费", Price: "10", Cycle: fees.CycleMonth, FromOn: billingtest.Day("2026-01-01"),
				VacantShare: "0"})
			vacant(t, db, "1-1-101", "2026-01-01", "2026-02-28")
		}, nil},
		{"a free month that ends early", func(t *testing.T, db *store.DB) {
			add(t, db, fees.Tariff{Item: "垃圾费", Price: "10", Cycle: fees.CycleMonth, FromOn: billingtest.Day("2026-01-01"),
				VacantShare: "0"})
			v := vacant(t, db, "1-1-101", "2026-01-01", "2026-02-28")
			billingtest.NoError(t, billing.EndVacancy(ctx, db, billingtest.As(billingtest.Chief, office.RoleManager), v.ID,
				billingtest.Day("2026-01-31")))
		}, []string{"gap 1-1-101 垃圾费 2026-02-01 至 2026-02-28，28 天 10.00"}},
		{"a bill that was made void", func(t *testing.T, db *store.DB) {
			bills, err := fees.BillsOfRoom(db.View(ctx), billingtest.RoomOf(t, db, "1-1-101").ID, fees.BillFilter{Limit: 1})
			billingtest.NoError(t, err)
			_, err = billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{Kind: fees.EntryVoid, BillID: bills[0].ID})
			billingtest.NoError(t, err)
		}, []string{"gap 1-1-101 物业服务费 2026-02-01 至 2026-02-28，28 天 290.15"}},
		{"a room that is not handed over", func(t *testing.T, db *store.DB) {
			billingtest.MustImport(t, db, intake.Rooms, strings.ReplaceAll(lateRoom, "2026-01-12", "2026-08-01"))
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := billingtest.WithTariffs(t, strings.Replace(billingtest.Monthly, "2023", "2026", 1))
			billingtest.Generate(t, db, "2026-01")
			billingtest.Generate(t, db, "2026-02")
			tt.do(t, db)
			r := draft(t, db, "海棠花园", "2026-03", 10)
			if diff := cmp.Diff(tt.want, gapsOf(t, db, r.ID)); diff != "" {
				t.Error(diff)
			}
			addsUp(t, r)
		})
	}
}

// Of rooms, tariffs and runs in any order: a run lists the very days that no bill covers,
// at what they come to when they are billed; once they are, every day is covered once.
func TestGapsAreTheDaysWithoutABill(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		community := fmt.Sprintf("花园%d", n)
		from := billingtest.Day("2025-06-01") + models.Date(rapid.IntRange(0, 250).Draw(rt, "tariff from"))
		handover := billingtest.Day("2025-06-01") + models.Date(rapid.IntRange(0, 250).Draw(rt, "handover"))
		cycle := rapid.SampledFrom([]string{"月", "季", "半年", "年"}).Draw(rt, "cycle")
		row := fmt.Sprintf("%s,1-1-101,1栋,1单元,101,,吕敏,,%d.37,,,%s,已入住,\n", community, rapid.IntRange(20, 200).Draw(rt, "area"), handover)
		billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+row)
		billingtest.MustImport(t, db, intake.Tariffs,
			billingtest.TariffHead+community+",物业服务费,,按面积,2.35,,"+cycle+",15,0,0,,"+from.String()+",\n")
		c, err := estate.CommunityByName(db.View(context.Background()), community)
		billingtest.NoError(t, err)
		for range rapid.IntRange(0, 4).Draw(rt, "runs") {
			month := calc.Period{Year: 2025, Month: 6}.Plus(rapid.IntRange(0, 9).Draw(rt, "run"))
			_, err := issuing.BillCommunity(context.Background(), db, billingtest.Clerk, c.ID, month,
				issuing.GenerateOptions{CatchUp: rapid.Bool().Draw(rt, "catch up")})
			billingtest.NoError(t, err)
		}
		rooms, err := estate.RoomsPage(db.View(context.Background()), c.ID, "", 10)
		billingtest.NoError(t, err)
		covered := func() map[models.Date]int {
			days := map[models.Date]int{}
			spans, err := fees.BillSpans(db.View(context.Background()), []string{rooms[0].ID}, 1, calc.Forever)
			billingtest.NoError(t, err)
			for _, s := range spans[rooms[0].ID] {
				for d := s.From; d <= s.To; d++ {
					days[d]++
				}
			}
			return days
		}
		run, err := issuing.StartRun(context.Background(), db, billingtest.Clerk, issuing.RunRequest{CommunityID: c.ID,
			Period: calc.Period{Year: 2026, Month: 3}})
		billingtest.NoError(t, err)
		run = work(t, db, run.ID, 10)
		s := addsUp(t, run)
		listed, plain := s.Gaps.Days+s.GapsBefore.Days, run.PrincipalFen
		fen := s.Gaps.Fen + s.GapsBefore.Fen
		before := len(covered())
		billingtest.NoError(t, issuing.BillGaps(context.Background(), db, billingtest.Clerk, run.ID, issuing.GapsAll))
		run = work(t, db, run.ID, 10)
		if run.PrincipalFen != plain+fen {
			rt.Fatalf("with the gaps of %s the draft comes to %s, without to %s", fen, run.PrincipalFen, plain)
		}
		billingtest.NoError(t, issuing.PublishRun(context.Background(), db, billingtest.Chief, run.ID))
		work(t, db, run.ID, 10)
		days := covered()
		last := models.Date(0)
		for d, bills := range days {
			if last = max(last, d); bills != 1 || d < from || d < handover {
				rt.Fatalf("%s is billed %d times", d, bills)
			}
		}
		want := int(last-max(from, handover)) + 1
		if len(days) != want || len(days) < before+listed || last < billingtest.Day("2026-03-31") {
			rt.Fatalf("%d days are billed up to %s, want %d: %d before, %d listed", len(days), last, want, before, listed)
		}
	})
}
