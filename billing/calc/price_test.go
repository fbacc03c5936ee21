package calc_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/models"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestChargeExamples(t *testing.T) {
	t.Parallel()
	tiers, err := calc.ParseTiers("0-180:3.45;180-260:4.83;260-:5.83")
	if err != nil {
		t.Fatal(err)
	}
	march := calc.MonthsOf(billingtest.Day("2026-03-12"), billingtest.Day("2026-03-31"))
	fen := func(f models.Fen, err error) models.Fen {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, c := range []struct {
		name string
		got  models.Fen
		want models.Fen
	}{
		{"a month by area", fen(calc.ByArea(dec("137.52"), dec("0.80"), calc.WholeMonths(1))), 11002},
		{"a year in one period is rounded once", fen(calc.ByArea(dec("137.52"), dec("0.80"), calc.WholeMonths(12))), 132019},
		{"handover on the 12th: 20 of 31 days", fen(calc.ByArea(dec("95.37"), dec("2.35"), march)), 14459},
		{"a vacant month at 70 %", fen(calc.WholeMonths(1).Of(dec("95.37").Mul(dec("2.35")).Mul(dec("0.7")))), 15688},
		{"water in three tiers", fen(calc.MeteredTiers(dec("272"), dec("1"), tiers)), 107736},
		{"within the first tier", fen(calc.MeteredTiers(dec("180"), dec("1"), tiers)), 62100},
		{"tiers see usage times multiplier", fen(calc.MeteredTiers(dec("27.2"), dec("10"), tiers)), 107736},
		{"metered at one price", fen(calc.Metered(dec("12.5"), dec("40"), dec("0.5583"))), 27915},
		{"fixed for a quarter", fen(calc.WholeMonths(3).Of(dec("8"))), 2400},
		{"half a fen goes up", fen(calc.WholeMonths(1).Of(dec("0.005"))), 1},
		{"just under half goes down", fen(calc.WholeMonths(1).Of(dec("0.0049"))), 0},
		// In binary floating point 1.005 is a little less, and a fen would be lost.
		{"no binary fractions", fen(calc.ByArea(dec("1.00"), dec("1.005"), calc.WholeMonths(1))), 101},
	} {
		if c.got != c.want {
			t.Errorf("%s: have %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestChargesRefuseNegativeFigures(t *testing.T) {
	t.Parallel()
	one, minus, month := dec("1"), dec("-1"), calc.WholeMonths(1)
	tiers := calc.Tiers{{From: dec("0"), Price: one}}
	for name, charge := range map[string]func() (models.Fen, error){
		"area":            func() (models.Fen, error) { return calc.ByArea(minus, one, month) },
		"price":           func() (models.Fen, error) { return calc.ByArea(one, minus, month) },
		"area and price":  func() (models.Fen, error) { return calc.ByArea(minus, minus, month) },
		"fixed":           func() (models.Fen, error) { return month.Of(minus) },
		"months":          func() (models.Fen, error) { return calc.WholeMonths(-1).Of(one) },
		"usage":           func() (models.Fen, error) { return calc.Metered(minus, one, one) },
		"tiered usage":    func() (models.Fen, error) { return calc.MeteredTiers(minus, one, tiers) },
		"beyond all sums": func() (models.Fen, error) { return month.Of(dec("1e12")) },
	} {
		if fen, err := charge(); err == nil {
			t.Errorf("%s: no error, but %s", name, fen)
		}
	}
}

func TestMonthsOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, months, broken string }{
		{"2026-03-01", "2026-03-31", "1", ""},
		{"2026-01-01", "2026-12-31", "12", ""},
		{"2026-03-12", "2026-03-31", "0.6452", "20/31"},
		{"2026-02-10", "2026-03-31", "1.6786", "19/28"},
		{"2024-02-29", "2024-02-29", "0.0345", "1/29"},
		{"2026-01-17", "2026-04-10", "2.8172", "15/31+10/30"},
		{"2025-12-16", "2026-01-15", "1", "16/31+15/31"},
		{"2026-03-02", "2026-03-01", "0", ""},
	} {
		m := calc.MonthsOf(billingtest.Day(c.from), billingtest.Day(c.to))
		if m.String() != c.months || m.Broken() != c.broken {
			t.Errorf("%s to %s: have %s months (%s), want %s (%s)", c.from, c.to, m, m.Broken(), c.months, c.broken)
		}
	}
}

// A cycle cut anywhere costs together what it costs whole, but for the rounding
// of the parts, half a fen each.
func TestProrationLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := billingtest.Day("2023-01-01") + models.Date(rapid.IntRange(0, 1500).Draw(t, "from"))
		to := from + models.Date(rapid.IntRange(1, 400).Draw(t, "length"))
		cut := from + models.Date(rapid.IntRange(0, int(to-from)-1).Draw(t, "cut"))
		area := decimal.New(rapid.Int64Range(1, 10_000_000).Draw(t, "area"), -2)
		price := decimal.New(rapid.Int64Range(0, 1_000_000).Draw(t, "price"), -4)
		charge := func(a, b models.Date) models.Fen {
			fen, err := calc.ByArea(area, price, calc.MonthsOf(a, b))
			if err != nil {
				t.Fatal(err)
			}
			return fen
		}
		whole, parts := charge(from, to), charge(from, cut)+charge(cut+1, to)
		if d := whole - parts; d < -1 || d > 1 {
			t.Fatalf("whole %s, in parts %s", whole, parts)
		}
	})
}
