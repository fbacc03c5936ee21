package models_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"wuyepay/models"
)

func TestTimeKept(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 15, 10, 0, 0, 123_999_999, models.Shanghai)
	for _, tt := range []struct {
		time models.Time
		kept int64
		json string
	}{
		{models.Time{}, 0, "null"},
		{models.At(time.Time{}), 0, "null"},
		{models.At(at), at.UnixMilli(), `"2026-03-15T10:00:00+08:00"`},
		{models.At(at.UTC()), at.UnixMilli(), `"2026-03-15T10:00:00+08:00"`},
	} {
		kept, err := tt.time.Value()
		if err != nil || kept != tt.kept {
			t.Errorf("%v is kept as %v, %v", tt.time, kept, err)
		}
		for _, column := range []any{kept, []byte(strconv.FormatInt(tt.kept, 10))} {
			have := models.RealNow()
			if err := have.Scan(column); err != nil || have != tt.time {
				t.Errorf("%v is read as %v, want %v (%v)", column, have, tt.time, err)
			}
		}
		if text, err := json.Marshal(tt.time); err != nil || string(text) != tt.json {
			t.Errorf("%v is written as %s, %v", tt.time, text, err)
		}
	}
	var have models.Time
	for _, column := range []any{"1773540000000", []byte("soon"), nil, 1.5} {
		if err := have.Scan(column); err == nil {
			t.Errorf("%v is read as %v", column, have)
		}
	}
}

func TestClockFrom(t *testing.T) {
	t.Parallel()
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, models.Shanghai)
	clock := models.ClockFrom(start)
	a, b := clock(), clock()
	if a.Before(start) || a.After(start.Add(time.Minute)) || b.Before(a) {
		t.Errorf("a clock from %s shows %s and then %s", start, a, b)
	}
	if off := time.Since(models.RealNow().Time); off < 0 || off > time.Minute {
		t.Errorf("real time is off by %s", off)
	}
}
