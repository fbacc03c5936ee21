package console

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/payment"
)

// dayPage is 日结: a day's cashiers and channels, what is booked and what was counted.
type dayPage struct {
	On     models.Date
	All    bool // everybody's, not only one's own
	Rows   []dayRow
	Left   []models.DeskDayLine // earlier days that nobody closed
	Export string
	Error  string
}

type dayRow struct {
	models.DeskDayLine
	Counted string // typed into a form that was refused
	Reason  string
}

// staffSeen is whose days one sees: a cashier their own.
func (c *call) staffSeen() string {
	if c.staff.Role == models.RoleCashier {
		return c.staff.ID
	}
	return ""
}

func (c *call) dayClose() error { return c.showDay(200, payment.DayCount{}, "", "") }

// showDay shows a day; of a form that was refused, what was typed.
func (c *call) showDay(status int, n payment.DayCount, counted, refusal string) error {
	on := n.On
	if on.IsZero() {
		var err error
		if on, err = c.dayOf("on"); err != nil {
			return err
		}
	}
	if on.IsZero() {
		on = c.view.Today()
	}
	p := dayPage{On: on, All: c.staffSeen() == "", Export: "/staff/dayclose/export?on=" + on.String(), Error: refusal}
	days, err := c.view.DeskDays(on, c.staffSeen())
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
	if p.Left, err = c.view.OpenDeskDays(c.view.Today(), c.staffSeen()); err != nil {
		return err
	}
	return c.renderAs(status, "dayclose", "日结", p)
}

// closeDay closes one line of the day.
func (c *call) closeDay() error {
	if err := c.form(); err != nil {
		return err
	}
	on, err := models.ParseDate(c.field("on"))
	if err != nil {
		return errBadForm
	}
	n := payment.DayCount{CommunityID: c.field("community"), StaffID: c.field("staff"), Channel: c.field("channel"), On: on, Reason: c.field("reason")}
	if n.CountedFen, err = signedFen(c.field("counted")); err == nil {
		if n.ShownFen, err = signedFen(c.field("shown")); err == nil {
			_, err = c.Pay.CloseDay(c.r.Context(), c.staff, n)
		}
	}
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		return c.showDay(statusOf(e.Kind), n, c.field("counted"), e.Message)
	}
	c.say("day_closed")
	return c.redirect("/staff/dayclose?on=" + on.String())
}

// signedFen is [typedFen] that may be below zero: on a day more can be given back
// than taken.
func signedFen(s string) (models.Fen, error) {
	text, minus := strings.CutPrefix(models.HalfWidth(strings.TrimSpace(s)), "-")
	fen, err := typedFen(text)
	if minus {
		fen = -fen
	}
	return fen, err
}

// exportDay sends a day's lines, closed and open.
func (c *call) exportDay() error {
	on, err := c.dayOf("on")
	if err != nil {
		return err
	}
	if on.IsZero() {
		on = c.view.Today()
	}
	header := []string{"日期", "小区", "收款员", "收款方式", "收款笔数", "收款（元）", "冲正笔数", "冲正（元）", "账面净额（元）", "状态", "实点（元）", "差异（元）", "差异原因", "日结人", "日结时间"}
	return c.export("日结", "", header, func(b *workbook) error {
		days, err := c.view.DeskDays(on, c.staffSeen())
		if err != nil {
			return err
		}
		for _, d := range days {
			var counted, differs any
			if d.Status == models.DeskDayClosed {
				counted, differs = sheet.Yuan(d.CountedFen), sheet.Yuan(d.DifferenceFen())
			}
			if err := b.Row(day(d.DayOn), d.Community, d.StaffName, word(models.ChannelNames, d.Channel), d.BookedCount, sheet.Yuan(d.BookedFen), d.ReversedCount,
				sheet.Yuan(d.ReversedFen), sheet.Yuan(d.NetFen()), word(dayWords, d.Status), counted, differs, d.Reason, d.ClosedName, at(d.ClosedAt)); err != nil {
				return err
			}
		}
		return nil
	})
}
