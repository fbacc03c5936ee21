package issuing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestGenerateABill(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, billingtest.Monthly)
	r := billingtest.Generate(t, db, "2026-03")
	if r.Bills != 1 || r.Rooms != 1 || r.PrincipalFen != 29015 || r.NoOwner+r.NoTariff+r.NoFigure+r.Billed != 0 {
		t.Errorf("%+v", r)
	}
	billingtest.WantLines(t, db, "bill",
		`1-1-101 物业服务费 2026-03-01..2026-03-31 issued 2026-03-15 due 2026-03-15 unpaid 290.15-0.00 late 0.003 2 0.3 run `+
			`{"kind":"area","area":"123.47","price":"2.35","months":"1"}`)
	tx := db.View(context.Background())
	room := billingtest.RoomOf(t, db, "1-1-101")
	bills, err := fees.OpenBills(tx, room.ID)
	billingtest.NoError(t, err)
	held, err := estate.OwnerTenuresOfRooms(tx, []string{room.ID})
	billingtest.NoError(t, err)
	if bills[0].OwnerID != held[room.ID][0].OwnerID || bills[0].TariffID == "" {
		t.Errorf("owed by %q, tariff %q", bills[0].OwnerID, bills[0].TariffID)
	}
	journal, err := money.JournalOfRoom(tx, room.ID)
	billingtest.NoError(t, err)
	if len(journal) != 1 || journal[0].Kind != money.JournalIssue || journal[0].Debit != money.AccountReceivable ||
		journal[0].Credit != money.AccountRevenue {
		t.Errorf("journal %+v", journal)
	}
	entries, err := office.AuditEntries(tx, office.AuditFilter{Subject: "community", SubjectID: room.CommunityID, Limit: 1})
	billingtest.NoError(t, err)
	if len(entries) != 1 || entries[0].Detail != `{"bills":1,"offset_fen":0,"period":"2026-03","principal_fen":29015}` {
		t.Errorf("audit %+v", entries)
	}
	again := billingtest.Generate(t, db, "2026-03")
	if again.Bills != 0 || again.Billed != 1 {
		t.Errorf("again: %+v", again)
	}
}

// periodsOf runs the billing of all months of 2026 and tells which bills each made.
func periodsOf(t *testing.T, db *store.DB) []string {
	t.Helper()
	var out []string
	seen := len(billingtest.LinesOf(billingtest.Snapshot(t, db), "bill"))
	for month := 1; month <= 12; month++ {
		p := fmt.Sprintf("2026-%02d", month)
		r := billingtest.Generate(t, db, p)
		if r.Bills == 0 {
			continue
		}
		bills, err := fees.BillsOfRoom(db.View(context.Background()), billingtest.RoomOf(t, db, "1-1-101").ID, fees.BillFilter{Limit: 100})
		billingtest.NoError(t, err)
		for _, b := range bills {
			if strings.Contains(b.Basis, "opening") {
				continue
			}
			if line := fmt.Sprintf("%s..%s %s", b.PeriodStart, b.PeriodEnd,
				b.PrincipalFen); !strings.Contains(strings.Join(out, "\n"), line) {
				out = append(out, p+": "+line)
			}
		}
		if seen += r.Bills; seen != len(billingtest.LinesOf(billingtest.Snapshot(t, db), "bill")) {
			t.Errorf("%s: %d bills told, but %d are there", p, seen, len(billingtest.LinesOf(billingtest.Snapshot(t, db), "bill")))
		}
	}
	return out
}

func TestCyclesOfAYear(t *testing.T) {
	t.Parallel()
	tariff := func(cycle, from, to string) string {
		return "海棠花园,车位费,,固定,100,," + cycle + ",15,0,0,," + from + "," + to
	}
	for _, c := range []struct {
		name    string
		tariffs []string
		before  string // arrears
		want    []string
	}{
		{"quarters", []string{tariff("季", "2023-01-01", "")}, "", []string{"2026-01: 2026-01-01..2026-03-31 300.00",
			"2026-04: 2026-04-01..2026-06-30 300.00", "2026-07: 2026-07-01..2026-09-30 300.00", "2026-10: 2026-10-01..2026-12-31 300.00"}},
		{"half-years", []string{tariff("半年", "2023-01-01", "")}, "", []string{"2026-01: 2026-01-01..2026-06-30 600.00",
			"2026-07: 2026-07-01..2026-12-31 600.00"}},
		{"years", []string{tariff("年", "2023-01-01", "")}, "", []string{"2026-01: 2026-01-01..2026-12-31 1200.00"}},
		{"a tariff that begins and ends inside months", []string{tariff("季", "2026-02-15", "2026-05-10")}, "",
			[]string{"2026-02: 2026-02-15..2026-03-31 150.00", "2026-04: 2026-04-01..2026-05-10 132.26"}},
		{
			"a new price in the middle of a cycle",
			[]string{tariff("年", "2023-01-01", "2026-04-30"), tariff("半年", "2026-05-01", "")}, "",
			[]string{
				"2026-01: 2026-01-01..2026-04-30 400.00", "2026-05: 2026-05-01..2026-06-30 200.00",
				"2026-07: 2026-07-01..2026-12-31 600.00",
			},
		},
		{"what is billed already is not billed again, the rest is", []string{tariff("年", "2023-01-01", "")},
			"1-1-101,车位费,2025-03-01,2026-02-28,1200,0,1200,2025-03-15\n", []string{"2026-03: 2026-03-01..2026-12-31 1000.00"}},
		{
			"a bill in the middle of a cycle",
			[]string{tariff("半年", "2023-01-01", "")}, "1-1-101,车位费,2026-03-01,2026-03-15,50,0,50,2026-03-15\n",
			[]string{
				"2026-01: 2026-01-01..2026-02-28 200.00", "2026-03: 2026-03-16..2026-06-30 351.61",
				"2026-07: 2026-07-01..2026-12-31 600.00",
			},
		},
		{
			"two gaps in one month",
			[]string{tariff("月", "2026-03-01", "2026-03-31")},
			"1-1-101,车位费,2026-03-05,2026-03-10,1,0,1,2026-03-15\n1-1-101,车位费,2026-03-20,2026-03-20,1,0,1,2026-03-15\n",
			[]string{
				"2026-03: 2026-03-21..2026-03-31 35.48", "2026-03: 2026-03-11..2026-03-19 29.03", "2026-03: 2026-03-01..2026-03-04 12.90",
			},
		},
		{"another item covers nothing", []string{tariff("年", "2023-01-01", "")},
			"1-1-101,水费,2026-01-01,2026-12-31,1,0,1,2026-03-15\n", []string{"2026-01: 2026-01-01..2026-12-31 1200.00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := billingtest.WithTariffs(t, c.tariffs...)
			if c.before != "" {
				billingtest.MustImport(t, db, intake.Arrears, billingtest.ArrearsHead+c.before)
			}
			if diff := cmp.Diff(c.want, periodsOf(t, db)); diff != "" {
				t.Errorf("wanted (-), had (+):\n%s", diff)
			}
		})
	}
}

func TestCatchUpBillsTheRestOfARunningCycle(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, strings.Replace(billingtest.Monthly, ",月,", ",年,", 1))
	if r := billingtest.Generate(t, db, "2026-03"); r.Bills != 0 {
		t.Errorf("a year that began in January was billed in March: %+v", r)
	}
	catchUp := func(o *issuing.GenerateOptions) { o.CatchUp = true }
	if r := billingtest.Generate(t, db, "2026-03", catchUp); r.Bills != 1 || r.PrincipalFen != 290155 { // 10 months of 290.1545
		t.Errorf("%+v", r)
	}
	for _, p := range []string{"2026-03", "2026-04"} {
		if r := billingtest.Generate(t, db, p, catchUp); r.Bills != 0 {
			t.Errorf("%s once more: %+v", p, r)
		}
	}
}

func TestFirstMonthAfterHandover(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+"海棠花园,1-1-101,,,,,甲,13800000000,95.37,2.35,季,2026-03-12,已入住,\n"+
		"海棠花园,1-1-102,,,,,乙,13800000001,95.37,2.35,月,2026-04-01,已入住,\n")
	billingtest.MustImport(t, db, intake.Tariffs, billingtest.TariffHead+billingtest.Monthly+"\n")
	billingtest.Generate(t, db, "2026-01")
	billingtest.Generate(t, db, "2026-03")
	billingtest.WantLines(t, db, "bill",
		`1-1-101 物业服务费 2026-03-12..2026-03-31 issued 2026-03-15 due 2026-03-15 unpaid 144.59-0.00 late 0.003 2 0.3 run `+
			`{"kind":"area","area":"95.37","price":"2.35","months":"0.6452","days":"20/31"}`)
}

func TestOwnPriceIsForThePropertyFee(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+"海棠花园,1-1-101,,,,高层住宅,甲,13800000000,100,1.80,季,,,\n")
	billingtest.MustImport(t, db, intake.Tariffs,
		billingtest.TariffHead+billingtest.Monthly+
			"\n海棠花园,公摊能耗费,,按面积,0.3,,月,15,0,0,,2023-01-01,\n海棠花园,垃圾清运费,,固定,8,,月,15,0,0,,2023-01-01,\n")
	billingtest.Generate(t, db, "2026-01")
	billingtest.Generate(t, db, "2026-02")
	var got []string
	for _, line := range billingtest.LinesOf(billingtest.Snapshot(t, db), "bill") {
		got = append(got, strings.Join(strings.Fields(line)[1:3], " ")+" "+line[strings.Index(line, "{"):])
	}
	want := []string{
		`垃圾清运费 2026-02-01..2026-02-28 {"kind":"fixed","price":"8.00","months":"1"}`,
		`公摊能耗费 2026-02-01..2026-02-28 {"kind":"area","area":"100.00","price":"0.30","months":"1"}`,
		`物业服务费 2026-01-01..2026-03-31 {"kind":"area","area":"100.00","price":"1.80","months":"3"}`,
		`垃圾清运费 2026-01-01..2026-01-31 {"kind":"fixed","price":"8.00","months":"1"}`,
		`公摊能耗费 2026-01-01..2026-01-31 {"kind":"area","area":"100.00","price":"0.30","months":"1"}`,
	}
	sortStrings := cmp.Transformer("set", func(s []string) map[string]bool {
		m := map[string]bool{}
		for _, x := range s {
			m[x] = true
		}
		return m
	})
	if diff := cmp.Diff(want, got, sortStrings); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
}

func TestTariffForTheKindGoesFirst(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t,
		"海棠花园,车位费,,固定,10,,月,15,0,0,,2023-01-01,",
		"海棠花园,车位费,高层住宅,固定,20,,月,15,0,0,,2026-02-01,2026-03-15",
		"海棠花园,车位费,商铺,固定,99,,月,15,0,0,,2023-01-01,")
	want := []string{"2026-01: 2026-01-01..2026-01-31 10.00", "2026-02: 2026-02-01..2026-02-28 20.00",
		"2026-03: 2026-03-16..2026-03-31 5.16", "2026-03: 2026-03-01..2026-03-15 9.68", "2026-04: 2026-04-01..2026-04-30 10.00"}
	if diff := cmp.Diff(want, periodsOf(t, db)[:5]); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
}

func TestNobodyIsLateAtBirth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ today, period, day, due string }{
		{"2026-03-05", "2026-03", "15", "2026-03-15"},
		{"2026-03-15", "2026-03", "15", "2026-03-15"},
		{"2026-03-16", "2026-03", "15", "2026-04-15"},
		{"2026-12-20", "2026-12", "15", "2027-01-15"},
		{"2026-02-05", "2026-03", "15", "2026-03-15"}, // billed in advance
		{"2026-08-20", "2026-03", "15", "2026-09-15"}, // months late
		{"2026-02-05", "2026-02", "31", "2026-02-28"}, // a shorter month
		{"2026-02-28", "2026-02", "30", "2026-02-28"},
		{"2026-03-31", "2026-02", "30", "2026-04-30"},
	} {
		start, err := models.ParseDate(c.today)
		billingtest.NoError(t, err)
		db := modelstest.OpenAt(t, modelstest.NewClock(start.Start()).Now)
		billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
		billingtest.MustImport(t, db, intake.Tariffs,
			billingtest.TariffHead+strings.Replace(billingtest.Monthly, ",15,", ","+c.day+",", 1)+"\n")
		billingtest.Generate(t, db, c.period)
		bills, err := fees.OpenBills(db.View(context.Background()), billingtest.RoomOf(t, db, "1-1-101").ID)
		billingtest.NoError(t, err)
		if len(bills) != 1 {
			t.Fatalf("%s on %s: %d bills", c.period, c.today, len(bills))
		}
		if bills[0].DueOn != billingtest.Day(c.due) || bills[0].IssuedOn != billingtest.Day(c.today) {
			t.Errorf("%s on %s, due day %s: due %s, want %s", c.period, c.today, c.day, bills[0].DueOn, c.due)
		}
	}
}

func TestRunRefusesWhatIsNoPeriod(t *testing.T) {
	t.Parallel()
	_, err := issuing.GenerateBills(context.Background(), modelstest.Open(t), modelstest.Actor, calc.Period{}, issuing.GenerateOptions{})
	if !errors.Is(err, calc.ErrPeriod) {
		t.Errorf("have %v", err)
	}
	_, err = issuing.GenerateBills(context.Background(), modelstest.Broken(t), modelstest.Actor,
		calc.Period{Year: 2026, Month: 3}, issuing.GenerateOptions{})
	if err == nil {
		t.Error("a database that fails was not noticed")
	}
}
