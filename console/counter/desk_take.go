package counter

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/payment"
)

// deskForm is the form 收款: what is owed, what is paid, and what that would do. Nothing is
// booked before its effect was shown.
type deskForm struct {
	Room      estate.Room
	Community string
	Owners    []ui.OwnerLine
	Arrears   billing.Arrears
	Bills     []ui.BillLine
	Chosen    map[string]bool
	Channels  []ui.Option
	Channel   string
	Amount    string // yuan, as typed
	Voucher   string
	PaidOn    string
	Note      string
	FormKey   string
	Plan      *billing.AllocationPreview // shown: it can be booked
	Waiting   []string                   // batches in which a bank may still collect from the room
	Error     string
}

// TakePage shows what a room owes and the empty form of a payment.
func TakePage(c *ui.Call) error {
	return showDesk(c, 200, deskForm{Channel: money.ChannelCash, PaidOn: c.View.Today().String(), FormKey: models.NewID(),
		Chosen: map[string]bool{}})
}

// showDesk shows the form with what the room owes.
func showDesk(c *ui.Call, status int, f deskForm) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	f.Room, f.Community, f.Channels = room, community, ui.Options(money.ChannelNames, money.DeskChannels...)
	if f.Owners, err = c.OwnersToday(room); err != nil {
		return err
	}
	if f.Arrears, err = billing.RoomArrears(c.View, room.ID); err != nil {
		return err
	}
	if f.Waiting, err = desk.WaitingBatchesOfRoom(c.View, room.ID); err != nil {
		return err
	}
	if f.Bills, err = ui.BillLines(f.Arrears.Bills); err != nil {
		return err
	}
	return c.RenderAs(status, "counter/desk_take", "收款", f)
}

// Take shows the effect of what is in the form, or books what was shown.
func Take(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f := deskForm{Channel: c.Field("channel"), Amount: strings.TrimSpace(c.Field("amount")),
		Voucher: strings.TrimSpace(c.Field("voucher")), PaidOn: c.Field("paid_on"), Note: c.Field("note"), FormKey: c.Field("form_key"),
		Chosen: map[string]bool{}}
	for _, id := range c.R.Form["bill"] {
		f.Chosen[id] = true
	}
	req, err := deskRequest(c, &f)
	if err == nil && c.Field("do") == "book" {
		var r payment.DeskReceipt
		if r, err = c.Pay.TakeAtDesk(c.R.Context(), c.Staff, req); err == nil {
			if c.Say("desk_taken"); r.Repeat {
				c.Say("desk_repeat")
			}
			return c.Redirect("/staff/desk/payments/" + r.Payment.ID)
		}
	}
	if err == nil {
		var plan billing.AllocationPreview
		if plan, err = c.Pay.PreviewDesk(c.R.Context(), c.Staff, req); err == nil {
			f.Plan = &plan
		}
	}
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		f.Error = e.Message
		return showDesk(c, ui.StatusOf(e.Kind), f)
	}
	return showDesk(c, 200, f)
}

// deskRequest returns what the form asks for.
func deskRequest(c *ui.Call, f *deskForm) (payment.DeskRequest, error) {
	req := payment.DeskRequest{RoomID: c.R.PathValue("id"), Channel: f.Channel, VoucherNo: f.Voucher, PayerNote: f.Note, FormKey: f.FormKey}
	for id := range f.Chosen {
		req.BillIDs = append(req.BillIDs, id)
	}
	var err error
	if f.Amount != "" {
		if req.AmountFen, err = ui.TypedFen(f.Amount); err != nil {
			return req, err
		}
	}
	if req.PaidOn, err = models.ParseDate(f.PaidOn); err != nil {
		return req, payment.ErrPaidOn
	}
	if shown := c.Field("shown"); shown != "" {
		if req.ShownFen, err = ui.TypedFen(shown); err != nil {
			return req, ui.ErrBadForm
		}
	}
	return req, nil
}
