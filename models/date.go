package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Shanghai is the zone of every business day. China has had no daylight saving
// since 1991, and a fixed offset needs no zone database on the machine.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a business day in Asia/Shanghai, held as a number of days so that a
// difference of dates is a number of days and dates compare with < and >. A column
// keeps it as text, 2026-03-15, which sorts alike. The zero value means "no date" and
// is written as an empty text.
type Date int32

// epoch makes 1 the first of January 1900; 0 stays free for "no date".
var epoch = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)

// NewDate returns the date of a calendar day; out-of-range days roll over as in
// [time.Date].
func NewDate(year int, month time.Month, day int) Date {
	// By seconds: a Duration holds no more than 292 years.
	seconds := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() - epoch.Unix()
	return Date(seconds / (24 * 60 * 60)) //nolint:gosec // years up to 9999 are three million days
}

// DateOf returns the business day of an instant. For example, 14 March 16:00 UTC is 15
// March in Shanghai.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Shanghai).Date()
	return NewDate(y, m, d)
}

// ParseDate reads 2026-03-15. Anything else is an error, also a day that does not
// exist, such as 2026-02-29, and a year before 1900.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 9999 {
		return 0, fmt.Errorf("not a date: want YYYY-MM-DD")
	}
	return NewDate(t.Year(), t.Month(), t.Day()), nil
}

// MustDate is [ParseDate] for constants and tests: it panics where that returns an
// error.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Plus returns the day so many days later, or earlier for a negative number.
func (d Date) Plus(days int) Date {
	return d + Date(days) //nolint:gosec // terms and ages are tens of thousands of days at most
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == 0 }

func (d Date) utc() time.Time { return epoch.AddDate(0, 0, int(d)) }

// Start returns the instant at which the day begins in Asia/Shanghai.
func (d Date) Start() time.Time {
	y, m, day := d.utc().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, Shanghai)
}

// Parts returns the calendar year, month and day.
func (d Date) Parts() (int, time.Month, int) { return d.utc().Date() }

// Year returns the calendar year.
func (d Date) Year() int { return d.utc().Year() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// String returns 2026-03-15, or an empty text for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText writes the date as [Date.String] does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Date.MarshalText] writes, and nothing else.
func (d *Date) UnmarshalText(b []byte) error { return d.scanText(string(b)) }

// Value returns the text that a column keeps.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads the date from a column. NULL and an empty text are no date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
		return nil
	case string:
		return d.scanText(v)
	case []byte:
		return d.scanText(string(v))
	}
	return fmt.Errorf("models: cannot read a date from %T", src)
}

func (d *Date) scanText(s string) error {
	if s == "" {
		*d = 0
		return nil
	}
	// The database wrote it, so the quick reading of YYYY-MM-DD comes first: a
	// room's arrears hold dozens of dates.
	if y, m, day, ok := digits(s); ok && y >= 1900 && m >= 1 && m <= 12 && day >= 1 && day <= 31 {
		n := NewDate(y, time.Month(m), day)
		if _, mm, dd := n.Parts(); int(mm) == m && dd == day {
			*d = n
			return nil
		}
	}
	return fmt.Errorf("models: not a date: want YYYY-MM-DD")
}

// digits returns the numbers of a text of the form YYYY-MM-DD. It does not look at the
// two signs between them: the database wrote them.
func digits(s string) (y, m, d int, ok bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, 0, false
	}
	num := func(a, b int) int {
		n := 0
		for _, c := range []byte(s[a:b]) {
			if c < '0' || c > '9' {
				return -1
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	return num(0, 4), num(5, 7), num(8, 10), true
}
