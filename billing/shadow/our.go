package shadow

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// our is one of our bills, with the figures of its basis. known reports whether they come
// to the amount of the bill: an imported bill has none, and one that was corrected has
// others.
type our struct {
	days   calc.Days
	fen    models.Fen
	issued bool
	known  bool
	kind   string

	area, price decimal.Decimal
	usage       decimal.Decimal // with the multiplier
	tiered      bool
	share       decimal.Decimal // of an unsold room, else 1
	lived       calc.Months
	vacant      calc.Months
	vacantShare decimal.Decimal
}

// ourOf reads a bill.
func ourOf(b fees.Bill) (our, error) {
	o := our{days: calc.Days{From: b.PeriodStart, To: b.PeriodEnd}, fen: b.PrincipalFen, issued: b.ID != "", share: calc.One,
		lived: calc.MonthsOf(b.PeriodStart, b.PeriodEnd), vacant: calc.WholeMonths(0), vacantShare: calc.One}
	var basis calc.Basis
	if err := json.Unmarshal([]byte(b.Basis), &basis); err != nil {
		return o, fmt.Errorf("basis of a bill of room %s: %w", b.RoomID, err)
	}
	o.kind = basis.Kind
	ok := true
	read := func(text string, to *decimal.Decimal) {
		if text == "" {
			return
		}
		d, err := decimal.NewFromString(text)
		*to, ok = d, ok && err == nil
	}
	multiplier := calc.One
	read(basis.Area, &o.area)
	read(basis.Price, &o.price)
	read(basis.Share, &o.share)
	read(basis.VacantShare, &o.vacantShare)
	read(basis.Usage, &o.usage)
	read(basis.Multiplier, &multiplier)
	o.usage, o.tiered = o.usage.Mul(multiplier), basis.Tiers != ""
	if basis.VacantMonths != "" {
		o.vacant = exactMonths(basis.VacantMonths, basis.VacantDays)
		o.lived = minus(o.lived, o.vacant)
	}
	o.known = ok && o.yuan(change{}).Round(2).Equal(decimal.New(int64(o.fen), -2)) && basis.Credit == ""
	return o, nil
}

// exactMonths returns months as a basis writes them: their number with four decimals, and
// the part months among them as days over days, 10/31+5/30.
func exactMonths(number, parts string) calc.Months {
	sum := calc.WholeMonths(0)
	for part := range strings.SplitSeq(parts, "+") {
		n, of, ok := strings.Cut(part, "/")
		days, err := strconv.ParseInt(n, 10, 64)
		month, errOf := strconv.ParseInt(of, 10, 64)
		if ok && err == nil && errOf == nil && month > 0 {
			sum = sum.Plus(calc.Months{Num: days, Den: month})
		}
	}
	all, err := decimal.NewFromString(number)
	if err != nil {
		return sum
	}
	whole := all.Sub(decimal.New(sum.Num, 0).DivRound(decimal.New(sum.Den, 0), 4)).Round(0).IntPart()
	return sum.Plus(calc.WholeMonths(int(whole)))
}

func minus(a, b calc.Months) calc.Months { return a.Plus(calc.Months{Num: -b.Num, Den: b.Den}) }

// periodic reports whether the bill is so much a month.
func (o our) periodic() bool { return o.kind == fees.MethodArea || o.kind == fees.MethodFixed }

// clip returns the part of the bill within some days. The amount of a bill by the month is
// that of the months left, rounded anew; any other amount is divided by the months.
func (o our) clip(window calc.Days) our {
	part := o.days.Within(window)
	if part == o.days || part.Empty() {
		o.days = part
		return o
	}
	whole, left := calc.MonthsOf(o.days.From, o.days.To), calc.MonthsOf(part.From, part.To)
	o.days = part
	if !o.periodic() || !o.known {
		o.known = false
		part := decimal.New(int64(o.fen), -2).Mul(decimal.New(left.Num*whole.Den, 0))
		o.fen = roundFen(part.DivRound(decimal.New(left.Den*whole.Num, 0), 12))
		return o
	}
	if o.vacant.Num > 0 { // the same share of the days that are left
		o.vacant = calc.Months{Num: o.vacant.Num * left.Num * whole.Den, Den: o.vacant.Den * left.Den * whole.Num}
		o.lived = minus(left, o.vacant)
	} else {
		o.lived = left
	}
	o.fen = roundFen(o.yuan(change{}))
	return o
}

// change is a figure that is put in place of ours, to see what the bill would come to.
type change struct {
	area, price, usage *decimal.Decimal
	fullPrice          bool             // without the shares of vacant and unsold rooms
	factor             *decimal.Decimal // times the whole
	months             *calc.Months     // in place of ours, lived in
}

// yuan returns the exact amount of the bill with a change, before it is rounded.
func (o our) yuan(c change) decimal.Decimal {
	pick := func(d decimal.Decimal, other *decimal.Decimal) decimal.Decimal {
		if other != nil {
			return *other
		}
		return d
	}
	price := pick(o.price, c.price)
	var sum decimal.Decimal
	switch o.kind {
	case fees.MethodMeter:
		if o.tiered {
			return decimal.New(int64(o.fen), -2)
		}
		sum = price.Mul(pick(o.usage, c.usage))
	case fees.MethodArea, fees.MethodFixed:
		monthly := price
		if o.kind == fees.MethodArea {
			monthly = monthly.Mul(pick(o.area, c.area))
		}
		lived, vacant, share := o.lived, o.vacant, o.vacantShare
		if c.months != nil {
			lived, vacant = *c.months, calc.WholeMonths(0)
		}
		if c.fullPrice {
			share = calc.One
		} else {
			monthly = monthly.Mul(o.share)
		}
		weight := ratio(lived).Add(ratio(vacant).Mul(share))
		sum = monthly.Mul(weight)
	default:
		return decimal.New(int64(o.fen), -2)
	}
	if c.factor != nil {
		sum = sum.Mul(*c.factor)
	}
	return sum.Round(12) // a third of a month ends; half a fen stays half a fen
}

// ratio returns months as a decimal of 20 places.
func ratio(m calc.Months) decimal.Decimal {
	return decimal.New(m.Num, 0).DivRound(decimal.New(m.Den, 0), 20)
}

// roundFen rounds yuan half up to fen. The amounts are not negative.
func roundFen(yuan decimal.Decimal) models.Fen { return models.Fen(yuan.Shift(2).Round(0).IntPart()) }

// total returns what our bills come to with a change: each rounded once, as bills are.
func (g *group) total(c change) models.Fen {
	sum := models.Fen(0)
	for _, o := range g.ours {
		sum = sum.Plus(roundFen(o.yuan(c)))
	}
	return sum
}

// known reports whether the figures of all our bills are known.
func (g *group) known() bool {
	for _, o := range g.ours {
		if !o.known {
			return false
		}
	}
	return true
}
