package calc_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// The worked examples of the business, to the fen.
func TestLateFeeExamples(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		rule       estate.LateRule
		principal  models.Fen
		due        string
		reductions []calc.Reduction
		asOf       string
		want       calc.LateFee
	}{
		{name: "59 days at 3 permille", rule: billingtest.Rule("0.003", 0, ""), principal: 11002, due: "2026-01-15", reductions: nil,
			asOf: "2026-03-15", want: calc.LateFee{
				Days: 59,
				Segments: []calc.Segment{
					{From: billingtest.Day("2026-01-16"), To: billingtest.Day("2026-03-15"), Days: 59, Principal: 11002},
				},
				Accrued: 1947,
			}},
		{name: "before a part payment", rule: billingtest.Rule("0.003", 0, ""), principal: 132019, due: "2026-01-31", reductions: nil,
			asOf: "2026-03-02", want: calc.LateFee{
				Days: 30,
				Segments: []calc.Segment{
					{From: billingtest.Day("2026-02-01"), To: billingtest.Day("2026-03-02"), Days: 30, Principal: 132019},
				},
				Accrued: 11882,
			}},
		{name: "after a part payment, late fee first", rule: billingtest.Rule("0.003", 0, ""), principal: 132019, due: "2026-01-31",
			reductions: []calc.Reduction{{On: billingtest.Day("2026-03-02"), Principal: 38118}}, asOf: "2026-04-15", want: calc.LateFee{
				Days: 74,
				Segments: []calc.Segment{
					{From: billingtest.Day("2026-02-01"), To: billingtest.Day("2026-03-02"), Days: 30, Principal: 132019},
					{From: billingtest.Day("2026-03-03"), To: billingtest.Day("2026-04-15"), Days: 44, Principal: 93901},
				},
				Accrued: 24277,
			}},
		{name: "after a part payment, principal first", rule: billingtest.Rule("0.003", 0, ""), principal: 132019, due: "2026-01-31",
			reductions: []calc.Reduction{{On: billingtest.Day("2026-03-02"), Principal: 50000}}, asOf: "2026-04-15", want: calc.LateFee{
				Days: 74,
				Segments: []calc.Segment{
					{From: billingtest.Day("2026-02-01"), To: billingtest.Day("2026-03-02"), Days: 30, Principal: 132019},
					{From: billingtest.Day("2026-03-03"), To: billingtest.Day("2026-04-15"), Days: 44, Principal: 82019},
				},
				Accrued: 22708,
			}},
		{name: "capped", rule: billingtest.Rule("0.003", 0, "0.3"), principal: 286101, due: "2024-01-01", reductions: nil,
			asOf: "2025-05-15", want: calc.LateFee{
				Days: 500,
				Segments: []calc.Segment{
					{From: billingtest.Day("2024-01-02"), To: billingtest.Day("2025-05-15"), Days: 500, Principal: 286101},
				},
				Accrued: 85830, Cap: 85830, Capped: true,
			}},
		{name: "without the cap", rule: billingtest.Rule("0.003", 0, ""), principal: 286101, due: "2024-01-01", reductions: nil,
			asOf: "2025-05-15", want: calc.LateFee{
				Days: 500,
				Segments: []calc.Segment{
					{From: billingtest.Day("2024-01-02"), To: billingtest.Day("2025-05-15"), Days: 500, Principal: 286101},
				},
				Accrued: 429152,
			}},
		{
			name: "on the due date", rule: billingtest.Rule("0.003", 0, ""), principal: 11002, due: "2026-03-15", reductions: nil,
			asOf: "2026-03-15", want: calc.LateFee{},
		},
		{name: "day 1", rule: billingtest.Rule("0.003", 0, ""), principal: 11002, due: "2026-03-14", reductions: nil,
			asOf: "2026-03-15", want: calc.LateFee{
				Days: 1,
				Segments: []calc.Segment{
					{From: billingtest.Day("2026-03-15"), To: billingtest.Day("2026-03-15"), Days: 1, Principal: 11002},
				},
				Accrued: 33,
			}},
		{
			name: "last grace day", rule: billingtest.Rule("0.003", 5, ""), principal: 11002, due: "2026-03-10", reductions: nil,
			asOf: "2026-03-15", want: calc.LateFee{},
		},
		{name: "day 1 after grace", rule: billingtest.Rule("0.003", 5, ""), principal: 11002, due: "2026-03-10", reductions: nil,
			asOf: "2026-03-16", want: calc.LateFee{
				Days: 1,
				Segments: []calc.Segment{
					{From: billingtest.Day("2026-03-16"), To: billingtest.Day("2026-03-16"), Days: 1, Principal: 11002},
				},
				Accrued: 33,
			}},
		{name: "paid in full stops it", rule: billingtest.Rule("0.003", 0, ""), principal: 11002, due: "2026-01-15",
			reductions: []calc.Reduction{{On: billingtest.Day("2026-01-20"), Principal: 11002}}, asOf: "2026-03-15", want: calc.LateFee{
				Days: 5,
				Segments: []calc.Segment{
					{From: billingtest.Day("2026-01-16"), To: billingtest.Day("2026-01-20"), Days: 5, Principal: 11002},
				},
				Accrued: 165,
			}},
		{name: "paid in part before it began", rule: billingtest.Rule("0.003", 0, ""), principal: 11002, due: "2026-01-15",
			reductions: []calc.Reduction{{On: billingtest.Day("2026-01-10"), Principal: 1002}}, asOf: "2026-01-16", want: calc.LateFee{
				Days: 1,
				Segments: []calc.Segment{
					{From: billingtest.Day("2026-01-16"), To: billingtest.Day("2026-01-16"), Days: 1, Principal: 10000},
				},
				Accrued: 30,
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			have, err := calc.ComputeLateFee(tt.rule, tt.principal, tt.principal, billingtest.Day(tt.due),
				tt.reductions, billingtest.Day(tt.asOf))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, have); diff != "" {
				t.Errorf("want (-), have (+):\n%s", diff)
			}
		})
	}
}

func TestLateFeeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := billingtest.DrawDebt(t)
		asOf := d.Due + models.Date(rapid.IntRange(-30, 500).Draw(t, "days"))
		fee := d.LateFee(t, asOf)
		if want := d.ByDay(asOf); fee.Accrued != want {
			t.Fatalf("accrued %d, day by day %d", fee.Accrued, want)
		}
		if fee.Accrued < 0 || (fee.Capped && fee.Accrued > fee.Cap) {
			t.Fatalf("accrued %d out of bounds, cap %d", fee.Accrued, fee.Cap)
		}
		if later := d.LateFee(t, asOf+1); later.Accrued < fee.Accrued || later.Days < fee.Days {
			t.Fatalf("less on a later day: %d after %d", later.Accrued, fee.Accrued)
		}
		days := 0
		for i, s := range fee.Segments {
			if s.Days != int(s.To-s.From)+1 || s.Days < 1 || s.Principal <= 0 || s.To > asOf || s.From <= d.Due {
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
