package billing

import (
	"fmt"
	"time"

	"wuyepay/models"
	"wuyepay/models/fees"
)

// Period is the month that a billing run is for.
type Period struct {
	Year  int
	Month time.Month
}

// ErrPeriod says that a text is no period.
var ErrPeriod = models.Invalid("PERIOD_INVALID", "账期应写成 2026-03 的样子")

// ParsePeriod reads 2026-03; anything else gives [ErrPeriod].
func ParsePeriod(s string) (Period, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || len(s) != len("2006-01") || t.Year() < 2000 || t.Year() > 2200 {
		return Period{}, ErrPeriod
	}
	return Period{Year: t.Year(), Month: t.Month()}, nil
}

// String is 2026-03.
func (p Period) String() string { return fmt.Sprintf("%04d-%02d", p.Year, p.Month) }

// First is the first day of the month.
func (p Period) First() models.Date { return models.NewDate(p.Year, p.Month, 1) }

// Last is the last day of the month.
func (p Period) Last() models.Date { return models.NewDate(p.Year, p.Month+1, 1) - 1 }

// days is a run of days, both included. It is empty when from is after to.
type days struct{ from, to models.Date }

func (d days) empty() bool { return d.from > d.to }

// overlaps tells whether both have a day in common.
func (d days) overlaps(o days) bool { return d.from <= o.to && o.from <= d.to }

// within is the part of d that lies in o.
func (d days) within(o days) days { return days{max(d.from, o.from), min(d.to, o.to)} }

// cycleMonths is the length of a cycle in months, and 0 for an unknown one.
func cycleMonths(cycle string) int {
	switch cycle {
	case fees.CycleMonth:
		return 1
	case fees.CycleQuarter:
		return 3
	case fees.CycleHalfYear:
		return 6
	case fees.CycleYear:
		return 12
	}
	return 0
}

// plus is the period some months later, or earlier.
func (p Period) plus(months int) Period {
	y, m, _ := models.NewDate(p.Year, p.Month+time.Month(months), 1).Parts()
	return Period{y, m}
}

// around are the days that a cycle which the month lies in can have, whatever its
// length and first month.
func (p Period) around() days { return days{p.plus(-11).First(), p.plus(11).Last()} }

// cycleOf is the cycle that the month lies in. The first one of a year begins in
// the month start (1 to 12): with start 1, quarters begin in January, April, July
// and October; with start 3, years begin in March.
func (p Period) cycleOf(cycle string, start int) days {
	n := cycleMonths(cycle)
	if n == 0 {
		return days{1, 0}
	}
	into := (int(p.Month) - max(start, 1) + 12) % 12 % n // months of the cycle that have gone by
	return days{p.plus(-into).First(), p.plus(n - into - 1).Last()}
}

// dueDate is the first due day (of the month; the last day of a month that is
// shorter) not before either day: a bill that is issued late, or begins late in
// the month, is due in the next month, so that nobody is late at birth.
func dueDate(dueDay int, from, issued models.Date) models.Date {
	earliest := max(from, issued)
	y, m, _ := from.Parts()
	for ; ; m++ {
		last := Period{y, m}.Last()
		due := min(models.NewDate(y, m, dueDay), last) // 31 April rolls over, and is cut
		if due >= earliest {
			return due
		}
	}
}
