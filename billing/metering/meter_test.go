package metering_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// Worked examples at 3.45 a unit: what was read, which bills come of it, in the
// figures with which an owner can follow them.
func TestMeterExamples(t *testing.T) {
	t.Parallel()
	base := func(value string) string { return "1-1-101,W1,水费,," + value + ",1,2025-12-31\n" }
	for _, c := range []struct {
		name string
		base string
		do   func(w *billingtest.MeterWorld) error
		want []string
	}{
		{"replaced meter", base("100"), func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Replace("2026-01-20", "112", "W2", "3", "1"), w.Read("2026-01-31", "8"))
		},
			[]string{`2026-01 58.65 {"kind":"meter","usage":"17","multiplier":"1","meters":[{"serial":"W1","usage":"12","multiplier":"1",` +
				`"previous":"100","value":"112"},` +
				`{"serial":"W2","usage":"5","multiplier":"1","previous":"3","value":"8"}],"price":"3.45"}`}},
		{"replaced by one with a multiplier", base("100"), func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Replace("2026-01-20", "112", "W2", "0", "10"), w.Read("2026-01-31", "0.5"))
		},
			[]string{`2026-01 58.65 {"kind":"meter","usage":"17","multiplier":"1","meters":[{"serial":"W1","usage":"12","multiplier":"1",` +
				`"previous":"100","value":"112"},` +
				`{"serial":"W2","usage":"0.5","multiplier":"10","previous":"0","value":"0.5"}],"price":"3.45"}`}},
		{"roll-over", base("99990"), func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Digits(5), w.Read("2026-01-31", "12", billingtest.Rolled))
		}, []string{
			`2026-01 75.90 {"kind":"meter","usage":"22","multiplier":"1","previous":"99990","value":"12","rolled":"100000","price":"3.45"}`,
		}},
		{"estimate, then more", base("100"), func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Read("2026-01-31", "120", billingtest.Estimated), w.Read("2026-02-28", "150"))
		}, []string{
			`2026-01 69.00 {"kind":"meter","usage":"20","multiplier":"1","previous":"100","value":"120","estimated":true,"price":"3.45"}`,
			`2026-02 103.50 {"kind":"meter","usage":"30","multiplier":"1","previous":"120","value":"150","corrects":true,"price":"3.45"}`,
		}},
		{"estimate, then less than that", base("100"), func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Read("2026-01-31", "150", billingtest.Estimated), w.Read("2026-02-28", "130"), w.Read("2026-03-31", "160"))
		}, []string{
			`2026-01 172.50 {"kind":"meter","usage":"50","multiplier":"1","previous":"100","value":"150","estimated":true,"price":"3.45"}`,
			`2026-03 34.50 {"kind":"meter","usage":"30","multiplier":"1","previous":"130","value":"160","credit":"-20","price":"3.45"}`,
		}},
		{"misread, and found out", base("100"), func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Read("2026-01-31", "210"), w.MarkEstimated(), w.Read("2026-02-28", "140"), w.Read("2026-03-31", "220"))
		}, []string{
			`2026-01 379.50 {"kind":"meter","usage":"110","multiplier":"1","previous":"100","value":"210","estimated":true,"price":"3.45"}`,
			`2026-03 34.50 {"kind":"meter","usage":"80","multiplier":"1","previous":"140","value":"220","credit":"-70","price":"3.45"}`,
		}},
		{"estimated past the last digit, and it was not", base("99980"), func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Digits(5), w.Read("2026-01-31", "12", billingtest.Estimated, billingtest.Rolled),
				w.Read("2026-02-28", "99995"), w.Read("2026-03-31", "20", billingtest.Rolled))
		}, []string{
			`2026-01 110.40 {"kind":"meter","usage":"32","multiplier":"1","previous":"99980","value":"12","rolled":"100000",` +
				`"estimated":true,"price":"3.45"}`,
			`2026-03 27.60 {"kind":"meter","usage":"25","multiplier":"1","previous":"99995","value":"20","rolled":"100000",` +
				`"credit":"-17","price":"3.45"}`,
		}},
		{"another multiplier", base("0"), func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Multiplier("2026-01-15", "10", "40"), w.Read("2026-01-31", "12"))
		},
			[]string{`2026-01 310.50 {"kind":"meter","usage":"90","multiplier":"1","meters":[{"serial":"W1","usage":"10",` +
				`"multiplier":"1","previous":"0","value":"10"},` +
				`{"serial":"W1","usage":"2","multiplier":"40","previous":"10","value":"12"}],"price":"3.45"}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := billingtest.NewMeterWorld(t, "3.45", c.base)
			billingtest.NoError(t, c.do(w))
			w.Bill("2026-01", "2026-02", "2026-03")
			if diff := cmp.Diff(c.want, w.Bills()); diff != "" {
				t.Errorf("wanted (-), had (+):\n%s", diff)
			}
			before := billingtest.Snapshot(t, w.DB)
			w.Bill("2026-01", "2026-02", "2026-03")
			if diff := cmp.Diff(before, billingtest.Snapshot(t, w.DB)); diff != "" {
				t.Errorf("a second run changed the books:\n%s", diff)
			}
		})
	}
}

// A reading that comes after the bill of its period goes with the next one: what the
// meter counted is never lost, and never billed twice.
func TestReadingAfterItsBill(t *testing.T) {
	t.Parallel()
	w := billingtest.NewMeterWorld(t, "1", "1-1-101,W1,水费,,0,1,2025-12-31\n")
	billingtest.NoError(t, w.Read("2026-01-10", "10"))
	w.Bill("2026-01")
	billingtest.NoError(t, w.Read("2026-01-31", "15"))
	w.Bill("2026-01")
	billingtest.NoError(t, w.Read("2026-02-28", "22"))
	w.Bill("2026-02", "2026-01", "2026-02", "2026-03")
	want := []string{`2026-01 10.00 {"kind":"meter","usage":"10","multiplier":"1","previous":"0","value":"10","price":"1.00"}`,
		`2026-02 12.00 {"kind":"meter","usage":"12","multiplier":"1","previous":"10","value":"22","price":"1.00"}`}
	if diff := cmp.Diff(want, w.Bills()); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
}

func TestReadingsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(w *billingtest.MeterWorld) error
		want error
	}{
		{"backwards", func(w *billingtest.MeterWorld) error { return w.Read("2026-01-31", "99.9") }, metering.ErrReadBackwards},
		{
			"an estimate that runs backwards",
			func(w *billingtest.MeterWorld) error { return w.Read("2026-01-31", "99", billingtest.Estimated) }, metering.ErrReadBackwards,
		},
		{"below the last true reading", func(w *billingtest.MeterWorld) error {
			billingtest.NoError(w.T, w.Read("2026-01-31", "150", billingtest.Estimated))
			return w.Read("2026-02-28", "99")
		}, metering.ErrReadBackwards},
		{
			"rolled over without known digits",
			func(w *billingtest.MeterWorld) error { return w.Read("2026-01-31", "12", billingtest.Rolled) }, metering.ErrReadRolled,
		},
		{"rolled over and yet more", func(w *billingtest.MeterWorld) error {
			billingtest.NoError(w.T, w.Digits(5))
			return w.Read("2026-01-31", "120", billingtest.Rolled)
		}, metering.ErrReadRolled},
		{"more than the meter shows", func(w *billingtest.MeterWorld) error {
			billingtest.NoError(w.T, w.Digits(3))
			return w.Read("2026-01-31", "1000")
		}, metering.ErrReadDigits},
		{"fewer digits than it showed", func(w *billingtest.MeterWorld) error { return w.Digits(2) }, metering.ErrMeterDigits},
		{"other digits after a roll-over", func(w *billingtest.MeterWorld) error {
			billingtest.NoError(w.T, w.Digits(3))
			billingtest.NoError(w.T, w.Read("2026-01-31", "5", billingtest.Rolled))
			return w.Digits(4)
		}, metering.ErrMeterTurned},
		{"the same day again", func(w *billingtest.MeterWorld) error {
			billingtest.NoError(w.T, w.Read("2026-01-31", "110"))
			return w.Read("2026-01-31", "111")
		}, metering.ErrReadOrder},
		{"an earlier day", func(w *billingtest.MeterWorld) error {
			billingtest.NoError(w.T, w.Read("2026-01-31", "110"))
			return w.Read("2026-01-30", "105")
		}, metering.ErrReadOrder},
		{"tomorrow", func(w *billingtest.MeterWorld) error { return w.Read("2028-01-01", "110") }, metering.ErrReadDay},
		{"too many decimals", func(w *billingtest.MeterWorld) error { return w.Read("2026-01-31", "110.00001") }, metering.ErrReadFigure},
		{"negative", func(w *billingtest.MeterWorld) error { return w.Read("2026-01-31", "-1") }, metering.ErrReadFigure},
		{
			"replaced with a last reading below",
			func(w *billingtest.MeterWorld) error { return w.Replace("2026-01-20", "90", "W2", "0", "1") }, metering.ErrReadBackwards,
		},
		{
			"replaced by the same number", func(w *billingtest.MeterWorld) error { return w.Replace("2026-01-20", "110", "W1", "0", "1") },
			metering.ErrMeterSerialUsed,
		},
		{
			"replaced by none", func(w *billingtest.MeterWorld) error { return w.Replace("2026-01-20", "110", " ", "0", "1") },
			metering.ErrMeterSerial,
		},
		{
			"a multiplier of zero", func(w *billingtest.MeterWorld) error { return w.Multiplier("2026-01-20", "110", "0") },
			metering.ErrMultiplier,
		},
		{
			"the multiplier it has", func(w *billingtest.MeterWorld) error { return w.Multiplier("2026-01-20", "110", "1.0") },
			metering.ErrMultiplier,
		},
		{"a base in doubt", func(w *billingtest.MeterWorld) error { return w.MarkEstimated() }, metering.ErrReadingNotLast},
		{"doubt after the multiplier changed", func(w *billingtest.MeterWorld) error {
			billingtest.NoError(w.T, w.Multiplier("2026-01-20", "110", "2"))
			return w.MarkEstimated()
		}, metering.ErrReadingNotLast},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := billingtest.NewMeterWorld(t, "1", "1-1-101,W1,水费,,100,1,2025-12-31\n")
			if err := c.do(w); !errors.Is(err, c.want) {
				t.Errorf("have %v, want %v", err, c.want)
			}
			w.CheckBooks()
		})
	}
}

// What is odd is said before it is kept, and kept only when confirmed. 30 units a
// month are usual.
func TestOddReadings(t *testing.T) {
	t.Parallel()
	w := billingtest.NewMeterWorld(t, "1",
		"1-1-101,W1,水费,,0,1,2025-10-31\n1-1-101,W1,水费,0,30,1,2025-11-30\n1-1-101,W1,水费,30,60,1,2025-12-30\n")
	for value, want := range map[string]string{
		"90": "", "119": "", "121": metering.ReadFar, "149": metering.ReadFar, "150": metering.ReadTriple, "69": metering.ReadFar, "70": "",
		"60": metering.ReadFar,
	} {
		typed := []metering.TypedReading{{MeterID: w.Meter().ID, Value: decimal.RequireFromString(value)}}
		checks, err := metering.CheckReadings(w.DB.View(context.Background()), w.Sheet("2026-01-29"), typed)
		billingtest.NoError(t, err)
		if checks[0].Oddity != want || checks[0].Refusal != nil || checks[0].Usual.String() != "30" {
			t.Errorf("%s: %q, usual %s, refused %v; want %q", value, checks[0].Oddity, checks[0].Usual, checks[0].Refusal, want)
		}
	}
	before := billingtest.Snapshot(t, w.DB)
	enter := func(value string, confirmed bool) error {
		return w.DB.Write(context.Background(), func(tx *store.Tx) error {
			_, err := metering.EnterReadings(tx, modelstest.Actor, w.Sheet("2026-01-29"),
				[]metering.TypedReading{{MeterID: w.Meter().ID, Value: decimal.RequireFromString(value)}}, confirmed)
			return err
		})
	}
	for value, want := range map[string]error{"150": metering.ErrReadingsOdd, "59": metering.ErrReadingsRefused} {
		if err := enter(value, false); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", value, err, want)
		}
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, w.DB)); diff != "" {
		t.Errorf("a refused reading changed the books:\n%s", diff)
	}
	billingtest.NoError(t, enter("150", true))
}

// A metered bill that was taken back is issued again by its period's run, with all
// that had gone into it, the credit of an estimate included; no other period takes
// its readings meanwhile.
func TestVoidMeteredBillIsReissued(t *testing.T) {
	t.Parallel()
	w := billingtest.NewMeterWorld(t, "1", "1-1-101,W1,水费,,100,1,2025-12-31\n")
	billingtest.NoError(t, errors.Join(w.Read("2026-01-31", "150", billingtest.Estimated),
		w.Read("2026-02-28", "130"), w.Read("2026-03-31", "160")))
	w.Bill("2026-01", "2026-02", "2026-03")
	bills, err := fees.OpenBills(w.DB.View(context.Background()), w.Room.ID)
	billingtest.NoError(t, err)
	if len(bills) != 2 {
		t.Fatalf("%d bills", len(bills))
	}
	for _, b := range bills {
		if _, err := billingtest.Adjust(t, w.DB, billingtest.Approval, billing.Adjustment{Kind: fees.EntryVoid, BillID: b.ID}); err != nil {
			t.Fatal(err)
		}
	}
	billingtest.NoError(t, w.Read("2026-04-30", "165"))
	w.Bill("2026-04", "2026-03", "2026-01", "2026-02", "2026-03", "2026-04")
	tx := w.DB.View(context.Background())
	alive, err := fees.OpenBills(tx, w.Room.ID)
	billingtest.NoError(t, err)
	total, got := models.Fen(0), []string{}
	for _, b := range alive {
		total += b.PrincipalFen
		got = append(got, b.PeriodStart.String()+" "+b.PrincipalFen.String())
	}
	if diff := cmp.Diff([]string{"2026-01-01 50.00", "2026-03-01 10.00", "2026-04-01 5.00"}, got); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
	if total != 6500 {
		t.Errorf("%s billed, the meter counted 65", total)
	}
}
