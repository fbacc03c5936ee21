package billing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
)

func rule(rate string, grace int, limit string) estate.LateRule {
	r := estate.LateRule{Rate: decimal.RequireFromString(rate), GraceDays: grace}
	if limit != "" {
		r.Cap = decimal.NewNullDecimal(decimal.RequireFromString(limit))
	}
	return r
}

func day(s string) models.Date { return models.MustDate(s) }

// The worked examples of the business, to the fen.
func TestLateFeeExamples(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		rule       estate.LateRule
		principal  models.Fen
		due        string
		reductions []billing.Reduction
		asOf       string
		want       billing.LateFee
	}{
		{"59 days at 3 permille", rule("0.003", 0, ""), 11002, "2026-01-15", nil, "2026-03-15", billing.LateFee{
			Days: 59, Segments: []billing.Segment{{day("2026-01-16"), day("2026-03-15"), 59, 11002}}, Accrued: 1947}},
		{"before a part payment", rule("0.003", 0, ""), 132019, "2026-01-31", nil, "2026-03-02", billing.LateFee{
			Days: 30, Segments: []billing.Segment{{day("2026-02-01"), day("2026-03-02"), 30, 132019}}, Accrued: 11882}},
		{"after a part payment, late fee first", rule("0.003", 0, ""), 132019, "2026-01-31", []billing.Reduction{{day("2026-03-02"), 38118}}, "2026-04-15", billing.LateFee{
			Days: 74, Segments: []billing.Segment{{day("2026-02-01"), day("2026-03-02"), 30, 132019}, {day("2026-03-03"), day("2026-04-15"), 44, 93901}}, Accrued: 24277}},
		{"after a part payment, principal first", rule("0.003", 0, ""), 132019, "2026-01-31", []billing.Reduction{{day("2026-03-02"), 50000}}, "2026-04-15", billing.LateFee{
			Days: 74, Segments: []billing.Segment{{day("2026-02-01"), day("2026-03-02"), 30, 132019}, {day("2026-03-03"), day("2026-04-15"), 44, 82019}}, Accrued: 22708}},
		{"capped", rule("0.003", 0, "0.3"), 286101, "2024-01-01", nil, "2025-05-15", billing.LateFee{
			Days: 500, Segments: []billing.Segment{{day("2024-01-02"), day("2025-05-15"), 500, 286101}}, Accrued: 85830, Cap: 85830, Capped: true}},
		{"without the cap", rule("0.003", 0, ""), 286101, "2024-01-01", nil, "2025-05-15", billing.LateFee{
			Days: 500, Segments: []billing.Segment{{day("2024-01-02"), day("2025-05-15"), 500, 286101}}, Accrued: 429152}},
		{"on the due date", rule("0.003", 0, ""), 11002, "2026-03-15", nil, "2026-03-15", billing.LateFee{}},
		{"day 1", rule("0.003", 0, ""), 11002, "2026-03-14", nil, "2026-03-15", billing.LateFee{
			Days: 1, Segments: []billing.Segment{{day("2026-03-15"), day("2026-03-15"), 1, 11002}}, Accrued: 33}},
		{"last grace day", rule("0.003", 5, ""), 11002, "2026-03-10", nil, "2026-03-15", billing.LateFee{}},
		{"day 1 after grace", rule("0.003", 5, ""), 11002, "2026-03-10", nil, "2026-03-16", billing.LateFee{
			Days: 1, Segments: []billing.Segment{{day("2026-03-16"), day("2026-03-16"), 1, 11002}}, Accrued: 33}},
		{"paid in full stops it", rule("0.003", 0, ""), 11002, "2026-01-15", []billing.Reduction{{day("2026-01-20"), 11002}}, "2026-03-15", billing.LateFee{
			Days: 5, Segments: []billing.Segment{{day("2026-01-16"), day("2026-01-20"), 5, 11002}}, Accrued: 165}},
		{"paid in part before it began", rule("0.003", 0, ""), 11002, "2026-01-15", []billing.Reduction{{day("2026-01-10"), 1002}}, "2026-01-16", billing.LateFee{
			Days: 1, Segments: []billing.Segment{{day("2026-01-16"), day("2026-01-16"), 1, 10000}}, Accrued: 30}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			have, err := billing.ComputeLateFee(tt.rule, tt.principal, tt.principal, day(tt.due), tt.reductions, day(tt.asOf))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, have); diff != "" {
				t.Errorf("want (-), have (+):\n%s", diff)
			}
		})
	}
}

// debt is a random bill with what was paid of it, in order.
type debt struct {
	rule       estate.LateRule
	original   models.Fen
	base       models.Fen
	due        models.Date
	reductions []billing.Reduction
	pauses     []billing.Pause
}

func drawDebt(t *rapid.T) debt {
	d := debt{rule: estate.LateRule{Rate: decimal.New(rapid.Int64Range(0, 100).Draw(t, "rate"), -4), GraceDays: rapid.IntRange(0, 30).Draw(t, "grace")},
		due: day("2024-02-01") + models.Date(rapid.IntRange(0, 400).Draw(t, "due"))}
	if rapid.Bool().Draw(t, "capped") {
		d.rule.Cap = decimal.NewNullDecimal(decimal.New(rapid.Int64Range(0, 100).Draw(t, "cap"), -2))
	}
	d.original = models.Fen(rapid.Int64Range(1, 10_000_000).Draw(t, "original"))
	d.base = d.original - models.Fen(rapid.Int64Range(0, int64(d.original)).Draw(t, "opening"))
	left, on := d.base, d.due-20
	for range rapid.IntRange(0, 5).Draw(t, "payments") {
		on += models.Date(rapid.IntRange(0, 90).Draw(t, "gap"))
		// A negative one is money that left the bill again; a bill corrected downwards may
		// for a while hold more than it asks for.
		p := models.Fen(rapid.Int64Range(-50_000, int64(max(0, left))+1000).Draw(t, "principal"))
		d.reductions = append(d.reductions, billing.Reduction{On: on, Principal: p})
		left -= p
	}
	from := d.due - 20
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		from += models.Date(rapid.IntRange(1, 60).Draw(t, "pause after"))
		p := billing.Pause{From: from, To: from + models.Date(rapid.IntRange(-1, 90).Draw(t, "pause days"))}
		if p.To < p.From && rapid.Bool().Draw(t, "goes on") {
			p.To = 0
			d.pauses = append(d.pauses, p)
			break
		}
		d.pauses = append(d.pauses, p)
		from = max(from, p.To)
	}
	return d
}

func (d debt) paused(on models.Date) bool {
	for _, p := range d.pauses {
		if on >= p.From && (p.To == 0 || on <= p.To) {
			return true
		}
	}
	return false
}

func (d debt) fee(t *rapid.T, asOf models.Date) billing.LateFee {
	f, err := billing.ComputeLateFee(d.rule, d.original, d.base, d.due, d.reductions, asOf, d.pauses...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// byDay is the slow reference: it walks every day and adds what that day costs.
func (d debt) byDay(asOf models.Date) models.Fen {
	total := decimal.Zero
	for on := d.due + models.Date(d.rule.GraceDays) + 1; on <= asOf; on++ {
		principal := d.base
		for _, r := range d.reductions {
			if r.On < on { // the day of a payment still counts on the old principal
				principal -= r.Principal
			}
		}
		if principal < 0 || d.paused(on) {
			continue
		}
		total = total.Add(principal.Yuan().Mul(d.rule.Rate))
	}
	fee, err := models.RoundFen(total)
	if err != nil {
		panic(err)
	}
	if d.rule.Cap.Valid {
		limit, err := models.RoundFen(d.original.Yuan().Mul(d.rule.Cap.Decimal))
		if err != nil {
			panic(err)
		}
		fee = fee.Min(limit)
	}
	return fee
}

func TestLateFeeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDebt(t)
		asOf := d.due + models.Date(rapid.IntRange(-30, 500).Draw(t, "days"))
		fee := d.fee(t, asOf)
		if want := d.byDay(asOf); fee.Accrued != want {
			t.Fatalf("accrued %d, day by day %d", fee.Accrued, want)
		}
		if fee.Accrued < 0 || (fee.Capped && fee.Accrued > fee.Cap) {
			t.Fatalf("accrued %d out of bounds, cap %d", fee.Accrued, fee.Cap)
		}
		if later := d.fee(t, asOf+1); later.Accrued < fee.Accrued || later.Days < fee.Days {
			t.Fatalf("less on a later day: %d after %d", later.Accrued, fee.Accrued)
		}
		days := 0
		for i, s := range fee.Segments {
			if s.Days != int(s.To-s.From)+1 || s.Days < 1 || s.Principal <= 0 || s.To > asOf || s.From <= d.due {
				t.Fatalf("segment %d is wrong: %+v", i, s)
			}
			if i > 0 && s.From <= fee.Segments[i-1].To {
				t.Fatalf("segments overlap: %+v", fee.Segments)
			}
			days += s.Days
		}
		if days != fee.Days {
			t.Fatalf("days %d, segments %d", fee.Days, days)
		}
	})
}
