package billingtest

import (
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// Debt is a random bill with its payments, in order.
type Debt struct {
	Rule       estate.LateRule
	Original   models.Fen
	Base       models.Fen
	Due        models.Date
	Reductions []calc.Reduction
	pauses     []calc.Pause
}

// DrawDebt draws a debt with up to five payments and three pauses.
func DrawDebt(t *rapid.T) Debt {
	d := Debt{
		Rule: estate.LateRule{
			Rate: decimal.New(rapid.Int64Range(0, 100).Draw(t, "rate"), -4), GraceDays: rapid.IntRange(0, 30).Draw(t, "grace"),
		},
		Due: Day("2024-02-01") + models.Date(rapid.IntRange(0, 400).Draw(t, "due")),
	}
	if rapid.Bool().Draw(t, "capped") {
		d.Rule.Cap = decimal.NewNullDecimal(decimal.New(rapid.Int64Range(0, 100).Draw(t, "cap"), -2))
	}
	d.Original = models.Fen(rapid.Int64Range(1, 10_000_000).Draw(t, "original"))
	d.Base = d.Original - models.Fen(rapid.Int64Range(0, int64(d.Original)).Draw(t, "opening"))
	left, on := d.Base, d.Due-20
	for range rapid.IntRange(0, 5).Draw(t, "payments") {
		on += models.Date(rapid.IntRange(0, 90).Draw(t, "gap"))
		// A negative payment is money that left the bill again. A bill that was corrected
		// downwards may hold more than it asks for.
		p := models.Fen(rapid.Int64Range(-50_000, int64(max(0, left))+1000).Draw(t, "principal"))
		d.Reductions = append(d.Reductions, calc.Reduction{On: on, Principal: p})
		left -= p
	}
	from := d.Due - 20
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		from += models.Date(rapid.IntRange(1, 60).Draw(t, "pause after"))
		p := calc.Pause{From: from, To: from + models.Date(rapid.IntRange(-1, 90).Draw(t, "pause days"))}
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

// paused reports whether a day lies within a pause.
func (d Debt) paused(on models.Date) bool {
	for _, p := range d.pauses {
		if on >= p.From && (p.To == 0 || on <= p.To) {
			return true
		}
	}
	return false
}

// LateFee returns what the product code computes.
func (d Debt) LateFee(t *rapid.T, asOf models.Date) calc.LateFee {
	f, err := calc.ComputeLateFee(d.Rule, d.Original, d.Base, d.Due, d.Reductions, asOf, d.pauses...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// ByDay is the slow reference: it walks over every day and adds the late fee of
// that day.
func (d Debt) ByDay(asOf models.Date) models.Fen {
	total := decimal.Zero
	for on := d.Due + models.Date(d.Rule.GraceDays) + 1; on <= asOf; on++ {
		principal := d.Base
		for _, r := range d.Reductions {
			if r.On < on { // late fee of the day itself is still on the old principal
				principal -= r.Principal
			}
		}
		if principal < 0 || d.paused(on) {
			continue
		}
		total = total.Add(principal.Yuan().Mul(d.Rule.Rate))
	}
	fee, err := models.RoundFen(total)
	if err != nil {
		panic(err)
	}
	if d.Rule.Cap.Valid {
		limit, err := models.RoundFen(d.Original.Yuan().Mul(d.Rule.Cap.Decimal))
		if err != nil {
			panic(err)
		}
		fee = fee.Min(limit)
	}
	return fee
}
