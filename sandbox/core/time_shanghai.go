package core

import "time"

// Shanghai is the zone of every business time. It is fixed at +08:00: China has no
// summer time, and a fixed zone needs no zone database in the image.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// FormatTime writes a time as WeChat Pay does.
func FormatTime(t time.Time) string { return t.In(Shanghai).Format(time.RFC3339) }

// DateOf returns the business day of a time as yyyy-MM-dd.
func DateOf(t time.Time) string { return t.In(Shanghai).Format(time.DateOnly) }

// ParseDate returns the beginning of a business day yyyy-MM-dd.
func ParseDate(text string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, text, Shanghai)
}

// InShanghai returns a time that was read from JSON in the named zone. It returns a
// zero time unchanged.
func InShanghai(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(Shanghai)
}
