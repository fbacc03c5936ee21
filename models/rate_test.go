package models_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/models"
)

func TestRatesAreWrittenForPeople(t *testing.T) {
	t.Parallel()
	for kept, want := range map[string][2]string{
		"0.003": {"3‰", "0.3%"}, "0.0005": {"0.5‰", "0.05%"}, "0.00021": {"0.21‰", "0.021%"}, "0": {"0‰", "0%"},
		"0.30": {"300‰", "30%"}, "1": {"1000‰", "100%"}, "": {"", ""}, "all": {"all", "all"},
	} {
		if have := [2]string{models.RateTextOf(kept), models.ShareTextOf(kept)}; have != want {
			t.Errorf("%q is written %v, want %v", kept, have, want)
		}
	}
}

func TestParseShare(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"3‰": "0.003", "0.3%": "0.003", "0.003": "0.003", "３‰": "0.003", "０．３％": "0.003", " 30 % ": "0.3",
		"1": "1", "0": "0", ".5‰": "0.0005",
	} {
		if d, ok := models.ParseShare(text); !ok || d.String() != want {
			t.Errorf("%q is %s, %t, want %s", text, d, ok, want)
		}
	}
	for _, text := range []string{"", "‰", "-3‰", "+3‰", "3e-3", "3‰%", "三", "1,5%", "0x1", "1.2.3", "0.0000000000000000000000001"} {
		if d, ok := models.ParseShare(text); ok {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

// Property: what is written is read as the same number, by either sign.
func TestShareRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64Range(0, 100_000_000).Draw(t, "value"), -8)
		for _, text := range []string{models.RateText(d), models.ShareText(d), d.String()} {
			if have, ok := models.ParseShare(text); !ok || !have.Equal(d) {
				t.Fatalf("%s is written %s and read %s", d, text, have)
			}
		}
	})
}
