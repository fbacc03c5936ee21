package shadow

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// rounder is a way to round an amount of yuan.
type rounder struct {
	name   string
	places int32
	round  func(d decimal.Decimal, places int32) decimal.Decimal
}

// rounders are the ways that systems round by. The usual one, half up to fen, comes first.
var rounders = []rounder{
	{"四舍五入到分", 2, decimal.Decimal.Round},
	{"分以下舍去", 2, decimal.Decimal.RoundFloor},
	{"分以下进位", 2, decimal.Decimal.RoundCeil},
	{"四舍六入五成双", 2, decimal.Decimal.RoundBank},
	{"四舍五入到角", 1, decimal.Decimal.Round},
	{"角以下舍去", 1, decimal.Decimal.RoundFloor},
	{"四舍五入到元", 0, decimal.Decimal.Round},
	{"元以下舍去", 0, decimal.Decimal.RoundFloor},
}

// rounding looks for another way to round the same figures: by other rules, each month by
// itself, or all at once. For example, a year of 110.016 is 1320.19 at once, and 1320.24
// as twelve bills of 110.02.
func (c comparison) rounding() (string, string) {
	if !c.known() {
		return "", ""
	}
	exact := decimal.Zero
	var months []decimal.Decimal
	for _, o := range c.group.ours {
		exact = exact.Add(o.yuan(change{}))
		months = append(months, o.byMonth()...)
	}
	for _, r := range rounders {
		once := r.round(exact, r.places)
		if roundFen(once) == c.theirs {
			return fees.CauseRounding, fmt.Sprintf("取整：对方合计后一次取整（%s），精确值 %s，%s", r.name, exact.Round(4), c.gap())
		}
		sum := decimal.Zero
		for _, m := range months {
			sum = sum.Add(r.round(m, r.places))
		}
		if roundFen(sum) == c.theirs && len(months) > 0 {
			return fees.CauseRounding, fmt.Sprintf("取整：对方逐月取整（%s）后相加，共 %d 次，%s", r.name, len(months), c.gap())
		}
	}
	return "", ""
}

// byMonth returns the exact amounts of the months of a bill, and the whole bill if it is not
// by the month or has a share of vacancy.
func (o our) byMonth() (out []decimal.Decimal) {
	if !o.periodic() || o.vacant.Num != 0 {
		return []decimal.Decimal{o.yuan(change{})}
	}
	for p := monthOf(o.days.From); p.First() <= o.days.To; p = p.Plus(1) {
		part := o.days.Within(calc.Days{From: p.First(), To: p.Last()})
		m := calc.MonthsOf(part.From, part.To)
		out = append(out, o.yuan(change{months: &m}))
	}
	return out
}

// partMonth is another way to charge a month of which only some days count.
type partMonth struct {
	name   string
	months func(days, of int64) calc.Months
}

var partMonths = []partMonth{
	{"按整月", func(_, _ int64) calc.Months { return calc.WholeMonths(1) }},
	{"按半月", func(_, _ int64) calc.Months { return calc.Months{Num: 1, Den: 2} }},
	{"不足整月的部分不收", func(_, _ int64) calc.Months { return calc.WholeMonths(0) }},
	{"每月按 30 天", func(days, _ int64) calc.Months { return calc.Months{Num: days, Den: 30} }},
	{"按全年 365 天", func(days, _ int64) calc.Months { return calc.Months{Num: days * 12, Den: 365} }},
	{"少算一天", func(days, of int64) calc.Months { return calc.Months{Num: days - 1, Den: of} }},
	{"多算一天", func(days, of int64) calc.Months { return calc.Months{Num: days + 1, Den: of} }},
}

// firstMonth looks for a part of a month that they charge otherwise: where we count days, or
// where their days begin or end elsewhere than ours.
func (c comparison) firstMonth() (string, string) {
	if !c.known() || !c.group.ours[0].periodic() {
		return "", ""
	}
	for _, p := range partMonths {
		if sum, counted := c.withParts(p); counted != "" && sum == c.theirs {
			return fees.CauseFirst, fmt.Sprintf("首末月：对方%s，系统按 %s 折算，%s", p.name, counted, c.gap())
		}
	}
	hull := c.theirDays()
	if len(c.group.ours) > 1 || hull == c.group.ours[0].days {
		return "", ""
	}
	o := c.group.ours[0]
	byDay := partMonth{"按天", func(days, of int64) calc.Months { return calc.Months{Num: days, Den: of} }}
	for _, p := range append([]partMonth{byDay}, partMonths...) {
		m := monthsBy(hull, p)
		if roundFen(o.yuan(change{months: &m})) == c.theirs {
			return fees.CauseFirst, fmt.Sprintf("首末月：对方从 %s 到 %s（不足整月%s），系统从 %s 到 %s，%s",
				hull.From, hull.To, p.name, o.days.From, o.days.To, c.gap())
		}
	}
	return "", ""
}

// withParts returns what our bills come to with the part months charged otherwise. counted
// names the part months, and is empty if there are none.
func (c comparison) withParts(p partMonth) (sum models.Fen, counted string) {
	for _, o := range c.group.ours {
		m := calc.MonthsOf(o.days.From, o.days.To)
		if m.Broken() == "" || o.vacant.Num != 0 {
			sum = sum.Plus(o.fen)
			continue
		}
		counted = m.Broken()
		by := monthsBy(o.days, p)
		sum = sum.Plus(roundFen(o.yuan(change{months: &by})))
	}
	return sum, counted
}

// monthsBy returns days as months, with part months counted in a way.
func monthsBy(days calc.Days, p partMonth) calc.Months {
	sum := calc.WholeMonths(0)
	for m := monthOf(days.From); m.First() <= days.To; m = m.Plus(1) {
		part := days.Within(calc.Days{From: m.First(), To: m.Last()})
		n, of := int64(part.To-part.From)+1, int64(m.Last()-m.First())+1
		if n == of {
			sum = sum.Plus(calc.WholeMonths(1))
		} else {
			sum = sum.Plus(p.months(n, of))
		}
	}
	return sum
}

// vacancy looks for the share of a vacant or unsold room, which one side charges and the
// other does not.
func (c comparison) vacancy() (string, string) {
	if !c.known() || !c.group.ours[0].periodic() {
		return "", ""
	}
	first := c.group.ours[0]
	shared, ours := first.vacant.Num > 0 || !first.share.Equal(calc.One), "全价"
	if shared {
		ours = "比例"
	}
	if shared && c.total(change{fullPrice: true}) == c.theirs {
		return fees.CauseVacancy, "空置或未售：对方按全价，系统按比例，" + c.gap()
	}
	for _, tenths := range []int64{7, 5, 8, 6, 3, 9} {
		share := decimal.New(tenths, -1)
		if c.total(change{fullPrice: true, factor: &share}) == c.theirs {
			return fees.CauseVacancy, fmt.Sprintf("空置或未售：对方按 %d%% 收，系统按%s，%s", tenths*10, ours, c.gap())
		}
	}
	return "", ""
}
