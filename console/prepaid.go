package console

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
)

// prepaidPage is a room's 预存: what is kept for which fee item, and who moved it.
type prepaidPage struct {
	Room      models.Room
	Community string
	Balances  []models.PrepaidBalance
	Items     []string
	Moves     []models.PrepaidMove
	Entries   []models.PrepaidEntry
	Short     *billing.PrepaidShort // nil: the next bills are covered
	More      bool
	Form      moveForm
	Error     string
}

// askRefund asks for prepayment to be given back; somebody else approves it.
func (c *call) askRefund() error {
	if err := c.form(); err != nil {
		return err
	}
	room, _, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	amount, err := typedFen(c.field("amount"))
	if err == nil {
		_, err = c.Requests.AskAsStaff(c.r.Context(), c.staff, billing.Asking{Kind: models.RequestRefund, RoomID: room.ID, AmountFen: amount, Text: c.field("reason")})
	}
	if e, ok := models.AsError(err); ok {
		return c.showPrepaid(statusOf(e.Kind), moveForm{}, "申请退还："+e.Message)
	}
	if err != nil {
		return err
	}
	c.say("request_sent")
	return c.redirect("/staff/rooms/" + room.ID + "/prepaid")
}

type moveForm struct{ From, To, Amount, Reason string }

func (c *call) prepaid() error {
	return c.showPrepaid(200, moveForm{}, "")
}

func (c *call) showPrepaid(status int, form moveForm, refusal string) error {
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := prepaidPage{Room: room, Community: community, Form: form, Error: refusal}
	balances, err := c.view.PrepaidBalances([]string{room.ID})
	if err != nil {
		return err
	}
	p.Balances = balances[room.ID]
	if p.Items, err = billing.PrepayItems(c.view, room); err != nil {
		return err
	}
	if p.Moves, err = c.view.PrepaidMoves(room.ID, accountEntries); err != nil {
		return err
	}
	short, err := billing.ShortPrepayments(c.view, []string{room.ID})
	if err != nil {
		return err
	}
	if len(short) == 1 {
		p.Short = &short[0]
	}
	entries, err := c.view.PrepaidEntries(room.ID, accountEntries+1)
	if err != nil {
		return err
	}
	p.Entries, p.More = firstOf(entries, accountEntries)
	return c.renderAs(status, "prepaid", room.Name()+" 预存", p)
}

// movePrepaid moves prepayment from one fee item to another.
func (c *call) movePrepaid() error {
	if err := c.form(); err != nil {
		return err
	}
	room, _, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	f := moveForm{From: c.field("from"), To: c.field("to"), Amount: strings.TrimSpace(c.field("amount")), Reason: strings.TrimSpace(c.field("reason"))}
	amount, err := typedFen(f.Amount)
	if err == nil {
		err = c.DB.Write(c.r.Context(), func(tx *models.Tx) error {
			return billing.MovePrepaid(tx, c.staff.Actor(), c.scope(), billing.PrepaidTransfer{RoomID: room.ID, FromItem: f.From, ToItem: f.To, AmountFen: amount, Reason: f.Reason})
		})
	}
	if e, ok := models.AsError(err); ok {
		return c.showPrepaid(statusOf(e.Kind), f, e.Message)
	}
	if err != nil {
		return err
	}
	c.say("prepaid_moved")
	return c.redirect("/staff/rooms/" + room.ID + "/prepaid")
}

// prepaidItem says what prepayment is kept for.
func prepaidItem(item string) string {
	if item == "" {
		return "通用"
	}
	return item
}
