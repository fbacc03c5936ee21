package receipt

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/receipts"
	"wuyepay/paper"
)

// lateFees writes for each line with late fee how it was computed: a row for each run of
// days with the same principal, then [LateFeeText], which leads from their sum to what was
// paid. It writes nothing if no line has a computation.
func (p *Document) lateFees(d *paper.Doc) {
	var rows []paper.Row
	for _, l := range p.Lines {
		if l.Late == nil {
			continue
		}
		for _, s := range l.Late.Segments {
			rows = append(rows, paper.Row{
				Cells: []string{
					l.Item + " " + periodText(l), s.From.String() + " 至 " + s.To.String(), grouped(s.PrincipalFen), fmt.Sprint(s.Days),
					models.RateTextOf(l.Late.Rate), exactLate(s, l.Late.Rate),
				},
			})
		}
		rows = append(rows, paper.Row{Cells: []string{LateFeeText(l)}, Strong: true, Wide: true})
	}
	if len(rows) == 0 {
		return
	}
	d.Line("违约金计算（欠缴本金 × 日利率 × 天数）", 9.5, paper.Left)
	d.Table([]paper.Column{
		{Title: "收费项目与账期", Width: 34},
		{Title: "计算期间", Width: 26},
		{Title: "欠缴本金", Width: 13, Align: paper.Right},
		{Title: "天数", Width: 7, Align: paper.Right},
		{Title: "日利率", Width: 9, Align: paper.Right},
		{Title: "金额", Width: 13, Align: paper.Right},
	}, rows)
}

// LateFeeText returns, in Chinese, how the late fee that was paid follows from what had
// accrued: cap, days of grace, what was waived and what was paid before. The line must have
// a computation. Amounts are yuan; days are dates in Asia/Shanghai.
//
// The amount may be less than accrued less waived less paid, where the money did not reach
// for the whole late fee.
func LateFeeText(l receipts.ReceiptLine) string {
	f := l.Late
	text := "累计 " + grouped(f.AccruedFen)
	if f.CapShare != "" {
		text += "（上限为本金的 " + models.ShareTextOf(f.CapShare) + "，即 " + grouped(f.CapFen) + "）"
	}
	if f.GraceDays > 0 {
		text += fmt.Sprintf("，宽限 %d 天", f.GraceDays)
	}
	if f.WaivedFen != 0 {
		text += "，减免 " + grouped(f.WaivedFen)
	}
	if f.PaidFen != 0 {
		text += "，此前已缴 " + grouped(f.PaidFen)
	}
	return text + "，计算至 " + f.AsOf.String() + "，本次收取 " + grouped(l.LateFeeFen)
}

// exactLate returns the late fee of a run of days in yuan, not rounded: only the sum of all
// runs is, so that rounded rows might not add up to it. For example, 33.33 yuan at 0.0005
// for 1 day are 0.016665. It is empty if the rate is no number.
func exactLate(s receipts.ReceiptSegment, rate string) string {
	r, err := decimal.NewFromString(rate)
	if err != nil {
		return ""
	}
	return s.PrincipalFen.Yuan().Mul(r).Mul(decimal.New(int64(s.Days), 0)).String()
}

// periodText returns the period of a bill, both days included.
func periodText(l receipts.ReceiptLine) string {
	return l.PeriodStart.String() + " 至 " + l.PeriodEnd.String()
}

// grouped returns an amount in yuan as it stands on paper: 1,320.19, or -50.00.
func grouped(f models.Fen) string {
	s, sign := f.String(), ""
	if f < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - len(".00") - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}
