package sandbox

import (
	"testing"
	"time"
)

func TestTimeExpireIsHeldInLimits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 15, 10, 0, 0, 0, shanghai)
	tests := []struct {
		name    string
		asked   string
		longest time.Duration
		want    time.Time
	}{
		{"absent", "", longestDirect, now.Add(7 * 24 * time.Hour)},
		{"past", formatTime(now.Add(-time.Hour)), longestDirect, now.Add(time.Minute)},
		{"half an hour", formatTime(now.Add(30 * time.Minute)), longestDirect, now.Add(30 * time.Minute)},
		{"a year", formatTime(now.AddDate(1, 0, 0)), longestDirect, now.Add(90 * 24 * time.Hour)},
		{"a year, partner", formatTime(now.AddDate(1, 0, 0)), longestPartner, now.Add(15 * 24 * time.Hour)},
	}
	for _, test := range tests {
		if got := expiry(test.asked, now, test.longest); !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
