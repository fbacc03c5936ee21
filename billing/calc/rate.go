package calc

import "github.com/shopspring/decimal"

var One = decimal.New(1, 0)

// CollectionTarget is the collection rate that is aimed at, in percent.
const CollectionTarget = 95

// Percent is a part of a whole in percent, rounded half up to two decimals; false
// where there is no whole.
func Percent(part, whole int64) (decimal.Decimal, bool) {
	if whole == 0 {
		return decimal.Zero, false
	}
	return decimal.New(part, 2).DivRound(decimal.New(whole, 0), 2), true
}
