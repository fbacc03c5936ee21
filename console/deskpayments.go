package console

import (
	"slices"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// deskList is a page of 收款流水.
type deskList struct {
	On, Channel, Voucher string
	Mine                 bool
	Channels             []choice
	Rows                 []models.DeskLine
	Pager                pager
}

// deskFilter reads what the list is narrowed to.
func (c *call) deskFilter() (models.DeskFilter, error) {
	q := c.r.URL.Query()
	f := models.DeskFilter{Scope: c.scope(), Voucher: strings.ToUpper(strings.TrimSpace(q.Get("voucher"))), Limit: pageSize + 1}
	if q.Get("mine") == "1" {
		f.StaffID = c.staff.ID
	}
	var err error
	if f.Channel, err = c.oneOf("channel", choices(models.ChannelNames, models.DeskChannels...)); err != nil {
		return f, err
	}
	f.On, err = c.dayOf("on")
	return f, err
}

func (c *call) deskPayments() error {
	f, err := c.deskFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	rows, err := c.view.DeskLines(f)
	if err != nil {
		return err
	}
	out := deskList{On: f.On.String(), Channel: f.Channel, Voucher: f.Voucher, Mine: f.StaffID != "", Channels: choices(models.ChannelNames, models.DeskChannels...)}
	out.Rows, out.Pager = cut(c, rows, models.DeskLine.Cursor)
	return c.render("deskpayments", "收款流水", out)
}

func (c *call) exportDeskPayments() error {
	f, err := c.deskFilter()
	if err != nil {
		return err
	}
	header := []string{"小区", "房号", "收款日期", "收款方式", "金额（元）", "其中转入预存（元）", "凭证号", "备注", "收款员", "登记时间", "冲正日", "冲正原因", "冲正人", "冲正时间"}
	return c.export("收款流水", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.DeskLine, error) {
			f.After, f.Limit = after, limit
			return c.view.DeskLines(f)
		}
		return eachPage(read, models.DeskLine.Cursor, func(l models.DeskLine) error {
			v := l.Reversal
			return b.Row(l.Community, l.Room.Code, day(l.DayOn), word(models.ChannelNames, l.Channel), sheet.Yuan(l.AmountFen), sheet.Yuan(l.SurplusFen), l.VoucherNo, l.PayerNote,
				l.StaffName, at(l.CreatedAt), day(v.DayOn), v.Reason, v.ByName, at(v.CreatedAt))
		})
	})
}

// deskPayment is one payment of the desk: what it settled, to print, and who undid it.
type deskPayment struct {
	Line   models.DeskLine
	Parts  []deskPart
	Error  string
	Reason string
}

// deskPart is what the payment settled of a bill.
type deskPart struct {
	Bill         models.Bill
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
}

// TotalFen is both together.
func (p deskPart) TotalFen() models.Fen { return p.PrincipalFen + p.LateFeeFen }

func (c *call) deskPayment() error { return c.showDeskPayment(200, "", "") }

func (c *call) showDeskPayment(status int, refusal, reason string) error {
	line, err := c.view.DeskLineByID(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := deskPayment{Line: line, Error: refusal, Reason: reason}
	settled, err := c.view.AllocationsByBill(line.PaymentID)
	if err != nil {
		return err
	}
	for id, list := range settled {
		part := deskPart{}
		for _, a := range list {
			if a.PrincipalFen+a.LateFeeFen > 0 { // what it brought, also where it was taken off again
				part.PrincipalFen += a.PrincipalFen
				part.LateFeeFen += a.LateFeeFen
			}
		}
		if part.Bill, err = c.view.BillByID(id); err != nil {
			return err
		}
		p.Parts = append(p.Parts, part)
	}
	slices.SortFunc(p.Parts, func(a, b deskPart) int {
		if a.Bill.DueOn != b.Bill.DueOn {
			return int(a.Bill.DueOn - b.Bill.DueOn)
		}
		return strings.Compare(a.Bill.ID, b.Bill.ID)
	})
	return c.renderAs(status, "deskpayment", "收款详情", p)
}

// reverseDesk undoes a payment of the desk.
func (c *call) reverseDesk() error {
	if err := c.form(); err != nil {
		return err
	}
	_, err := c.Pay.ReverseAtDesk(c.r.Context(), c.staff, c.r.PathValue("id"), c.field("reason"))
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		return c.showDeskPayment(statusOf(e.Kind), e.Message, c.field("reason"))
	}
	c.say("desk_reversed")
	return c.redirect("/staff/desk/payments/" + c.r.PathValue("id"))
}
