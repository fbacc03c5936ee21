package calc

import (
	"regexp"
	"time"

	"wuyepay/models"
)

var monthDayForm = regexp.MustCompile(`^(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?$`)

// MonthDay parses a day of the year, such as 3月31日 or 3-31, and returns it as
// 03-31. It refuses 29 February, which most years do not have.
func MonthDay(text string) (string, bool) {
	m := monthDayForm.FindStringSubmatch(models.HalfWidth(text))
	if m == nil {
		return "", false
	}
	day, err := time.Parse("2006-1-2", "2026-"+m[1]+"-"+m[2])
	if err != nil {
		return "", false
	}
	return day.Format("01-02"), true
}
