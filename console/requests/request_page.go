package requests

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
)

// requestPage is the page of one request: what is asked for, what it would do, and the
// answer.
type requestPage struct {
	requestLine
	Bills     []ui.BillLine
	Refunds   []money.Refund // that an approved refund of prepayment has led to
	Preview   billing.RequestPreview
	Refused   string // why it cannot be granted as things stand
	MayDecide bool
	Own       bool   // asked for by the reader
	Typed     string // the note of a form that was refused
	Error     string
}

// Request shows one request.
func Request(c *ui.Call) error { return showRequest(c, 200, requestPage{}) }

func showRequest(c *ui.Call, status int, p requestPage) error {
	r, err := fees.ScopedRequest(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if p.requestLine, err = newRequestLine(c, r); err != nil {
		return err
	}
	if p.Bills, err = billsOf(c, r.BillIDs); err != nil {
		return err
	}
	if r.Kind == fees.RequestRefund {
		if p.Refunds, err = money.RefundsOfRequest(c.View, r.ID); err != nil {
			return err
		}
	}
	p.Own = r.Asked.Kind == models.ActorStaff && r.Asked.ID == c.Staff.ID
	p.MayDecide = r.Status == fees.RequestOpen && !p.Own && billing.MayDecide(c.Staff, r.Kind)
	if r.Status == fees.RequestOpen && len(r.BillIDs) > 0 {
		p.Preview, err = billing.PreviewRequest(c.View, billing.NewRequest{Kind: r.Kind, RoomID: r.RoomID, BillIDs: r.BillIDs,
			AmountFen: r.AmountFen,
			Parts:     p.Parts, BreakDays: r.BreakDays})
		if e, ok := models.AsError(err); ok {
			p.Refused = e.Message
		} else if err != nil {
			return err
		}
	}
	return c.RenderAs(status, "requests/request_page", words.Of(words.Requests, r.Kind), p)
}

// billsOf returns bills with their figures in words, in the order of the ids.
func billsOf(c *ui.Call, ids []string) ([]ui.BillLine, error) {
	found, err := fees.BillsByIDs(c.View, ids)
	if err != nil {
		return nil, err
	}
	bills := make([]fees.Bill, 0, len(ids))
	for _, id := range ids {
		bills = append(bills, found[id])
	}
	states, err := billing.States(c.View, bills, c.View.Today())
	if err != nil {
		return nil, err
	}
	return ui.BillLines(states)
}

// Decide approves or rejects, as the button says.
func Decide(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	if _, err := fees.ScopedRequest(c.View, c.Scope(), c.R.PathValue("id")); err != nil {
		return err
	}
	d := billing.Decision{RequestID: c.R.PathValue("id"), Approve: c.Field("do") == "approve", Note: c.Field("note"),
		Frozen: c.Field("frozen") == "1"}
	if d.Approve == (c.Field("do") == "reject") { // neither button
		return ui.ErrBadForm
	}
	var err error
	if text := strings.TrimSpace(c.Field("amount")); text != "" {
		if d.AmountFen, err = ui.YuanField(text); err != nil {
			return showRequest(c, 400, requestPage{Typed: d.Note, Error: ui.ErrYuan.Message})
		}
	}
	_, err = c.Requests.Decide(c.R.Context(), c.Staff, d)
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		return showRequest(c, ui.StatusOf(e.Kind), requestPage{Typed: d.Note, Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.Say("request_decided")
	return c.Redirect("/staff/requests/" + d.RequestID)
}
