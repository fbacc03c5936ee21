package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Shanghai is the zone of every business day. China has had no daylight saving
// since 1991, and a fixed offset needs no zone database on the machine.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a business day in Asia/Shanghai, kept as its number of days so that a
// difference of dates is a number of days. The zero value means "no date"; it is
// written as an empty string.
type Date int32

// epoch makes 1 the first of January 1900; 0 stays free for "no date".
var epoch = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)

// NewDate is the date of a calendar day; out-of-range days roll over as in
// [time.Date].
func NewDate(year int, month time.Month, day int) Date {
	// By seconds: a Duration holds no more than 292 years.
	seconds := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() - epoch.Unix()
	return Date(seconds / (24 * 60 * 60)) //nolint:gosec // years up to 9999 are three million days
}

// DateOf is the business day of an instant.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Shanghai).Date()
	return NewDate(y, m, d)
}

// ParseDate reads 2026-03-15. Anything else, a day that does not exist included,
// is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 9999 {
		return 0, fmt.Errorf("not a date: want YYYY-MM-DD")
	}
	return NewDate(t.Year(), t.Month(), t.Day()), nil
}

// MustDate is ParseDate for constants and tests.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Plus is the day so many days later, or earlier for a negative number.
func (d Date) Plus(days int) Date {
	return d + Date(days) //nolint:gosec // terms and ages are tens of thousands of days at most
}

// IsZero tells whether there is no date.
func (d Date) IsZero() bool { return d == 0 }

func (d Date) utc() time.Time { return epoch.AddDate(0, 0, int(d)) }

// Start is the instant at which the day begins in Asia/Shanghai.
func (d Date) Start() time.Time {
	y, m, day := d.utc().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, Shanghai)
}

// Parts are the calendar year, month and day.
func (d Date) Parts() (int, time.Month, int) { return d.utc().Date() }

// Year is the calendar year.
func (d Date) Year() int { return d.utc().Year() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// String is 2026-03-15, or empty for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText writes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) error { return d.scanText(string(b)) }

// Value keeps the date as text.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads the date from a column.
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
