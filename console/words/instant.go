package words

import (
	"time"

	"wuyepay/models"
)

// At formats an instant in Shanghai to the second.
func At(t models.Time) string { return stamp(t, time.DateTime) }

// Minute formats an instant in Shanghai to the minute.
func Minute(t models.Time) string { return stamp(t, "2006-01-02 15:04") }

func stamp(t models.Time, layout string) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(models.Shanghai).Format(layout)
}
