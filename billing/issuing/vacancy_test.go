package issuing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// vacant registers and approves days on which a room stands empty.
func vacant(t testing.TB, db *store.DB, code, from, to string) estate.Vacancy {
	t.Helper()
	v, err := billing.RequestVacancy(context.Background(), db, billingtest.Clerk, billingtest.RoomOf(t, db, code).ID,
		billingtest.Day(from), billingtest.Day(to), "业主申请")
	billingtest.NoError(t, err)
	billingtest.NoError(t, billing.DecideVacancy(context.Background(), db, billingtest.As(billingtest.Chief, office.RoleManager), v.ID,
		true, ""))
	return v
}

func TestVacantMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, area, tariff, from, to, period, want string }{
		{name: "a whole month", area: "95.37", tariff: billingtest.Monthly, from: "2026-02-01", to: "2026-04-30", period: "2026-03",
			want: `156.88 {"kind":"area","area":"95.37","price":"2.35","months":"1","vacant_months":"1","vacant_share":"0.7"}`},
		{
			name: "half a month", area: "100", tariff: billingtest.Monthly, from: "2026-04-16", to: "2026-05-31", period: "2026-04",
			want: `199.75 {"kind":"area","area":"100.00","price":"2.35","months":"1","vacant_months":"0.5","vacant_days":"15/30",` +
				`"vacant_share":"0.7"}`,
		},
		{
			name: "other days", area: "100", tariff: billingtest.Monthly, from: "2026-04-16", to: "2026-05-31", period: "2026-06",
			want: `235.00 {"kind":"area","area":"100.00","price":"2.35","months":"1"}`,
		},
		{
			name: "three months of a year", area: "100", tariff: "海棠花园,物业服务费,,按面积,2.35,,年,15,0,0,,2023-01-01,", from: "2026-01-01",
			to: "2026-03-31", period: "2026-01",
			want: `2608.50 {"kind":"area","area":"100.00","price":"2.35","months":"12","vacant_months":"3","vacant_share":"0.7"}`,
		},
		{
			name: "a fixed item is charged in full", area: "100", tariff: "海棠花园,车位费,,固定,100,,月,15,0,0,,2023-01-01,", from: "2026-02-01",
			to: "2026-04-30", period: "2026-03", want: `100.00 {"kind":"fixed","price":"100.00","months":"1"}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := billingtest.WithTariffs(t, c.tariff)
			billingtest.MustImport(t, db, intake.Rooms, strings.Replace(billingtest.OneRoom, "123.47", c.area, 1))
			vacant(t, db, "1-1-101", c.from, c.to)
			billingtest.Generate(t, db, c.period)
			got := ""
			for _, line := range billingtest.LinesOf(billingtest.Snapshot(t, db), "bill") {
				got += strings.TrimSuffix(strings.Fields(line)[8], "-0.00") + " " + line[strings.Index(line, "{"):]
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("wanted (-), had (+):\n%s", diff)
			}
		})
	}
}

func TestSharesOfATariff(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms,
		billingtest.RoomHead+"海棠花园,2-1-101,,,,,星海置业,,100,,,,未售,\n海棠花园,2-1-102,,,,,丙,,100,,,,,\n")
	billingtest.MustImport(t, db, intake.Tariffs,
		strings.TrimSuffix(billingtest.TariffHead, "\n")+",空置比例,未售比例\n海棠花园,物业服务费,,按面积,2,,月,15,0,0,,2023-01-01,,50%,0.6\n")
	vacant(t, db, "2-1-102", "2026-03-01", "2026-03-31")
	billingtest.Generate(t, db, "2026-03")
	for code, want := range map[string]string{"2-1-101": `120.00 "share":"0.6"`, "2-1-102": `100.00 "vacant_share":"0.5"`} {
		bills, err := fees.OpenBills(db.View(context.Background()), billingtest.RoomOf(t, db, code).ID)
		billingtest.NoError(t, err)
		amount, part, _ := strings.Cut(want, " ")
		if len(bills) != 1 || bills[0].PrincipalFen.String() != amount || !strings.Contains(bills[0].Basis,
			part) || bills[0].OwnerID == "" {
			t.Errorf("%s: %+v", code, bills)
		}
	}
}

func TestVacancyRefusals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := billingtest.WithTariffs(t, billingtest.Monthly)
	room := billingtest.RoomOf(t, db, "1-1-101").ID
	v := vacant(t, db, "1-1-101", "2026-02-01", "2026-04-30")
	for name, c := range map[string]struct {
		from, to, reason string
		want             error
	}{
		"overlapping":   {"2026-04-30", "2026-06-30", "x", billing.ErrVacancyOverlap},
		"backwards":     {"2026-06-30", "2026-06-01", "x", billing.ErrVacancyDays},
		"for ever":      {"2026-06-30", "2036-06-01", "x", billing.ErrVacancyDays},
		"for no reason": {"2026-06-01", "2026-06-30", " ", billing.ErrNoReason},
	} {
		if _, err := billing.RequestVacancy(ctx, db, billingtest.Clerk, room, billingtest.Day(c.from), billingtest.Day(c.to),
			c.reason); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	asked, err := billing.RequestVacancy(ctx, db, billingtest.Clerk, room, billingtest.Day("2026-06-01"), billingtest.Day("2026-06-30"),
		"空关")
	billingtest.NoError(t, err)
	if err := billing.DecideVacancy(ctx, db, billingtest.As(billingtest.Clerk, office.RoleManager), asked.ID, true, ""); !errors.Is(err,
		billing.ErrSamePerson) {
		t.Errorf("who asked approves: %v", err)
	}
	for _, role := range []string{office.RoleCashier, office.RoleSteward, office.RoleFinance} {
		by := billingtest.As(billingtest.Chief, role)
		if err := billing.DecideVacancy(ctx, db, by, asked.ID, true, ""); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a %s decides: %v", role, err)
		}
		if err := billing.EndVacancy(ctx, db, by, v.ID, billingtest.Day("2026-03-31")); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a %s ends: %v", role, err)
		}
	}
	billingtest.Generate(t, db, "2026-06")
	billingtest.WantLines(t, db, "bill",
		`1-1-101 物业服务费 2026-06-01..2026-06-30 issued 2026-03-15 due 2026-06-15 unpaid 290.15-0.00 late 0.003 2 0.3 run `+
			`{"kind":"area","area":"123.47","price":"2.35","months":"1"}`)
	billingtest.NoError(t, billing.DecideVacancy(ctx, db, billingtest.As(billingtest.Chief, office.RoleManager), asked.ID, false, "仍有人居住"))
	if err := billing.DecideVacancy(ctx, db, billingtest.As(billingtest.Chief, office.RoleManager), asked.ID, true, ""); !errors.Is(err,
		billing.ErrVacancyDecided) {
		t.Errorf("decided twice: %v", err)
	}
	if err := billing.EndVacancy(ctx, db, billingtest.As(billingtest.Clerk, office.RoleManager), v.ID,
		billingtest.Day("2026-05-31")); !errors.Is(err, billing.ErrVacancyDays) {
		t.Errorf("ends later: %v", err)
	}
	billingtest.NoError(t, billing.EndVacancy(ctx, db, billingtest.As(billingtest.Clerk, office.RoleManager), v.ID,
		billingtest.Day("2026-03-31")))
	billingtest.Generate(t, db, "2026-04")
	if list := strings.Join(billingtest.LinesOf(billingtest.Snapshot(t, db), "bill"), "\n"); strings.Contains(list, "vacant") {
		t.Errorf("vacant after somebody moved in: %s", list)
	}
}

// Whatever the days and the share: the bill of a room that is vacant for a part of
// them is what the two parts come to, rounded once, and between both extremes.
func TestVacantDaysNeverChangeTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		first := models.NewDate(2026, 1, rapid.IntRange(1, 365).Draw(rt, "first"))
		last := first + models.Date(rapid.IntRange(0, 400).Draw(rt, "days"))
		cut := first + models.Date(rapid.IntRange(0, int(last-first)).Draw(rt, "cut"))
		price := rapid.IntRange(1, 999_999).Draw(rt, "price")
		full, split, err := issuing.SplitForTest(int64(price), first, cut, last)
		if err != nil {
			rt.Fatal(err)
		}
		if full != split {
			rt.Fatalf("%s..%s cut after %s: %s in one, %s in two parts of the same price", first, last, cut, full, split)
		}
	})
}
