package intake

import (
	"fmt"

	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// Bounds of the days in a file. A day beyond them is a slip of the keyboard or of a
// spreadsheet: 2062 for 2026, 1905 for the number 2019.
const (
	// firstYear is before any company in China billed property fees to owners: homes began
	// to be sold in the reform of 1988 to 1998.
	firstYear = 1990
	// yearsAhead is how far a day may lie in the future. Homes are sold up to three years
	// before they are handed over, and fees are paid for some years in advance at most.
	yearsAhead = 3
	// dueYearsAhead is how far a due day may: nobody allows more than two years to pay, and a
	// bill that is never due is never asked for.
	dueYearsAhead = 2
)

// bounds are the days that a column takes. A day before first is a mistake, or only a
// warning where old days cost nothing.
type bounds struct {
	years int  // after today
	old   bool // days before firstYear are only a warning
}

// within checks a day that was read. It returns the day, or zero if it is a mistake. A day
// that could not be read is zero already.
func (p *pass) within(row *sheet.Row, key string, day models.Date, b bounds) models.Date {
	if day == 0 {
		return 0
	}
	y, m, d := p.tx.Today().Parts()
	switch first := models.NewDate(firstYear, 1, 1); {
	case day > models.NewDate(y+b.years, m, d):
		p.addMistake(row.Mistake(key, fmt.Sprintf("%s 太远，不能晚于今天 %d 年以上", day, b.years)))
		return 0
	case day < first && b.old:
		p.warn(row.Mistake(key, fmt.Sprintf("%s 太早，请核对", day)))
	case day < first:
		p.addMistake(row.Mistake(key, fmt.Sprintf("%s 太早，不能早于 %d 年", day, firstYear)))
		return 0
	}
	return day
}
