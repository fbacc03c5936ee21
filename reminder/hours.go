package reminder

import (
	"time"

	"wuyepay/models"
)

// open reports whether reminders may be sent at an instant: 09:30-12:00 and
// 15:00-18:00 in Asia/Shanghai, on Saturday and Sunday 10:30-12:00 and 15:00-18:00,
// the ends excluded. Public holidays count as the day of the week they fall on.
func open(at models.Time) bool {
	t := at.In(models.Shanghai)
	minute := t.Hour()*60 + t.Minute()
	morning := 9*60 + 30
	if day := t.Weekday(); day == time.Saturday || day == time.Sunday {
		morning = 10*60 + 30
	}
	return minute >= morning && minute < 12*60 || minute >= 15*60 && minute < 18*60
}
