package models

import (
	"fmt"
	"math"

	"github.com/shopspring/decimal"
)

// Fen is an amount of money: an integer number of 1/100 yuan. All sums of money in the
// product are Fen; a float never holds money, because 0.1 has no exact binary form.
type Fen int64

// MaxFen bounds every amount that enters from outside: 1 billion yuan, far above
// any bill and far below what could overflow when summed.
const MaxFen Fen = 100_000_000_000

// Plus returns the sum of amounts. It panics on overflow, which only corrupted data can
// cause: amounts from outside are bounded by [MaxFen] before they get here.
func (f Fen) Plus(more ...Fen) Fen {
	for _, m := range more {
		if (m > 0 && f > math.MaxInt64-m) || (m < 0 && f < math.MinInt64-m) {
			panic(fmt.Sprintf("models: sum of money overflows: %d + %d", f, m))
		}
		f += m
	}
	return f
}

// Yuan returns the amount in yuan, exactly.
func (f Fen) Yuan() decimal.Decimal { return decimal.New(int64(f), -2) }

// String returns the amount in yuan with two decimals, as people read it: 110.02.
func (f Fen) String() string { return f.Yuan().StringFixed(2) }

// RoundFen returns yuan as fen, rounded half up (away from zero for negative amounts):
// 1.005 yuan is 101 fen, and 1.0049 yuan is 100. It is the one rounding of every
// formula and is applied once, at its end. An amount beyond [MaxFen] is the refusal
// AMOUNT_TOO_LARGE.
func RoundFen(yuan decimal.Decimal) (Fen, error) {
	d := yuan.Shift(2).Round(0) // decimal rounds half away from zero: half up for what is owed
	if d.Abs().Cmp(decimal.NewFromInt(int64(MaxFen))) > 0 {
		return 0, Invalid("AMOUNT_TOO_LARGE", "金额超出允许范围")
	}
	return Fen(d.IntPart()), nil
}

// Min returns the smaller amount.
func (f Fen) Min(other Fen) Fen { return min(f, other) }
