package calc

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Months is how long a charge runs: whole months, and part months as days over
// the days of that month. It is an exact fraction, so that an amount is rounded
// once, at the end of its formula.
type Months struct {
	Num, Den int64
	broken   string // 20/31, for the basis of the bill
}

// WholeMonths returns n whole months.
func WholeMonths(n int) Months { return Months{Num: int64(n), Den: 1} }

// MonthsOf returns the days from..to, both included, as months. For example, 12
// to 31 March is 20/31 of a month. Empty days are 0 months.
func MonthsOf(from, to models.Date) Months {
	m := WholeMonths(0)
	for from <= to {
		y, month, _ := from.Parts()
		p := Period{y, month}
		part := Days{from, to}.Within(Days{p.First(), p.Last()})
		n, of := int64(part.To-part.From)+1, int64(p.Last()-p.First())+1
		if n == of {
			m.Num += m.Den
		} else {
			m.Num, m.Den = m.Num*of+n*m.Den, m.Den*of
			m.broken = strings.TrimPrefix(fmt.Sprintf("%s+%d/%d", m.broken, n, of), "+")
		}
		from = p.Last() + 1
	}
	return m
}

// Plus returns the sum of m and o.
func (m Months) Plus(o Months) Months {
	sum := Months{Num: m.Num*o.Den + o.Num*m.Den, Den: m.Den * o.Den, broken: strings.Trim(m.broken+"+"+o.broken, "+")}
	for a, b := sum.Num, sum.Den; ; a, b = b, a%b { // small figures, however many parts are added
		if b == 0 {
			if a > 1 {
				sum.Num, sum.Den = sum.Num/a, sum.Den/a
			}
			return sum
		}
	}
}

// String returns the number of months with at most four decimals, such as 1 or
// 0.6452.
func (m Months) String() string {
	return decimal.New(m.Num, 0).DivRound(decimal.New(m.Den, 0), 4).String()
}

// Broken returns the part months as days over the days of their month, joined
// by +, such as 20/31. It is empty for whole months.
func (m Months) Broken() string { return m.broken }

// errNegative reports a negative figure in a charge. Every figure is checked
// when it is entered, so this is a fault of the program.
var errNegative = errors.New("billing: negative figure in a charge")

// Of returns an amount of yuan per month, over the months, rounded half up
// once. The division is exact to the fen, whatever the fraction.
func (m Months) Of(monthly decimal.Decimal) (models.Fen, error) {
	if monthly.IsNegative() || m.Num < 0 {
		return 0, errNegative
	}
	return models.RoundFen(monthly.Mul(decimal.New(m.Num, 0)).DivRound(decimal.New(m.Den, 0), 2))
}

// OfShared returns an amount of yuan per month: in full over m, and a share of
// it over vacant, rounded once at the end. For example, 100.00 a month with
// share 0.7, half a month occupied and half a month vacant, is 85.00.
func (m Months) OfShared(monthly decimal.Decimal, vacant Months, share decimal.Decimal) (models.Fen, error) {
	if share.IsNegative() || vacant.Num < 0 || m.Num < 0 {
		return 0, errNegative
	}
	weight := decimal.New(m.Num, 0).Mul(decimal.New(vacant.Den, 0)).Add(decimal.New(vacant.Num, 0).Mul(decimal.New(m.Den, 0)).Mul(share))
	if monthly.IsNegative() {
		return 0, errNegative
	}
	return models.RoundFen(monthly.Mul(weight).DivRound(decimal.New(m.Den, 0).Mul(decimal.New(vacant.Den, 0)), 2))
}

// ByArea returns area (㎡) x price (yuan per ㎡ and month) x months.
func ByArea(area, price decimal.Decimal, m Months) (models.Fen, error) {
	if area.IsNegative() {
		return 0, errNegative
	}
	return m.Of(area.Mul(price))
}

// Metered returns usage x multiplier x price (yuan per unit).
func Metered(usage, multiplier, price decimal.Decimal) (models.Fen, error) {
	if usage.IsNegative() || multiplier.IsNegative() || price.IsNegative() {
		return 0, errNegative
	}
	return models.RoundFen(usage.Mul(multiplier).Mul(price))
}

// MeteredTiers returns the price of usage x multiplier by tiers. The sum is
// rounded, not the tiers.
func MeteredTiers(usage, multiplier decimal.Decimal, tiers Tiers) (models.Fen, error) {
	if usage.IsNegative() || multiplier.IsNegative() {
		return 0, errNegative
	}
	return models.RoundFen(tiers.Yuan(usage.Mul(multiplier)))
}

// FigureText formats a price or an area with at least two decimals and no
// further trailing zeros: 2.5 is 2.50, 0.5583 stays.
func FigureText(d decimal.Decimal) string {
	s := d.String()
	if _, fraction, _ := strings.Cut(s, "."); len(fraction) < 2 {
		return d.StringFixed(2)
	}
	return s
}
