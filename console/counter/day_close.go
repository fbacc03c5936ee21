package counter

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment"
)

// dayPage is the page 日结: the cashiers and channels of a day, what is booked and what was
// counted.
type dayPage struct {
	On     models.Date
	All    bool // of all cashiers
	Rows   []dayRow
	Left   []desk.DeskDayLine // earlier days that nobody closed
	Export string
	Error  string
}

type dayRow struct {
	desk.DeskDayLine
	Counted string // typed into a form that was refused
	Reason  string
}

// staffSeen returns whose days the reader sees: a cashier their own, others those of all.
func staffSeen(c *ui.Call) string {
	if c.Staff.Role == office.RoleCashier {
		return c.Staff.ID
	}
	return ""
}

// DayClose shows 日结 of a day.
func DayClose(c *ui.Call) error { return showDay(c, 200, payment.DayCount{}, "", "") }

// showDay shows a day, with what was typed if a form was refused.
func showDay(c *ui.Call, status int, n payment.DayCount, counted, refusal string) error {
	on := n.On
	if on.IsZero() {
		var err error
		if on, err = c.QueryDay("on"); err != nil {
			return err
		}
	}
	if on.IsZero() {
		on = c.View.Today()
	}
	p := dayPage{On: on, All: staffSeen(c) == "", Export: "/staff/dayclose/export?on=" + on.String(), Error: refusal}
	days, err := desk.DeskDays(c.View, on, staffSeen(c))
	if err != nil {
		return err
	}
	for _, d := range days {
		row := dayRow{DeskDayLine: d}
		if d.StaffID == n.StaffID && d.Channel == n.Channel && d.CommunityID == n.CommunityID {
			row.Counted, row.Reason = counted, n.Reason
		}
		p.Rows = append(p.Rows, row)
	}
	if p.Left, err = desk.OpenDeskDays(c.View, c.View.Today(), staffSeen(c)); err != nil {
		return err
	}
	return c.RenderAs(status, "counter/day_close", "日结", p)
}

// CloseDay closes one line of the day.
func CloseDay(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	on, err := models.ParseDate(c.Field("on"))
	if err != nil {
		return ui.ErrBadForm
	}
	n := payment.DayCount{CommunityID: c.Field("community"), StaffID: c.Field("staff"), Channel: c.Field("channel"), On: on,
		Reason: c.Field("reason")}
	if n.CountedFen, err = signedFen(c.Field("counted")); err == nil {
		if n.ShownFen, err = signedFen(c.Field("shown")); err == nil {
			_, err = c.Pay.CloseDay(c.R.Context(), c.Staff, n)
		}
	}
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		return showDay(c, ui.StatusOf(e.Kind), n, c.Field("counted"), e.Message)
	}
	c.Say("day_closed")
	return c.Redirect("/staff/dayclose?on=" + on.String())
}

// signedFen is [ui.TypedFen] that can be negative: more can be returned on a day than taken.
func signedFen(s string) (models.Fen, error) {
	text, minus := strings.CutPrefix(models.HalfWidth(strings.TrimSpace(s)), "-")
	fen, err := ui.TypedFen(text)
	if minus {
		fen = -fen
	}
	return fen, err
}

// ExportDay sends the lines of a day as a workbook, closed and open.
func ExportDay(c *ui.Call) error {
	on, err := c.QueryDay("on")
	if err != nil {
		return err
	}
	if on.IsZero() {
		on = c.View.Today()
	}
	header := []string{"日期", "小区", "收款员", "收款方式", "收款笔数", "收款（元）", "冲正笔数", "冲正（元）", "账面净额（元）", "状态", "实点（元）", "差异（元）", "差异原因", "日结人",
		"日结时间"}
	return c.Export("日结", "", header, func(b *ui.Workbook) error {
		days, err := desk.DeskDays(c.View, on, staffSeen(c))
		if err != nil {
			return err
		}
		for _, d := range days {
			var counted, differs any
			if d.Status == desk.DeskDayClosed {
				counted, differs = sheet.Yuan(d.CountedFen), sheet.Yuan(d.DifferenceFen())
			}
			if err := b.Row(ui.DayCell(d.DayOn), d.Community, d.StaffName, words.Of(money.ChannelNames, d.Channel), d.BookedCount,
				sheet.Yuan(d.BookedFen), d.ReversedCount, sheet.Yuan(d.ReversedFen), sheet.Yuan(d.NetFen()), words.Of(dayWords, d.Status),
				counted, differs, d.Reason, d.ClosedName, words.At(d.ClosedAt)); err != nil {
				return err
			}
		}
		return nil
	})
}

// dayWords are the states of a cashier's day.
var dayWords = map[string]string{desk.DeskDayOpen: "未日结", desk.DeskDayClosed: "已日结"}
