package billing

import (
	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Reduction is principal that was paid: from the day after On, late fee no longer
// accrues on it.
type Reduction struct {
	On        models.Date
	Principal models.Fen
}

// Segment is a run of days on which the principal stayed the same, both days
// included.
type Segment struct {
	From      models.Date
	To        models.Date
	Days      int
	Principal models.Fen
}

// LateFee is how a bill's late fee 违约金 came about. All amounts are fen.
type LateFee struct {
	Days     int       // days counted, over all segments
	Segments []Segment // earliest first
	Accrued  models.Fen
	Cap      models.Fen // 0 without a cap: see Capped
	Capped   bool       // whether there is a cap at all
}

// ComputeLateFee computes the late fee accrued by the end of the day asOf.
//
// Simple interest on the principal still unpaid on each day: day 1 is the day
// after (due + grace). The sum over the segments of principal x rate x days is
// rounded half up once, then limited by the cap, a share of the bill's original
// principal, rounded half up. Reductions must be in order of their day; the day
// of a reduction still counts on the old principal. base is the principal that
// accrues when nothing is reduced yet.
//
// It is pure: never negative, never above the cap, and never less on a later day.
func ComputeLateFee(rule models.LateRule, original, base models.Fen, due models.Date, reductions []Reduction, asOf models.Date) (LateFee, error) {
	fee := LateFee{Capped: rule.Cap.Valid}
	if rule.Cap.Valid {
		limit, err := models.RoundFen(original.Yuan().Mul(rule.Cap.Decimal))
		if err != nil {
			return fee, err
		}
		fee.Cap = limit
	}
	day := due + models.Date(rule.GraceDays) //nolint:gosec // a few days; it is the last day without late fee
	principal := base
	product := int64(0) // fen x days: exact, and a decimal only once at the end
	step := func(until models.Date) {
		until = min(until, asOf)
		if until <= day {
			return
		}
		if days := int(until - day); principal > 0 {
			fee.Segments = append(fee.Segments, Segment{From: day + 1, To: until, Days: days, Principal: principal})
			fee.Days += days
			product += int64(principal) * int64(days)
		}
		day = until
	}
	for _, r := range reductions {
		step(r.On)
		principal -= r.Principal
	}
	step(asOf)
	accrued, err := models.RoundFen(decimal.New(product, -2).Mul(rule.Rate))
	if err != nil {
		return fee, err
	}
	if fee.Capped {
		accrued = accrued.Min(fee.Cap)
	}
	fee.Accrued = accrued
	return fee, nil
}
