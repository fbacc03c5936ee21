package issuing_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models"
)

const water = "海棠花园,水费,,按表,,0-180:3.45;180-260:4.83;260-:5.83,月,25,0.0005,5,0.3,2023-01-01,"

func TestMeteredBills(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		tariff string
		meters string
		want   string // period, principal and basis of the one bill; empty: none
	}{
		{
			"tiers", water, "1-1-101,W1,水费,100,372,1,2026-02-28\n",
			`2026-02-01..2026-02-28 1077.36 {"kind":"meter","usage":"272","multiplier":"1","previous":"100","value":"372",` +
				`"tiers":"0-180:3.45;180-260:4.83;260-:5.83"}`,
		},
		{
			"one price and a multiplier", "海棠花园,电费,,按表,0.5583,,季,25,0,0,,2023-01-01,", "1-1-101,E1,电费,838,864,40,2026-02-01\n",
			`2026-02-01..2026-02-28 580.63 {"kind":"meter","usage":"26","multiplier":"40","previous":"838","value":"864","price":"0.5583"}`,
		},
		{
			"two readings in the month", water, "1-1-101,W1,水费,10,20,1,2026-02-10\n1-1-101,W1,水费,20,40,1,2026-02-28\n",
			`2026-02-01..2026-02-28 103.50 {"kind":"meter","usage":"30","multiplier":"1","previous":"10","value":"40",` +
				`"tiers":"0-180:3.45;180-260:4.83;260-:5.83"}`,
		},
		{"two meters share the tiers", water, "1-1-101,W1,水费,0,150,1,2026-02-28\n1-1-101,W2,水费,0,12.2,10,2026-02-28\n",
			`2026-02-01..2026-02-28 1077.36 {"kind":"meter","usage":"272","multiplier":"1","meters":[` +
				`{"serial":"W1","usage":"150","multiplier":"1","previous":"0","value":"150"},` +
				`{"serial":"W2","usage":"12.2","multiplier":"10","previous":"0","value":"12.2"}],"tiers":"0-180:3.45;180-260:4.83;` +
				`260-:5.83"}`},
		{"a base is no usage", water, "1-1-101,W1,水费,,4319,1,2026-02-28\n", ""},
		{
			"a base and then usage", water, "1-1-101,W1,水费,,4319,1,2026-02-01\n1-1-101,W1,水费,4319,4329,1,2026-02-28\n",
			`2026-02-01..2026-02-28 34.50 {"kind":"meter","usage":"10","multiplier":"1","previous":"4319","value":"4329",` +
				`"tiers":"0-180:3.45;180-260:4.83;260-:5.83"}`,
		},
		{"nothing used, no bill", water, "1-1-101,W1,水费,5,5,1,2026-02-28\n", ""},
		{"read before the period", water, "1-1-101,W1,水费,1,5,1,2026-01-31\n", ""},
		{"read after the period", water, "1-1-101,W1,水费,1,5,1,2026-03-01\n", ""},
		{"another item", water, "1-1-101,E1,电费,1,5,1,2026-02-28\n", ""},
		{
			"a tariff that held no more", strings.Replace(water, "2023-01-01,", "2023-01-01,2026-02-27", 1),
			"1-1-101,W1,水费,1,5,1,2026-02-28\n", "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := billingtest.WithTariffs(t, c.tariff)
			billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+c.meters)
			billingtest.Generate(t, db, "2026-02")
			if r := billingtest.Generate(t, db, "2026-02"); r.Bills != 0 {
				t.Errorf("again: %+v", r)
			}
			got := ""
			for _, line := range billingtest.LinesOf(billingtest.Snapshot(t, db), "bill") {
				f := strings.Fields(line)
				got += f[2] + " " + strings.TrimSuffix(f[8], "-0.00") + " " + line[strings.Index(line, "{"):]
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("wanted (-), had (+):\n%s", diff)
			}
		})
	}
}

// A reading that comes in after the run is billed by running its period again.
func TestLateReading(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, water, billingtest.Monthly)
	if r := billingtest.Generate(t, db, "2026-02"); r.Bills != 1 {
		t.Errorf("%+v", r)
	}
	billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+"1-1-101,W1,水费,10,20,1,2026-02-28\n")
	if r := billingtest.Generate(t, db, "2026-03"); r.Bills != 1 {
		t.Errorf("a reading of February in the bills of March: %+v", r)
	}
	if r := billingtest.Generate(t, db, "2026-02"); r.Bills != 1 || r.PrincipalFen != 3450 {
		t.Errorf("%+v", r)
	}
}

func TestMeterTariffOfTheKindGoesFirst(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, water, "海棠花园,水费,高层住宅,按表,9,,月,25,0,0,,2026-02-01,2026-02-28")
	billingtest.MustImport(t, db, intake.Meters,
		billingtest.MeterHead+"1-1-101,W1,水费,10,20,1,2026-02-28\n1-1-101,W1,水费,20,30,1,2026-03-14\n")
	for period, want := range map[string]models.Fen{"2026-02": 9000, "2026-03": 3450} {
		if r := billingtest.Generate(t, db, period); r.Bills != 1 || r.PrincipalFen != want {
			t.Errorf("%s: %+v, want %s", period, r, want)
		}
	}
}
