package reconciliation

import (
	"fmt"
	"slices"
	"time"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/proof"
)

// calendarMonths is how many months the calendar offers.
const calendarMonths = 25

// calendarView is the page of a month of 微信对账.
type calendarView struct {
	Month   string // 2026-03
	Title   string // 2026年3月
	Months  []ui.Option
	Weeks   [][]calendarDay // Monday first; days of other months are empty
	Several bool            // more than one merchant: name them
	Export  string
}

type calendarDay struct {
	On    models.Date // zero for a day of another month
	Day   int
	Today bool
	Marks []mark
}

// mark is the state of a day of a merchant. The text repeats the tone, for people and
// printers without colours.
type mark struct {
	Merchant string
	Tone     string // clean, open, solved, signed or none
	Text     string
	Count    int // payments by WeChat's bill
}

// Calendar shows a month of 微信对账.
func Calendar(c *ui.Call) error {
	first, err := monthOf(c)
	if err != nil {
		return err
	}
	y, m, _ := first.Parts()
	marks, merchants, err := marksOf(c, first, models.NewDate(y, m+1, 1)-1)
	if err != nil {
		return err
	}
	v := calendarView{Month: first.String()[:7], Title: fmt.Sprintf("%d年%d月", y, int(m)), Months: months(c), Several: len(merchants) > 1,
		Export: "/staff/reconcile/export?month=" + first.String()[:7]}
	week := make([]calendarDay, (int(first.Weekday())+6)%7, 7) // the days before the first
	for on := first; sameMonth(on, first); on++ {
		_, _, d := on.Parts()
		week = append(week, calendarDay{On: on, Day: d, Today: on == c.View.Today(), Marks: marks[on]})
		if len(week) == 7 {
			v.Weeks, week = append(v.Weeks, week), nil
		}
	}
	if len(week) > 0 {
		v.Weeks = append(v.Weeks, append(week, make([]calendarDay, 7-len(week))...))
	}
	return c.Render("reconciliation/reconcile_calendar", "微信对账", v)
}

// monthOf returns the first day of the month that the query names. Without one it is the
// month of yesterday, the last day that can be reconciled.
func monthOf(c *ui.Call) (models.Date, error) {
	text := c.R.URL.Query().Get("month")
	if text == "" {
		text = (c.View.Today() - 1).String()[:7]
	}
	d, err := models.ParseDate(text + "-01")
	if err != nil {
		return 0, ui.ErrBadQuery
	}
	return d, nil
}

func months(c *ui.Call) []ui.Option {
	y, m, _ := c.View.Today().Parts()
	out := make([]ui.Option, calendarMonths)
	for i := range out {
		yy, mm, _ := models.NewDate(y, m-time.Month(i), 1).Parts()
		out[i] = ui.Option{Value: fmt.Sprintf("%04d-%02d", yy, int(mm)), Text: fmt.Sprintf("%d年%d月", yy, int(mm))}
	}
	return out
}

func sameMonth(a, b models.Date) bool {
	ay, am, _ := a.Parts()
	by, bm, _ := b.Parts()
	return ay == by && am == bm
}

// marksOf returns the marks of all merchants for each day that is over, and the names of the
// merchants.
func marksOf(c *ui.Call, first, last models.Date) (map[models.Date][]mark, []string, error) {
	runs, err := proof.Reconciliations(c.View, first, last)
	if err != nil {
		return nil, nil, err
	}
	counts, err := proof.FindingCounts(c.View, first, last)
	if err != nil {
		return nil, nil, err
	}
	type key struct {
		merchant string
		on       models.Date
	}
	ran, found := map[key]proof.Reconciliation{}, map[key]proof.FindingCount{}
	merchants := c.Pay.MerchantNames()
	for _, r := range runs {
		ran[key{r.Merchant, r.BillOn}] = r
		if !slices.Contains(merchants, r.Merchant) { // one that is no longer configured
			merchants = append(merchants, r.Merchant)
		}
	}
	for _, f := range counts {
		found[key{f.Merchant, f.BillOn}] = f
	}
	out := map[models.Date][]mark{}
	for on := first; on <= last && on < c.View.Today(); on++ {
		for _, m := range merchants {
			r, done := ran[key{m, on}]
			mk := markOf(done, r, found[key{m, on}])
			mk.Merchant, mk.Count = m, r.TheirsCount
			out[on] = append(out[on], mk)
		}
	}
	return out, merchants, nil
}

func markOf(done bool, r proof.Reconciliation, f proof.FindingCount) mark {
	switch {
	case f.Open > 0:
		return mark{Tone: "open", Text: fmt.Sprintf("%d 差异", f.Open)}
	case !done:
		return mark{Tone: "none", Text: "未对账"}
	case r.Signed():
		return mark{Tone: "signed", Text: "已签核"}
	case f.All > 0:
		return mark{Tone: "solved", Text: "已处理"}
	}
	return mark{Tone: "clean", Text: "一致"}
}

// ExportCalendar sends the runs of a month as a workbook.
func ExportCalendar(c *ui.Call) error {
	first, err := monthOf(c)
	if err != nil {
		return err
	}
	y, m, _ := first.Parts()
	header := []string{"日期", "商户", "我方笔数", "我方金额（元）", "微信笔数", "微信金额（元）", "微信退款笔数", "微信退款金额（元）", "手续费（元）", "应到账（元）", "对账次数", "最近对账",
		"按费率应收手续费（元）", "资金账单", "资金账单收入（元）", "资金账单退款（元）", "资金账单手续费（元）", "资金账单净额（元）", "其他转入（元）", "其他转出（元）", "签核人", "签核时间",
		"其中其他业务笔数", "其他业务金额（元）", "其他业务退款笔数", "其他业务退款金额（元）", "其他业务手续费（元）"}
	return c.Export("微信对账", "", header, func(b *ui.Workbook) error {
		runs, err := proof.Reconciliations(c.View, first, models.NewDate(y, m+1, 1)-1)
		if err != nil {
			return err
		}
		foreign, err := proof.ForeignDays(c.View, first, models.NewDate(y, m+1, 1)-1)
		if err != nil {
			return err
		}
		other := map[string]proof.ForeignDay{}
		for _, f := range foreign {
			other[f.BillOn.String()+f.Merchant] = f
		}
		for _, r := range runs {
			f := other[r.BillOn.String()+r.Merchant]
			if f.FeeFen == "" {
				f.FeeFen = "0"
			}
			if err := b.Row(ui.DayCell(r.BillOn), r.Merchant, r.OursCount, sheet.Yuan(r.OursFen), r.TheirsCount, sheet.Yuan(r.TheirsFen),
				r.TheirRefunds, sheet.Yuan(r.TheirRefundsFen), words.FeeYuan(r.FeeFen), words.FeeYuan(r.NetFen), r.Runs, words.At(r.RanAt),
				words.FeeYuan(r.FeeExpectedFen), flowWords[r.FlowState], sheet.Yuan(r.FlowPaidFen), sheet.Yuan(r.FlowReturnedFen),
				sheet.Yuan(r.FlowFeeFen), sheet.Yuan(r.FlowNetFen), sheet.Yuan(r.FlowOtherInFen), sheet.Yuan(r.FlowOtherOutFen),
				r.SignedName, words.At(r.SignedAt), f.Payments, sheet.Yuan(f.PaidFen), f.Refunds, sheet.Yuan(f.RefundsFen),
				words.FeeYuan(f.FeeFen)); err != nil {
				return err
			}
		}
		return nil
	})
}
