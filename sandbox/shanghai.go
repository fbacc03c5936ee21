package sandbox

import "time"

// shanghai is fixed at +08:00: China keeps no summer time, and a fixed zone
// needs no zone database in the image.
var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func formatTime(t time.Time) string { return t.In(shanghai).Format(time.RFC3339) }

// dateOf is the business day of an instant, as bill_date writes it.
func dateOf(t time.Time) string { return t.In(shanghai).Format(time.DateOnly) }

func parseDate(text string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, text, shanghai)
}

// inShanghai gives a replayed time the zone it was written in; a JSON time
// comes back with a nameless one.
func inShanghai(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(shanghai)
}
