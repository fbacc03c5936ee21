package rooms

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// prepaidPage is the page 预存: what is kept for which fee item, and who moved it.
type prepaidPage struct {
	Room      estate.Room
	Community string
	Balances  []money.PrepaidBalance
	Items     []string
	Moves     []money.PrepaidMove
	Entries   []money.PrepaidEntry
	Short     *billing.PrepaidShort // nil: the next bills are covered
	More      bool
	Form      moveForm
	Error     string
}

type moveForm struct{ From, To, Amount, Reason string }

// Prepaid shows the prepayment of a room.
func Prepaid(c *ui.Call) error {
	return showPrepaid(c, 200, moveForm{}, "")
}

func showPrepaid(c *ui.Call, status int, form moveForm, refusal string) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	p := prepaidPage{Room: room, Community: community, Form: form, Error: refusal}
	balances, err := money.PrepaidBalances(c.View, []string{room.ID})
	if err != nil {
		return err
	}
	p.Balances = balances[room.ID]
	if p.Items, err = billing.PrepayItems(c.View, room); err != nil {
		return err
	}
	if p.Moves, err = money.PrepaidMoves(c.View, room.ID, accountEntries); err != nil {
		return err
	}
	short, err := billing.ShortPrepayments(c.View, []string{room.ID})
	if err != nil {
		return err
	}
	if len(short) == 1 {
		p.Short = &short[0]
	}
	entries, err := money.PrepaidEntries(c.View, room.ID, accountEntries+1)
	if err != nil {
		return err
	}
	p.Entries, p.More = ui.FirstOf(entries, accountEntries)
	return c.RenderAs(status, "rooms/room_prepaid", room.Name()+" 预存", p)
}

// MovePrepaid moves prepayment from one fee item to another.
func MovePrepaid(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	room, _, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	f := moveForm{From: c.Field("from"), To: c.Field("to"), Amount: strings.TrimSpace(c.Field("amount")),
		Reason: strings.TrimSpace(c.Field("reason"))}
	amount, err := ui.TypedFen(f.Amount)
	if err == nil {
		err = c.DB.Write(c.R.Context(), func(tx *store.Tx) error {
			return billing.MovePrepaid(tx, c.Staff.Actor(), c.Scope(), billing.PrepaidTransfer{RoomID: room.ID, FromItem: f.From,
				ToItem: f.To, AmountFen: amount, Reason: f.Reason})
		})
	}
	if e, ok := models.AsError(err); ok {
		return showPrepaid(c, ui.StatusOf(e.Kind), f, e.Message)
	}
	if err != nil {
		return err
	}
	c.Say("prepaid_moved")
	return c.Redirect("/staff/rooms/" + room.ID + "/prepaid")
}

// AskPrepaidRefund asks for prepayment to be returned, which another person approves.
func AskPrepaidRefund(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	room, _, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	amount, err := ui.TypedFen(c.Field("amount"))
	if err == nil {
		_, err = c.Requests.SubmitAsStaff(c.R.Context(), c.Staff, billing.NewRequest{Kind: fees.RequestRefund, RoomID: room.ID,
			AmountFen: amount, Text: c.Field("reason")})
	}
	if e, ok := models.AsError(err); ok {
		return showPrepaid(c, ui.StatusOf(e.Kind), moveForm{}, "申请退还："+e.Message)
	}
	if err != nil {
		return err
	}
	c.Say("request_sent")
	return c.Redirect("/staff/rooms/" + room.ID + "/prepaid")
}
