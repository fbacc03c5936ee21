package calc_test

import (
	"testing"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
)

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	p, err := calc.ParsePeriod("2024-02")
	if err != nil || p.String() != "2024-02" || p.First() != billingtest.Day("2024-02-01") || p.Last() != billingtest.Day("2024-02-29") {
		t.Errorf("have %s from %s to %s, %v", p, p.First(), p.Last(), err)
	}
	for _, s := range []string{
		"", "2026", "2026-3", "2026-13", "2026-00", "2026-03-01", "202603", "26-03", "1999-12", "2026-03 ", "２０２６-03",
	} {
		if p, err := calc.ParsePeriod(s); err == nil {
			t.Errorf("%q is read as %s", s, p)
		}
	}
}
