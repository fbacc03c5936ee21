package calc

import (
	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/estate"
)

// Reduction is principal that was paid: from the day after On, late fee no longer
// accrues on it.
type Reduction struct {
	On        models.Date
	Principal models.Fen
}

// Pause is a run of days, both included, on which no late fee accrues: while an
// instalment plan that freezes it is kept. To is 0 while it goes on.
type Pause struct {
	From models.Date
	To   models.Date
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
// of a reduction still counts on the old principal. A negative reduction is money
// that left the bill again; a principal below 0 bears nothing. base is the
// principal that accrues when nothing is reduced yet. Days of a pause do not
// count; pauses must be in order and apart.
//
// It is pure: never negative, never above the cap, and never less on a later day.
func ComputeLateFee(rule estate.LateRule, original, base models.Fen, due models.Date, reductions []Reduction, asOf models.Date,
	pauses ...Pause) (LateFee, error) {
	fee := LateFee{Capped: rule.Cap.Valid}
	if rule.Cap.Valid {
		limit, err := models.RoundFen(original.Yuan().Mul(rule.Cap.Decimal))
		if err != nil {
			return fee, err
		}
		fee.Cap = limit
	}
	free := due + models.Date(rule.GraceDays) //nolint:gosec // a few days of grace; the last day without late fee
	walk := segments{day: free, asOf: asOf, principal: base, pauses: pauses, fee: &fee}
	for _, r := range reductions {
		walk.until(r.On)
		walk.principal -= r.Principal
	}
	walk.until(asOf)
	accrued, err := models.RoundFen(decimal.New(walk.product, -2).Mul(rule.Rate))
	if err != nil {
		return fee, err
	}
	if fee.Capped {
		accrued = accrued.Min(fee.Cap)
	}
	fee.Accrued = accrued
	return fee, nil
}

// segments walks over the days of a bill and writes down its segments.
type segments struct {
	day       models.Date // the last day that was counted, or left out
	asOf      models.Date
	principal models.Fen
	pauses    []Pause // those that may still come
	product   int64   // fen x days: exact, and a decimal only once at the end
	fee       *LateFee
}

// until counts the days up to a day, which is included, on the principal of now.
func (w *segments) until(day models.Date) {
	day = min(day, w.asOf)
	for w.day < day {
		to := day
		for len(w.pauses) > 0 && w.pauses[0].To != 0 && w.pauses[0].To <= w.day {
			w.pauses = w.pauses[1:]
		}
		if len(w.pauses) > 0 {
			p := w.pauses[0]
			if p.From <= w.day+1 { // inside of it
				if p.To == 0 {
					w.day = day
				} else {
					w.day = min(day, p.To)
				}
				continue
			}
			to = min(to, p.From-1)
		}
		w.count(to)
	}
}

func (w *segments) count(to models.Date) {
	days := int(to - w.day)
	if w.principal > 0 {
		w.fee.Segments = append(w.fee.Segments, Segment{From: w.day + 1, To: to, Days: days, Principal: w.principal})
		w.fee.Days += days
		w.product += int64(w.principal) * int64(days)
	}
	w.day = to
}
