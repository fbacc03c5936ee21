package shadow

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// comparison finds the cause of the difference of a group that has both sides.
type comparison struct {
	*group
	theirs, ours models.Fen
}

// cause returns the cause of the difference and explains it in Chinese. Causes are tried in
// a fixed order, and all but the last compare exactly: our bill is computed anew with one
// figure of theirs, and is theirs to the fen. A figure that the file states, such as an area
// that differs, takes precedence over one that can only be guessed from the amount. Guesses
// that few amounts fit are tried first.
func (c comparison) cause() (string, string) {
	if c.theirs == c.ours {
		if c.samePeriods() {
			return fees.CauseEqual, ""
		}
		return fees.CauseCycle, "金额一致，账期划分不同：" + c.periods()
	}
	for _, try := range []func(comparison) (string, string){
		comparison.twice, comparison.stated, comparison.rounding, comparison.firstMonth, comparison.vacancy, comparison.remark,
		comparison.impliedPrice, comparison.lateFeeDays, comparison.cycle,
	} {
		if cause, text := try(c); cause != "" {
			return cause, text
		}
	}
	return fees.CauseUnknown, "原因不明：" + c.amounts()
}

// amounts names both amounts.
func (c comparison) amounts() string {
	text := fmt.Sprintf("对方 %s 元，系统 %s 元", c.theirs, c.ours)
	if p, ok := c.implied(); ok {
		text += fmt.Sprintf("（按系统面积和月数折合对方单价 %s，系统 %s）", p.Round(4), c.group.ours[0].price)
	}
	return text
}

// gap names the difference: 差 0.85 元.
func (c comparison) gap() string { return fmt.Sprintf("差 %s 元", abs(c.theirs-c.ours)) }

// abs returns an amount without its sign.
func abs(f models.Fen) models.Fen { return max(f, -f) }

// samePeriods reports whether both sides part the days alike.
func (c comparison) samePeriods() bool {
	a, b := c.parted()
	return slices.Equal(a, b)
}

// parted returns the days of the bills of both sides, earliest first.
func (c comparison) parted() (theirs, ours []calc.Days) {
	for _, r := range c.group.theirs {
		theirs = append(theirs, calc.Days{From: r.FromOn, To: r.ToOn})
	}
	for _, o := range c.group.ours {
		ours = append(ours, o.days)
	}
	byDay := func(a, b calc.Days) int { return int(a.From - b.From) }
	slices.SortFunc(theirs, byDay)
	slices.SortFunc(ours, byDay)
	return theirs, ours
}

// periods names how both sides part the days.
func (c comparison) periods() string {
	theirs, ours := c.parted()
	name := func(list []calc.Days) string {
		return fmt.Sprintf("%d 笔（%s 至 %s）", len(list), list[0].From, list[len(list)-1].To)
	}
	return fmt.Sprintf("对方 %s，系统 %s", name(theirs), name(ours))
}

// twice looks for days that they bill twice.
func (c comparison) twice() (string, string) {
	theirs := slices.SortedFunc(slices.Values(c.group.theirs), func(a, b fees.ShadowRow) int { return int(a.FromOn - b.FromOn) })
	for i := 1; i < len(theirs); i++ {
		if a, b := theirs[i-1], theirs[i]; b.FromOn <= a.ToOn {
			return fees.CauseTwice, fmt.Sprintf("对方账期重叠：第 %d 行与第 %d 行，%s", min(a.RowNo, b.RowNo), max(a.RowNo, b.RowNo), c.gap())
		}
	}
	return "", ""
}

// stated looks at the figures that the file states. A figure that differs is a cause even if
// it does not explain the whole difference; the text says what is left.
func (c comparison) stated() (string, string) {
	first := c.group.ours[0]
	var with change
	cause, text := "", ""
	add := func(as, name string, theirs, ours decimal.Decimal) {
		if cause == "" {
			cause = as
		}
		text += fmt.Sprintf("%s：对方 %s，系统 %s，", name, theirs, ours)
	}
	d, ok := one(c.group.theirs, func(r fees.ShadowRow) string { return r.Area })
	if ok && first.kind == fees.MethodArea && !d.Equal(first.area) {
		with.area = &d
		add(fees.CauseArea, "面积", d, first.area)
	}
	p, ok := one(c.group.theirs, func(r fees.ShadowRow) string { return r.Price })
	if ok && first.price.IsPositive() && !p.Equal(first.price) {
		with.price = &p
		add(fees.CausePrice, "单价", p, first.price)
	}
	if d, ok := sumOf(c.group.theirs); ok && first.kind == fees.MethodMeter && !d.Equal(c.usage()) {
		with.usage = &d
		add(fees.CauseUsage, "用量", d, c.usage())
	}
	if cause == "" {
		return "", ""
	}
	text += c.gap()
	if !c.known() || len(c.group.ours) > 1 && with.usage != nil {
		return cause, text
	}
	if left := c.theirs - c.total(with); left != 0 {
		text += fmt.Sprintf("；其中 %s 元另有原因", abs(left))
	}
	return cause, text
}

// usage returns the usage of our bills.
func (c comparison) usage() (sum decimal.Decimal) {
	for _, o := range c.group.ours {
		sum = sum.Add(o.usage)
	}
	return sum
}

// one returns the figure that all rows of theirs have alike.
func one(rows []fees.ShadowRow, of func(fees.ShadowRow) string) (decimal.Decimal, bool) {
	text := of(rows[0])
	for _, r := range rows {
		if of(r) != text {
			return decimal.Decimal{}, false
		}
	}
	d, err := decimal.NewFromString(text)
	return d, err == nil && d.IsPositive()
}

// sumOf returns their usage, if all rows state it.
func sumOf(rows []fees.ShadowRow) (sum decimal.Decimal, ok bool) {
	for _, r := range rows {
		d, err := decimal.NewFromString(r.Quantity)
		if err != nil {
			return sum, false
		}
		sum = sum.Add(d)
	}
	return sum, true
}

// remark looks for late fee that they name in a remark.
func (c comparison) remark() (string, string) {
	if c.theirs < c.ours || !slices.ContainsFunc(c.group.theirs, func(r fees.ShadowRow) bool { return r.HasLate }) {
		return "", ""
	}
	return fees.CauseLateFee, "对方备注有违约金（滞纳金），系统单独计算，" + c.gap()
}

// implied returns their price, as far as area and months are ours.
func (c comparison) implied() (decimal.Decimal, bool) {
	first := c.group.ours[0]
	if !c.known() || !first.periodic() || !first.price.IsPositive() {
		return decimal.Decimal{}, false
	}
	unit, exact := calc.One, decimal.Zero
	for _, o := range c.group.ours {
		exact = exact.Add(o.yuan(change{price: &unit}))
	}
	if !exact.IsPositive() {
		return decimal.Decimal{}, false
	}
	return decimal.New(int64(c.theirs), -2).DivRound(exact, 8), true
}

// impliedPrice looks for a price of at most two decimals that comes to their amount.
func (c comparison) impliedPrice() (string, string) {
	p, ok := c.implied()
	if !ok {
		return "", ""
	}
	short := p.Round(2)
	if c.total(change{price: &short}) != c.theirs {
		return "", ""
	}
	return fees.CausePrice, fmt.Sprintf("单价：对方折合 %s，系统 %s，%s", short.StringFixed(2), c.group.ours[0].price, c.gap())
}

// lateFeeDays looks for a number of days of late fee, at 日千分之三, that is the difference.
func (c comparison) lateFeeDays() (string, string) {
	rest, base := c.theirs-c.ours, decimal.New(int64(c.ours), -2)
	if rest <= 0 {
		return "", ""
	}
	rate := decimal.New(3, -3)
	for days := int64(1); days <= 366; days++ {
		switch fen := roundFen(base.Mul(rate).Mul(decimal.New(days, 0))); {
		case fen == rest:
			return fees.CauseLateFee, fmt.Sprintf("差额 %s 元等于 %d 天违约金（日 3‰），对方金额可能含违约金", rest, days)
		case fen > rest:
			return "", ""
		}
	}
	return "", ""
}

// cycle is the cause if the sides part the days differently and nothing else explains the
// difference.
func (c comparison) cycle() (string, string) {
	if c.samePeriods() {
		return "", ""
	}
	return fees.CauseCycle, "账期划分不同：" + c.periods() + "，" + c.gap()
}
