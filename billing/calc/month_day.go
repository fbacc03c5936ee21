package calc

import (
	"regexp"
	"time"

	"wuyepay/models"
)

var monthDayForm = regexp.MustCompile(`^(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?$`)

// MonthDay reads a day of the year, 3月31日 or 3-31, as 03-31. The 29th of February
// is none: most years do not have it.
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
