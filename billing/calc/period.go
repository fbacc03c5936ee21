package calc

import (
	"fmt"
	"time"

	"wuyepay/models"
	"wuyepay/models/fees"
)

// Forever is the end of days that have none, for comparisons.
var Forever = models.MustDate("9999-12-31")

// Period is the month that a billing run is for.
type Period struct {
	Year  int
	Month time.Month
}

// ErrPeriod is the refusal of a text that is no period.
var ErrPeriod = models.Invalid("PERIOD_INVALID", "账期应写成 2026-03 的样子")

// ParsePeriod parses a month written as 2026-03. Anything else returns
// [ErrPeriod].
func ParsePeriod(s string) (Period, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || len(s) != len("2006-01") || t.Year() < 2000 || t.Year() > 2200 {
		return Period{}, ErrPeriod
	}
	return Period{Year: t.Year(), Month: t.Month()}, nil
}

// String returns the month as 2026-03.
func (p Period) String() string { return fmt.Sprintf("%04d-%02d", p.Year, p.Month) }

// First returns the first day of the month.
func (p Period) First() models.Date { return models.NewDate(p.Year, p.Month, 1) }

// Last returns the last day of the month.
func (p Period) Last() models.Date { return models.NewDate(p.Year, p.Month+1, 1) - 1 }

// Days is a run of days, both included. It is empty if From is after To.
type Days struct{ From, To models.Date }

// Empty reports whether there is no day.
func (d Days) Empty() bool { return d.From > d.To }

// Overlaps reports whether d and o have a day in common.
func (d Days) Overlaps(o Days) bool { return d.From <= o.To && o.From <= d.To }

// Within returns the part of d that lies in o.
func (d Days) Within(o Days) Days { return Days{max(d.From, o.From), min(d.To, o.To)} }

// CycleMonths returns the length of a billing cycle in months, and 0 for an
// unknown one.
func CycleMonths(cycle string) int {
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

// Plus returns the period a number of months later, or earlier if negative.
func (p Period) Plus(months int) Period {
	y, m, _ := models.NewDate(p.Year, p.Month+time.Month(months), 1).Parts()
	return Period{y, m}
}

// Around returns all days that a cycle containing the month can have, whatever
// its length and first month.
func (p Period) Around() Days { return Days{p.Plus(-11).First(), p.Plus(11).Last()} }

// CycleOf returns the days of the cycle that contains the month. The first
// cycle of a year begins in the month start (1 to 12). With start 1, quarters
// begin in January, April, July and October; with start 3, years begin in
// March. An unknown cycle returns empty days.
func (p Period) CycleOf(cycle string, start int) Days {
	n := CycleMonths(cycle)
	if n == 0 {
		return Days{1, 0}
	}
	into := (int(p.Month) - max(start, 1) + 12) % 12 % n // months of the cycle before this one
	return Days{p.Plus(-into).First(), p.Plus(n - into - 1).Last()}
}

// DueDate returns the first due day that is not before from and not before
// issued. In a month that is shorter, dueDay means its last day. A bill that is
// issued late, or begins late in the month, is due in the next month, so that
// no bill is overdue when it is issued. For example, due day 15, from 1 Mar,
// issued 20 Mar: due 15 Apr.
func DueDate(dueDay int, from, issued models.Date) models.Date {
	earliest := max(from, issued)
	y, m, _ := from.Parts()
	for ; ; m++ {
		last := Period{y, m}.Last()
		due := min(models.NewDate(y, m, dueDay), last) // 31 April would be 1 May
		if due >= earliest {
			return due
		}
	}
}
