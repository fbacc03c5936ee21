package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is an instant. A column keeps it as UTC milliseconds, JSON holds it as RFC 3339
// in Asia/Shanghai. The zero value means "never": it is kept as 0 and written as null.
type Time struct{ time.Time }

// At returns an instant truncated to the milliseconds that the database keeps, so that
// a value is equal before and after a round trip.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{t.UTC().Truncate(time.Millisecond)}
}

// Value returns the milliseconds that a column keeps.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return int64(0), nil
	}
	return t.UnixMilli(), nil
}

// Scan reads the instant from a column.
func (t *Time) Scan(src any) error {
	var ms int64
	switch v := src.(type) {
	case int64:
		ms = v
	case []byte: // the text protocol of MySQL
		if _, err := fmt.Sscan(string(v), &ms); err != nil {
			return fmt.Errorf("models: cannot read an instant: %w", err)
		}
	default:
		return fmt.Errorf("models: cannot read an instant from %T", src)
	}
	if ms == 0 {
		*t = Time{}
		return nil
	}
	*t = Time{time.UnixMilli(ms).UTC()}
	return nil
}

// MarshalJSON writes RFC 3339 in Asia/Shanghai, or null for never.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + t.In(Shanghai).Format(time.RFC3339) + `"`), nil
}

// Date returns the business day of the instant, or no date for never.
func (t Time) Date() Date {
	if t.IsZero() {
		return 0
	}
	return DateOf(t.Time)
}

// Clock returns business time, which may be set to another day to show the product or
// to test it. Signatures, tokens, leases and retries keep real time and do not use it.
type Clock func() time.Time

// ClockFrom returns a clock that shows the given instant now and runs on from it.
func ClockFrom(start time.Time) Clock {
	born := time.Now()
	return func() time.Time { return start.Add(time.Since(born)) }
}

// RealNow returns real time, for what must not follow a set business clock: tokens,
// leases, and when to ask WeChat again.
func RealNow() Time { return At(time.Now()) }
