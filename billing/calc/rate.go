package calc

import "github.com/shopspring/decimal"

// One is the multiplier of a quantity that includes it already.
var One = decimal.New(1, 0)

// CollectionTarget is the collection rate 收费率 that reports compare with, in
// percent.
const CollectionTarget = 95

// Percent returns a part of a whole in percent, rounded half up to two
// decimals. It returns false if the whole is 0.
func Percent(part, whole int64) (decimal.Decimal, bool) {
	if whole == 0 {
		return decimal.Zero, false
	}
	return decimal.New(part, 2).DivRound(decimal.New(whole, 0), 2), true
}
