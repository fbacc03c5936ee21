package calc

import (
	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/estate"
)

// Reduction is principal that was paid. Late fee no longer accrues on it from
// the day after On.
type Reduction struct {
	On        models.Date
	Principal models.Fen
}

// Pause is a run of days, both included, on which no late fee accrues, because
// an instalment plan freezes it. To is 0 while the plan is active.
type Pause struct {
	From models.Date
	To   models.Date
}

// Segment is a run of days, both included, on which the principal stayed the
// same.
type Segment struct {
	From      models.Date
	To        models.Date
	Days      int
	Principal models.Fen
}

// LateFee holds how a bill's late fee 违约金 came about. All amounts are fen.
type LateFee struct {
	Days     int       // days counted, over all segments
	Segments []Segment // earliest first
	Accrued  models.Fen
	Cap      models.Fen // 0 if there is no cap: see Capped
	Capped   bool       // reports whether there is a cap
}

// ComputeLateFee computes the late fee that has accrued by the end of the day
// asOf.
//
// It is simple interest on the principal that is unpaid on each day. Day 1 is
// the day after due + grace. For example, due 15 Jan, grace 3: day 1 is 19 Jan.
// The sum over the segments of principal x rate x days is rounded half up once.
// It is then limited by the cap, a share of the original principal of the bill,
// which is rounded half up as well.
//
// base is the principal that accrues before any reduction. Reductions must be
// in order of their day; the day of a reduction is still computed on the old
// principal. A negative reduction is money that left the bill again. A
// principal below 0 accrues nothing. Days of a pause do not count; pauses must
// be in order and must not overlap.
//
// For example, 1000.00 yuan at 0.0005 a day for 40 days is 20.00; with 400.00
// paid on day 10 it is 10 days on 1000.00 and 30 on 600.00, which is 14.00.
//
// The result is pure: never negative, never above the cap, never less on a
// later day.
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

// segments walks over the days of a bill and records its segments.
type segments struct {
	day       models.Date // the last day that was counted or skipped
	asOf      models.Date
	principal models.Fen
	pauses    []Pause // those not passed yet
	product   int64   // fen x days: exact; a decimal only once, at the end
	fee       *LateFee
}

// until counts the days up to and including a day, on the current principal.
func (w *segments) until(day models.Date) {
	day = min(day, w.asOf)
	for w.day < day {
		to := day
		for len(w.pauses) > 0 && w.pauses[0].To != 0 && w.pauses[0].To <= w.day {
			w.pauses = w.pauses[1:]
		}
		if len(w.pauses) > 0 {
			p := w.pauses[0]
			if p.From <= w.day+1 { // within the pause: skip its days
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

// count adds a segment of the days up to and including to.
func (w *segments) count(to models.Date) {
	days := int(to - w.day)
	if w.principal > 0 {
		w.fee.Segments = append(w.fee.Segments, Segment{From: w.day + 1, To: to, Days: days, Principal: w.principal})
		w.fee.Days += days
		w.product += int64(w.principal) * int64(days)
	}
	w.day = to
}
