package billing

import (
	"wuyepay/billing/calc"
	"wuyepay/models"
)

// Limitation of claims 诉讼时效: three years (Civil Code, article 188), counted from the
// due day. For example, a bill due 31 Jan 2023 can be claimed until 31 Jan 2026. A demand
// in writing, a part payment or a promise restarts the period (article 195). The program
// does not know of those, so its day is the earliest on which a claim can lapse.
const (
	limitationYears = 3
	// limitationWarning is how many days before the limit a bill is flagged.
	limitationWarning = 90
)

// LimitationOf returns the last day on which a bill due on a day can be
// claimed.
func LimitationOf(due models.Date) models.Date { return yearsOn(due, limitationYears) }

// yearsOn returns the same day a number of years later, or earlier if negative.
// 29 February becomes the 28th in a common year.
func yearsOn(d models.Date, years int) models.Date {
	y, m, day := d.Parts()
	return min(models.NewDate(y+years, m, day), calc.Period{Year: y + years, Month: m}.Last())
}

// LimitationFlag is how close a bill is to the end of its limitation period.
type LimitationFlag int

// The flags of a bill.
const (
	LimitationFar  LimitationFlag = iota // more than 90 days to go
	LimitationNear                       // 90 days to go or fewer
	LimitationPast                       // the period has ended
)

// LimitationOn returns the flag, as of today, of a bill due on a day.
func LimitationOn(due, today models.Date) LimitationFlag {
	switch limit := LimitationOf(due); {
	case today > limit:
		return LimitationPast
	case today >= limit-limitationWarning:
		return LimitationNear
	}
	return LimitationFar
}

// LimitationDueBy returns the latest due day of bills that are near the limit
// or past it.
func LimitationDueBy(today models.Date) models.Date {
	d := yearsOn(today+limitationWarning, -limitationYears)
	for LimitationOn(d+1, today) != LimitationFar { // 28 and 29 February have one limit
		d++
	}
	return d
}

// LimitationPastBy returns the latest due day of bills that are past the limit.
func LimitationPastBy(today models.Date) models.Date {
	d := yearsOn(today, -limitationYears) - 2
	for LimitationOn(d+1, today) == LimitationPast {
		d++
	}
	return d
}
