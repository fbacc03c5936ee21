package counter

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/desk"
	"wuyepay/models/money"
)

// deskList is the page 收款流水.
type deskList struct {
	On, Channel, Voucher string
	Mine                 bool
	Channels             []ui.Option
	Rows                 []desk.DeskLine
	Pager                ui.Pager
}

// deskFilter returns the filter that the query names.
func deskFilter(c *ui.Call) (desk.DeskFilter, error) {
	q := c.R.URL.Query()
	f := desk.DeskFilter{Scope: c.Scope(), Voucher: strings.ToUpper(strings.TrimSpace(q.Get("voucher"))), Limit: ui.PageSize + 1}
	if q.Get("mine") == "1" {
		f.StaffID = c.Staff.ID
	}
	var err error
	if f.Channel, err = c.QueryOption("channel", ui.Options(money.ChannelNames, money.DeskChannels...)); err != nil {
		return f, err
	}
	f.On, err = c.QueryDay("on")
	return f, err
}

// Payments shows a page of 收款流水.
func Payments(c *ui.Call) error {
	f, err := deskFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := desk.DeskLines(c.View, f)
	if err != nil {
		return err
	}
	out := deskList{On: f.On.String(), Channel: f.Channel, Voucher: f.Voucher, Mine: f.StaffID != "",
		Channels: ui.Options(money.ChannelNames, money.DeskChannels...)}
	out.Rows, out.Pager = ui.Cut(c, rows, desk.DeskLine.Cursor)
	return c.Render("counter/desk_payment_list", "收款流水", out)
}

// ExportPayments sends the list as a workbook.
func ExportPayments(c *ui.Call) error {
	f, err := deskFilter(c)
	if err != nil {
		return err
	}
	header := []string{"小区", "房号", "收款日期", "收款方式", "金额（元）", "其中转入预存（元）", "凭证号", "备注", "收款员", "登记时间", "冲正日", "冲正原因", "冲正人", "冲正时间"}
	return c.Export("收款流水", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]desk.DeskLine, error) {
			f.After, f.Limit = after, limit
			return desk.DeskLines(c.View, f)
		}
		return ui.EachPage(read, desk.DeskLine.Cursor, func(l desk.DeskLine) error {
			v := l.Reversal
			return b.Row(l.Community, l.Room.Code, ui.DayCell(l.DayOn), words.Of(money.ChannelNames, l.Channel), sheet.Yuan(l.AmountFen),
				sheet.Yuan(l.SurplusFen), l.VoucherNo, l.PayerNote, l.StaffName, words.At(l.CreatedAt), ui.DayCell(v.DayOn), v.Reason,
				v.ByName,
				words.At(v.CreatedAt))
		})
	})
}
