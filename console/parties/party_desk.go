package parties

import (
	"bytes"
	"net/url"
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/payment"
	"wuyepay/payment/refund"
)

// deskForm is the form 合并收款: one sum, and what it would do. Nothing is booked before its
// effect was shown.
type deskForm struct {
	Party    billing.Party
	Channels []ui.Option
	Channel  string
	Amount   string // yuan, as typed
	Voucher  string
	PaidOn   string
	Note     string
	FormKey  string
	Plan     *billing.PartyPlan // shown: it can be booked
	Error    string
}

// TakePage shows what a developer owes and the empty form of a payment.
func TakePage(c *ui.Call) error {
	return showDesk(c, 200, deskForm{Channel: money.ChannelTransfer, PaidOn: c.View.Today().String(), FormKey: models.NewID()})
}

func showDesk(c *ui.Call, status int, f deskForm) error {
	p, err := load(c)
	if err != nil {
		return err
	}
	f.Party, f.Channels = p.Party, ui.Options(money.ChannelNames, money.DeskChannels...)
	return c.RenderAs(status, "parties/party_desk", "合并收款", f)
}

// Take shows the effect of what is in the form, or books what was shown.
func Take(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	if _, err := estate.DeveloperByOwner(c.View, c.R.PathValue("id")); err != nil {
		return err
	}
	f := deskForm{Channel: c.Field("channel"), Amount: strings.TrimSpace(c.Field("amount")), Voucher: strings.TrimSpace(c.Field("voucher")),
		PaidOn: c.Field("paid_on"), Note: c.Field("note"), FormKey: c.Field("form_key")}
	req, err := partyRequest(c, &f)
	if err == nil && c.Field("do") == "book" {
		c.LongWork()
		var r payment.PartyReceipt
		if r, err = c.Pay.TakeFromParty(c.R.Context(), c.Staff, req); err == nil {
			if c.Say("desk_taken"); r.Repeat {
				c.Say("desk_repeat")
			}
			return c.Redirect("/staff/groups/" + r.Group.ID)
		}
	}
	if err == nil {
		var plan billing.PartyPlan
		if plan, err = c.Pay.PreviewParty(c.R.Context(), c.Staff, req); err == nil {
			f.Plan = &plan
		}
	}
	if err == nil {
		return showDesk(c, 200, f)
	}
	e, refused := models.AsError(err)
	if !refused || e.Kind == models.KindNotFound {
		return err
	}
	f.Error = e.Message
	return showDesk(c, ui.StatusOf(e.Kind), f)
}

func partyRequest(c *ui.Call, f *deskForm) (payment.PartyRequest, error) {
	req := payment.PartyRequest{OwnerID: c.R.PathValue("id"), Channel: f.Channel, VoucherNo: f.Voucher, PayerNote: f.Note,
		FormKey: f.FormKey, Seen: c.Field("seen")}
	var err error
	if req.AmountFen, err = ui.TypedFen(f.Amount); err != nil {
		return req, err
	}
	if req.PaidOn, err = models.ParseDate(f.PaidOn); err != nil {
		return req, payment.ErrPaidOn
	}
	return req, nil
}

// groupPage is the page of one sum that a party has paid.
type groupPage struct {
	desk.DeskGroup
	Owner    string
	Lines    []desk.DeskLine
	Reversal *desk.DeskLine // a line that is undone, as all are then
	Error    string
	Reason   string
}

// Group shows one sum that a party has paid, room by room.
func Group(c *ui.Call) error { return showGroup(c, 200, "", "") }

func showGroup(c *ui.Call, status int, refusal, reason string) error {
	g, err := desk.DeskGroupByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	o, err := estate.OwnerByID(c.View, g.OwnerID)
	if err != nil {
		return err
	}
	p := groupPage{DeskGroup: g, Owner: c.OwnerName(o.Name), Error: refusal, Reason: reason}
	if p.Lines, err = desk.GroupLines(c.View, g.ID); err != nil {
		return err
	}
	if len(p.Lines) > 0 && p.Lines[0].Reversal.ID != "" {
		p.Reversal = &p.Lines[0]
	}
	return c.RenderAs(status, "parties/group_page", "合并收款 "+g.No, p)
}

// ReverseGroup undoes one sum that a party has paid.
func ReverseGroup(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	c.LongWork()
	id := c.R.PathValue("id")
	err := refund.ReverseGroup(c.R.Context(), c.Pay, c.Staff, id, c.Field("reason"))
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		return showGroup(c, ui.StatusOf(e.Kind), e.Message, c.Field("reason"))
	}
	c.Say("desk_reversed")
	return c.Redirect("/staff/groups/" + id)
}

// GroupReceipt sends the one receipt of a sum as a PDF.
func GroupReceipt(c *ui.Call) error {
	c.LongWork()
	p, err := c.Pay.Receipts.GroupReceipt(c.R.Context(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	p.Owner = c.OwnerName(p.Owner)
	var b bytes.Buffer
	if err := p.WritePDF(&b); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="receipt.pdf"; filename*=UTF-8''`+url.PathEscape("收据-"+p.Group.No+".pdf"))
	c.W.Write(b.Bytes())
	return nil
}
