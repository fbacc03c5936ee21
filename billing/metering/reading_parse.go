package metering

import (
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
)

// ParseReading parses what a person typed as a reading or a multiplier, such as 880.5,
// 1,000 or ８８０吨. The value is not negative, within [calc.ReadingBounds], and has at
// most four decimals; zeros at the end do not count. It returns [ErrReadFigure] for
// anything else.
//
// Commas are dropped where they part thousands. 1,5 is refused, because it may be meant as
// 1.5. One unit at the end is dropped and not converted.
func ParseReading(s string) (decimal.Decimal, error) {
	text := strings.ToLower(models.DropThousands(models.HalfWidth(strings.TrimSpace(s))))
	// 立方 stands before 方, in which it ends.
	for _, unit := range []string{"立方米", "立方", "吨", "方", "度", "m³", "㎥", "m3", "kwh"} {
		if rest, ok := strings.CutSuffix(text, unit); ok {
			text = rest
			break
		}
	}
	dots := 0
	for _, r := range text {
		if r == '.' {
			dots++
		} else if r < '0' || r > '9' { // no signs, no exponents
			return decimal.Zero, ErrReadFigure
		}
	}
	if text == "" || dots > 1 || strings.Trim(text, ".") == "" || len(text) > 24 {
		return decimal.Zero, ErrReadFigure
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.GreaterThan(calc.ReadingBounds.Most) || !d.Equal(d.Truncate(calc.ReadingBounds.Places)) {
		return decimal.Zero, ErrReadFigure
	}
	return d, nil
}
