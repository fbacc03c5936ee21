package billing

import (
	"wuyepay/billing/calc"
	"wuyepay/models"
)

// Limitation of claims 诉讼时效: three years (Civil Code, article 188), counted from
// the due day. A demand in writing, a part payment or a promise lets it begin anew
// (article 195); that is for staff to know, so the day here is the earliest on
// which a claim can lapse.
const (
	limitationYears = 3
	// LimitationWarning is how many days before the limit a bill is flagged.
	LimitationWarning = 90
)

// LimitationOf is the last day on which a bill due on a day can be claimed.
func LimitationOf(due models.Date) models.Date { return yearsOn(due, limitationYears) }

// yearsOn is the same day some years on (or back, when negative); 29 February
// becomes the 28th.
func yearsOn(d models.Date, years int) models.Date {
	y, m, day := d.Parts()
	return min(models.NewDate(y+years, m, day), calc.Period{Year: y + years, Month: m}.Last())
}

// LimitationFlag says how a bill stands to the limit.
type LimitationFlag int

// The flags.
const (
	LimitationFar LimitationFlag = iota // more than 90 days to go
	LimitationNear
	LimitationPast
)

// LimitationOn is the flag of a bill due on a day, as of another.
func LimitationOn(due, today models.Date) LimitationFlag {
	switch limit := LimitationOf(due); {
	case today > limit:
		return LimitationPast
	case today >= limit-LimitationWarning:
		return LimitationNear
	}
	return LimitationFar
}

// LimitationDueBy is the latest due day of bills that are near the limit, or past
// it, as of a day.
func LimitationDueBy(today models.Date) models.Date {
	d := yearsOn(today+LimitationWarning, -limitationYears)
	for LimitationOn(d+1, today) != LimitationFar { // 28 and 29 February have one limit
		d++
	}
	return d
}

// LimitationPastBy is the latest due day of bills that are past the limit.
func LimitationPastBy(today models.Date) models.Date {
	d := yearsOn(today, -limitationYears) - 2
	for LimitationOn(d+1, today) == LimitationPast {
		d++
	}
	return d
}
