package console

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/payment"
)

// deskFind is 收款台: find the room.
type deskFind struct {
	Query string
	Rows  []roomRow
	Pager pager
}

// findRoom is the first step at the desk. It shows no room before one is asked for.
func (c *call) findRoom() error {
	q := c.r.URL.Query()
	out := deskFind{Query: strings.TrimSpace(q.Get("q"))}
	if out.Query == "" {
		return c.render("desk", "收款台", out)
	}
	lines, err := c.view.RoomLines(models.RoomFilter{Scope: c.scope(), Text: out.Query, After: q.Get("after"), Limit: pageSize + 1})
	if err != nil {
		return err
	}
	lines, out.Pager = cut(c, lines, models.RoomLine.Cursor)
	for _, l := range lines {
		row, err := c.roomRow(l)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, row)
	}
	return c.render("desk", "收款台", out)
}

// deskForm is 收款: what is owed, what is paid, what it would do. Nothing is booked
// before its effect was shown.
type deskForm struct {
	Room      models.Room
	Community string
	Owners    []ownerLine
	Arrears   billing.Arrears
	Bills     []billLine
	Chosen    map[string]bool
	Channels  []choice
	Channel   string
	Amount    string // yuan, as typed
	Voucher   string
	PaidOn    string
	Note      string
	FormKey   string
	Plan      *billing.Allocation // shown: it can be booked
	Waiting   []string            // batches in which a bank may still collect from the room
	Error     string
}

func (c *call) deskRoom() error {
	return c.showDesk(200, deskForm{Channel: models.ChannelCash, PaidOn: c.view.Today().String(), FormKey: models.NewID(), Chosen: map[string]bool{}})
}

// showDesk fills in what the room owes.
func (c *call) showDesk(status int, f deskForm) error {
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	f.Room, f.Community, f.Channels = room, community, choices(models.ChannelNames, models.DeskChannels...)
	a := account{Room: room}
	if err := c.accountOwners(&a); err != nil {
		return err
	}
	f.Owners = a.Owners
	if f.Arrears, err = billing.RoomArrears(c.view, room.ID); err != nil {
		return err
	}
	if f.Waiting, err = c.view.WaitingBatchesOfRoom(room.ID); err != nil {
		return err
	}
	if f.Bills, err = billLines(f.Arrears.Bills); err != nil {
		return err
	}
	return c.renderAs(status, "deskroom", "收款", f)
}

// takeAtDesk shows the effect of what is in the form, or books what was shown.
func (c *call) takeAtDesk() error {
	if err := c.form(); err != nil {
		return err
	}
	f := deskForm{Channel: c.field("channel"), Amount: strings.TrimSpace(c.field("amount")), Voucher: strings.TrimSpace(c.field("voucher")), PaidOn: c.field("paid_on"),
		Note: c.field("note"), FormKey: c.field("form_key"), Chosen: map[string]bool{}}
	for _, id := range c.r.Form["bill"] {
		f.Chosen[id] = true
	}
	req, err := c.deskRequest(&f)
	if err == nil && c.field("do") == "book" {
		var r payment.DeskReceipt
		if r, err = c.Pay.TakeAtDesk(c.r.Context(), c.staff, req); err == nil {
			if c.say("desk_taken"); r.Repeat {
				c.say("desk_repeat")
			}
			return c.redirect("/staff/desk/payments/" + r.Payment.ID)
		}
	}
	if err == nil {
		var plan billing.Allocation
		if plan, err = c.Pay.PreviewDesk(c.r.Context(), c.staff, req); err == nil {
			f.Plan = &plan
		}
	}
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		f.Error = e.Message
		return c.showDesk(statusOf(e.Kind), f)
	}
	return c.showDesk(200, f)
}

// deskRequest reads the form.
func (c *call) deskRequest(f *deskForm) (payment.DeskRequest, error) {
	req := payment.DeskRequest{RoomID: c.r.PathValue("id"), Channel: f.Channel, VoucherNo: f.Voucher, PayerNote: f.Note, FormKey: f.FormKey}
	for id := range f.Chosen {
		req.BillIDs = append(req.BillIDs, id)
	}
	var err error
	if f.Amount != "" {
		if req.AmountFen, err = typedFen(f.Amount); err != nil {
			return req, err
		}
	}
	if req.PaidOn, err = models.ParseDate(f.PaidOn); err != nil {
		return req, payment.ErrPaidOn
	}
	if shown := c.field("shown"); shown != "" {
		if req.ShownFen, err = typedFen(shown); err != nil {
			return req, errBadForm
		}
	}
	return req, nil
}
