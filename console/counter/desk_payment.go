package counter

import (
	"slices"
	"strings"

	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/payment/refund"
)

// deskPayment is the page of one payment at the desk: what it settled, and who undid it.
type deskPayment struct {
	Line   desk.DeskLine
	Parts  []deskPart
	Error  string
	Reason string
}

// deskPart is what the payment settled of a bill.
type deskPart struct {
	Bill         fees.Bill
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
}

// TotalFen returns the sum of both.
func (p deskPart) TotalFen() models.Fen { return p.PrincipalFen + p.LateFeeFen }

// Payment shows a payment taken at the desk.
func Payment(c *ui.Call) error { return showDeskPayment(c, 200, "", "") }

func showDeskPayment(c *ui.Call, status int, refusal, reason string) error {
	line, err := desk.DeskLineByID(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	p := deskPayment{Line: line, Error: refusal, Reason: reason}
	settled, err := money.AllocationsByBill(c.View, line.PaymentID)
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
		if part.Bill, err = fees.BillByID(c.View, id); err != nil {
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
	return c.RenderAs(status, "counter/desk_payment", "收款详情", p)
}

// Reverse undoes a payment at the desk.
func Reverse(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	_, err := refund.ReverseAtDesk(c.R.Context(), c.Pay, c.Staff, c.R.PathValue("id"), c.Field("reason"))
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		return showDeskPayment(c, ui.StatusOf(e.Kind), e.Message, c.Field("reason"))
	}
	c.Say("desk_reversed")
	return c.Redirect("/staff/desk/payments/" + c.R.PathValue("id"))
}
