package intake

import (
	"testing"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
)

// FuzzParsePeriod: a text is refused, or is a month that is written as it was read
// and whose days lie in it.
func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{
		"2026-03", "2026-3", "2026-13", "2026-00", "０2026-03", "1999-12", "2200-12", "2201-01", "2026-03-01", "-026-03", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := calc.ParsePeriod(s)
		if err != nil {
			return
		}
		first, last := p.First(), p.Last()
		y, m, d := first.Parts()
		if p.String() != s || y != p.Year || m != p.Month || d != 1 || last-first < 27 || last-first > 30 {
			t.Fatalf("%q: %+v from %s to %s", s, p, first, last)
		}
		if again := p.Plus(13).Plus(-13); again != p {
			t.Fatalf("%q: thirteen months later and earlier is %s", s, again)
		}
	})
}

// FuzzParseTiers: a text is refused, or returns tiers that join, that are read the same
// from the spelling in which they are kept, and whose price only grows.
func FuzzParseTiers(f *testing.F) {
	for _, s := range []string{
		"0-15:3.45;15-25:4.83;25-:5.83", "0-15：3.45、15以上：4.83", "0-:2", "0-10:1;11-:2", "1-:2", "0-5:1", "0吨-18吨:3元/吨；18吨以上:4元",
		"0-0:1;0-:2", ";", "", "0-99999999:1;99999999-:2", "0-:99999", "0-:0.00001", "0~15=1,15~=2",
	} {
		f.Add(s, int64(17))
	}
	f.Fuzz(func(t *testing.T, s string, n int64) {
		tiers, err := calc.ParseTiers(s)
		if err != nil {
			return
		}
		if err := tiers.Check(); err != nil || len(tiers) == 0 || len(tiers) > calc.MaxTiers {
			t.Fatalf("%q: %v, %v", s, tiers, err)
		}
		again, err := calc.ParseTiers(tiers.String())
		if err != nil || again.String() != tiers.String() {
			t.Fatalf("%q is kept as %q, read again %q, %v", s, tiers, again, err)
		}
		less := decimal.New(max(n, 0)%1_000_000_000, -2)
		more := less.Add(decimal.New(1, -2))
		if a, b := tiers.Yuan(less), tiers.Yuan(more); a.IsNegative() || b.LessThan(a) || !again.Yuan(less).Equal(a) {
			t.Fatalf("%q: %s costs %s, %s costs %s", s, less, a, more, b)
		}
	})
}
