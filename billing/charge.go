package billing

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Months is how long a charge runs: whole months, and broken ones by days over
// the days of that month. It is an exact fraction, so that an amount is rounded
// once, at the end of its formula.
type Months struct {
	num, den int64
	broken   string // 20/31, for the basis of the bill
}

// WholeMonths is n whole months.
func WholeMonths(n int) Months { return Months{num: int64(n), den: 1} }

// MonthsOf counts the days from..to, both included, as months: 12 to 31 March is
// 20/31 of one. An empty run of days is none.
func MonthsOf(from, to models.Date) Months {
	m := WholeMonths(0)
	for from <= to {
		y, month, _ := from.Parts()
		p := Period{y, month}
		part := days{from, to}.within(days{p.First(), p.Last()})
		n, of := int64(part.to-part.from)+1, int64(p.Last()-p.First())+1
		if n == of {
			m.num += m.den
		} else {
			m.num, m.den = m.num*of+n*m.den, m.den*of
			m.broken = strings.TrimPrefix(fmt.Sprintf("%s+%d/%d", m.broken, n, of), "+")
		}
		from = p.Last() + 1
	}
	return m
}

// plus is both together.
func (m Months) plus(o Months) Months {
	sum := Months{num: m.num*o.den + o.num*m.den, den: m.den * o.den, broken: strings.Trim(m.broken+"+"+o.broken, "+")}
	for a, b := sum.num, sum.den; ; a, b = b, a%b { // small figures, however many parts are added
		if b == 0 {
			if a > 1 {
				sum.num, sum.den = sum.num/a, sum.den/a
			}
			return sum
		}
	}
}

// String is the number of months as people read it, at most four decimals: 1,
// 0.6452.
func (m Months) String() string {
	return decimal.New(m.num, 0).DivRound(decimal.New(m.den, 0), 4).String()
}

// Broken are the broken months, days over days of the month, joined by +: 20/31;
// empty for whole months.
func (m Months) Broken() string { return m.broken }

// errNegative says that a charge was asked for with a negative figure: whoever
// took the figure in must have refused it.
var errNegative = errors.New("billing: negative figure in a charge")

// of is an amount of yuan a month, over the months, rounded half up once. The
// division is exact to the fen, whatever the fraction.
func (m Months) of(monthly decimal.Decimal) (models.Fen, error) {
	if monthly.IsNegative() || m.num < 0 {
		return 0, errNegative
	}
	return models.RoundFen(monthly.Mul(decimal.New(m.num, 0)).DivRound(decimal.New(m.den, 0), 2))
}

// ofShared is an amount of yuan a month: in full over the months, and a share of it
// over others, rounded once at the end of both.
func (m Months) ofShared(monthly decimal.Decimal, vacant Months, share decimal.Decimal) (models.Fen, error) {
	if share.IsNegative() || vacant.num < 0 || m.num < 0 {
		return 0, errNegative
	}
	weight := decimal.New(m.num, 0).Mul(decimal.New(vacant.den, 0)).Add(decimal.New(vacant.num, 0).Mul(decimal.New(m.den, 0)).Mul(share))
	if monthly.IsNegative() {
		return 0, errNegative
	}
	return models.RoundFen(monthly.Mul(weight).DivRound(decimal.New(m.den, 0).Mul(decimal.New(vacant.den, 0)), 2))
}

// ByArea is area (㎡) x price (元/㎡·month) x months.
func ByArea(area, price decimal.Decimal, m Months) (models.Fen, error) {
	if area.IsNegative() {
		return 0, errNegative
	}
	return m.of(area.Mul(price))
}

// ByAreaVacant is ByArea for months in which the room is approved as vacant 空置:
// the owner pays the share, 0.7 being common.
func ByAreaVacant(area, price, share decimal.Decimal, m Months) (models.Fen, error) {
	if area.IsNegative() || share.IsNegative() {
		return 0, errNegative
	}
	return m.of(area.Mul(price).Mul(share))
}

// Fixed is price (元/month) x months.
func Fixed(price decimal.Decimal, m Months) (models.Fen, error) { return m.of(price) }

// Metered is usage (reading less previous reading) x multiplier x price (元).
func Metered(usage, multiplier, price decimal.Decimal) (models.Fen, error) {
	if usage.IsNegative() || multiplier.IsNegative() || price.IsNegative() {
		return 0, errNegative
	}
	return models.RoundFen(usage.Mul(multiplier).Mul(price))
}

// MeteredTiers is usage x multiplier, charged by tiers. Rounded is the sum, not
// the tiers.
func MeteredTiers(usage, multiplier decimal.Decimal, tiers Tiers) (models.Fen, error) {
	if usage.IsNegative() || multiplier.IsNegative() {
		return 0, errNegative
	}
	return models.RoundFen(tiers.Yuan(usage.Mul(multiplier)))
}

// Basis says how the principal of a bill was computed, in figures that the owner
// can follow. It is kept with the bill as JSON; all figures are decimal text.
type Basis struct {
	Kind       string       `json:"kind"` // area, fixed, meter, shared_area, shared_household, one_off; opening for arrears taken over
	Area       string       `json:"area,omitempty"`
	Usage      string       `json:"usage,omitempty"` // value less previous, before the multiplier
	Multiplier string       `json:"multiplier,omitempty"`
	Previous   string       `json:"previous,omitempty"`
	Value      string       `json:"value,omitempty"`
	Meters     []MeterBasis `json:"meters,omitempty"` // where a room has more than one meter of the item
	// Rolled is what was added because the meter passed its last digit; Estimated, that
	// Value is an estimate; Corrects, that Previous was one, which this bill settles;
	// Credit, the quantity that earlier estimates had billed too much, as -5.
	Rolled    string `json:"rolled,omitempty"`
	Estimated bool   `json:"estimated,omitempty"`
	Corrects  bool   `json:"corrects,omitempty"`
	Credit    string `json:"credit,omitempty"`
	Price     string `json:"price,omitempty"`
	Months    string `json:"months,omitempty"`
	Days      string `json:"days,omitempty"` // broken months among them: 20/31
	Tiers     string `json:"tiers,omitempty"`
	// Share is the part of the price that an unsold room pays, where it is not all.
	Share string `json:"share,omitempty"`
	// VacantMonths are those of Months on which the room was approved as vacant, and
	// VacantShare the part of the price for them.
	VacantMonths string `json:"vacant_months,omitempty"`
	VacantDays   string `json:"vacant_days,omitempty"` // broken months among them
	VacantShare  string `json:"vacant_share,omitempty"`
	// Of a shared cost: Total yuan divided over Rooms by Weight of TotalWeight.
	Total       string `json:"total,omitempty"`
	Rooms       int    `json:"rooms,omitempty"`
	Weight      string `json:"weight,omitempty"`
	TotalWeight string `json:"total_weight,omitempty"`
	Reason      string `json:"reason,omitempty"` // of a one-off charge, or what the shared cost was
}

// MeterBasis is one of several meters in a [Basis], or one of several stretches of a
// meter whose multiplier changed. The fields mean what they do there.
type MeterBasis struct {
	Serial     string `json:"serial"`
	Usage      string `json:"usage"`
	Multiplier string `json:"multiplier"`
	Previous   string `json:"previous"`
	Value      string `json:"value"`
	Rolled     string `json:"rolled,omitempty"`
	Estimated  bool   `json:"estimated,omitempty"`
	Corrects   bool   `json:"corrects,omitempty"`
}

// figureText writes a price or an area as people write it: at least two
// decimals, no more zeros than that.
func figureText(d decimal.Decimal) string {
	s := d.String()
	if _, fraction, _ := strings.Cut(s, "."); len(fraction) < 2 {
		return d.StringFixed(2)
	}
	return s
}
