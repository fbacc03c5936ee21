package core

import "time"

// Shanghai is fixed at +08:00: China keeps no summer time, and a fixed zone
// needs no zone database in the image.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func FormatTime(t time.Time) string { return t.In(Shanghai).Format(time.RFC3339) }

// DateOf is the business day of an instant, as bill_date writes it.
func DateOf(t time.Time) string { return t.In(Shanghai).Format(time.DateOnly) }

func ParseDate(text string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, text, Shanghai)
}

// InShanghai gives a replayed time the zone it was written in; a JSON time
// comes back with a nameless one.
func InShanghai(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(Shanghai)
}
