package statement

import (
	"io"

	"wuyepay/models"
	"wuyepay/paper"
)

// grouped formats an amount of fen as yuan with thousands separators: 132019 is
// 1,320.19.
func grouped(f models.Fen) string {
	s := f.String()
	sign := ""
	if f < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - len(".00") - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// BalanceText formats a balance with its direction: 应缴 for a debt, 结余 for
// prepayment.
func BalanceText(f models.Fen) string {
	if f < 0 {
		return "结余 " + grouped(-f) + " 元"
	}
	return "应缴 " + grouped(f) + " 元"
}

// Party holds whom a statement is for, as printed.
type Party struct {
	Community string
	Owner     string
	MadeAt    models.Time
}

// WritePDF writes the statement as PDF: the parties, the balances, then a table
// of the lines between the opening and the closing balance. It returns the first
// error of the layout or of writing to w. Late fee that is accrued and unpaid is
// among the balances and not in the table.
func (s Statement) WritePDF(w io.Writer, p Party) error {
	d := paper.New("物业费对账单 "+s.Room.Name(), p.Community+" "+s.Room.Name()+" 对账单 "+s.From.String()+" 至 "+s.To.String())
	d.Line("物业费对账单", 18, paper.Center)
	d.Space(6)
	d.Facts([][2]string{{"小区", p.Community}, {"业主", p.Owner}, {"房屋", s.Room.Name()}, {"房号", s.Room.Code},
		{"期间", s.From.String() + " 至 " + s.To.String()}, {"制表时间", p.MadeAt.In(models.Shanghai).Format("2006-01-02 15:04")}})
	d.Rule()
	d.Facts([][2]string{{"期初余额", BalanceText(s.OpeningFen)}, {"本期增加", grouped(s.ChargeFen) + " 元"}, {"本期缴费及减少", grouped(s.PaidFen) + " 元"},
		{"期末账面余额", BalanceText(s.BookedFen)}, {"截至期末未缴违约金", grouped(s.LateDueFen) + " 元"}, {"期末余额（含违约金）", BalanceText(s.ClosingFen)},
		{"其中预存余额", grouped(s.PrepaidFen) + " 元"}})
	d.Line("金额单位：元", 8, paper.Right)
	rows := []paper.Row{{Cells: []string{s.From.String(), "期初余额", "", "", "", grouped(s.OpeningFen)}, Strong: true}}
	for _, l := range s.Lines {
		rows = append(rows, paper.Row{
			Cells: []string{l.On.String(), l.Text(), l.Period(), amountText(l.ChargeFen), amountText(l.PaidFen), grouped(l.BalanceFen)},
		})
	}
	rows = append(rows, paper.Row{
		Cells: []string{s.To.String(), "本期合计与期末账面余额", "", grouped(s.ChargeFen), grouped(s.PaidFen), grouped(s.BookedFen)}, Strong: true,
	})
	d.Table([]paper.Column{
		{Title: "日期", Width: 11.5},
		{Title: "摘要", Width: 30},
		{Title: "账期", Width: 22.5},
		{Title: "增加应缴", Width: 11.5, Align: paper.Right},
		{Title: "缴费或减少", Width: 11.5, Align: paper.Right},
		{Title: "余额", Width: 13, Align: paper.Right},
	}, rows)
	for _, note := range []string{
		"余额为应缴本金减去预存余额：正数为应缴，负数为结余。",
		"启用本系统前的欠费（期初欠费转入）列在其缴费截止日。",
		"违约金在缴纳时计入；截至期末已产生而未缴的违约金单独列出，计入期末余额。",
		"房屋过户后，各业主的对账单只含各自名下的账单；预存余额自过户日起随房屋转给新业主。"} {
		d.Line("注："+note, 8, paper.Left)
	}
	_, err := d.WriteTo(w)
	return err
}

// amountText formats an amount for a table; zero is empty.
func amountText(f models.Fen) string {
	if f == 0 {
		return ""
	}
	return grouped(f)
}
