package words

import (
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Yuan is an amount as people read it: 1,320.19.
func Yuan(f models.Fen) string { return Thousands(f.String()) }

// FeeYuan is an amount kept as a decimal number of fen, in yuan: WeChat counts its
// fee in parts of a fen, and none of them is lost here.
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

// Thousands puts commas into the whole part of a decimal number.
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
