package pay

import (
	"testing"
	"time"

	"wuyepay/sandbox/core"
)

func TestTimeExpireIsHeldInLimits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 15, 10, 0, 0, 0, core.Shanghai)
	tests := []struct {
		name    string
		asked   string
		longest time.Duration
		want    time.Time
	}{
		{"absent", "", longestDirect, now.Add(7 * 24 * time.Hour)},
		{"past", core.FormatTime(now.Add(-time.Hour)), longestDirect, now.Add(time.Minute)},
		{"half an hour", core.FormatTime(now.Add(30 * time.Minute)), longestDirect, now.Add(30 * time.Minute)},
		{"a year", core.FormatTime(now.AddDate(1, 0, 0)), longestDirect, now.Add(90 * 24 * time.Hour)},
		{"a year, partner", core.FormatTime(now.AddDate(1, 0, 0)), longestPartner, now.Add(15 * 24 * time.Hour)},
	}
	for _, test := range tests {
		if got := expiry(test.asked, now, test.longest); !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
