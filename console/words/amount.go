package words

import (
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Yuan formats an amount in yuan: 1,320.19.
func Yuan(f models.Fen) string { return Thousands(f.String()) }

// FeeYuan formats an amount in yuan that is kept as a decimal number of fen. WeChat counts
// its fee in parts of a fen, and none is lost: 66.012 fen are 0.66012.
func FeeYuan(fen string) string {
	d, err := decimal.NewFromString(fen)
	if err != nil {
		return "—"
	}
	d = d.Shift(-2)
	if -d.Exponent() <= 2 || d.Equal(d.Truncate(2)) {
		return Thousands(d.StringFixed(2))
	}
	return Thousands(d.String())
}

// Thousands returns a decimal number with commas in its whole part.
func Thousands(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if fraction != "" {
		b.WriteByte('.')
	}
	return sign + b.String() + fraction
}
