package models_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wuyepay/models"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"2026-03-15": true, "1900-01-01": true, "9999-12-31": true, "2024-02-29": true,
		"2026-02-29": false, "2026-13-01": false, "2026-00-10": false, "2026-3-15": false, "26-03-15": false, "2026/03/15": false,
		"1899-12-31": false, "": false, "2026-03-15 ": false, "2026-03-15T00:00:00Z": false,
	} {
		d, err := models.ParseDate(text)
		if (err == nil) != ok || (ok && d.String() != text) || (!ok && d != 0) {
			t.Errorf("%q is read as %q, %v", text, d, err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a constant that is no date does not panic")
		}
	}()
	models.MustDate("2026-02-30")
}

func TestDateOfAnInstant(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ at, want string }{
		{"2026-03-14T15:59:59.999Z", "2026-03-14"},
		{"2026-03-14T16:00:00Z", "2026-03-15"},
		{"2026-03-15T00:00:00+08:00", "2026-03-15"},
		{"2025-12-31T23:59:59-05:00", "2026-01-01"},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if d := models.DateOf(at); d.String() != tt.want || models.At(at).Date() != d {
			t.Errorf("%s is the business day %s, want %s", tt.at, d, tt.want)
		}
	}
	if d := (models.Time{}).Date(); !d.IsZero() || d.String() != "" {
		t.Errorf("never is the day %q", d)
	}
}

func TestDateParts(t *testing.T) {
	t.Parallel()
	d := models.MustDate("2026-02-28")
	if next := d.Plus(1); next.String() != "2026-03-01" || next-d != 1 || d.Plus(-59).String() != "2025-12-31" {
		t.Errorf("the days around %s are %s and %s", d, d.Plus(-59), next)
	}
	if y, m, n := d.Parts(); y != 2026 || m != time.February || n != 28 || d.Year() != 2026 || d.Weekday() != time.Saturday {
		t.Errorf("%s has the parts %d %s %d and is a %s", d, y, m, n, d.Weekday())
	}
	if start := d.Start(); start.Format(time.RFC3339) != "2026-02-28T00:00:00+08:00" {
		t.Errorf("%s starts at %s", d, start)
	}
	if d := models.NewDate(2026, 14, 0); d.String() != "2027-01-31" { // rolls over
		t.Errorf("day 0 of month 14 is %s", d)
	}
}

// TestDateKept writes any day as a column and as JSON, and reads it again.
func TestDateKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := models.Date(rapid.Int32Range(0, int32(models.MustDate("9999-12-31"))).Draw(t, "day"))
		kept, err := d.Value()
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range []any{kept, []byte(kept.(string))} {
			have := models.MustDate("2000-01-01")
			if err := have.Scan(column); err != nil || have != d {
				t.Errorf("%s is kept as %v and read as %s, %v", d, column, have, err)
			}
		}
		var have models.Date
		text, err := json.Marshal(d)
		if err != nil || json.Unmarshal(text, &have) != nil || have != d {
			t.Errorf("%s is written as %s and read as %s, %v", d, text, have, err)
		}
	})
}

func TestDateScan(t *testing.T) {
	t.Parallel()
	d := models.MustDate("2026-03-15")
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("NULL is read as %s, %v", d, err)
	}
	for _, column := range []any{"2026-02-30", "2026-3-15", "0000-00-00", "2026-0x-15", "yesterday", []byte("1"), int64(5), time.Now()} {
		if err := d.Scan(column); err == nil {
			t.Errorf("%v is read as %s", column, d)
		}
	}
}
