package charging

import (
	"context"
	"errors"

	"wuyepay/billing/issuing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
)

// chargeShown is how many rooms of a charge are shown.
const chargeShown = 500

// chargeView is one charge with its rooms.
type chargeView struct {
	chargeLine
	Parts  []chargePart
	More   bool
	Ask    bool // may ask for it to be made void
	Decide bool // may approve or refuse that
}

// chargePart is the part of one room.
type chargePart struct {
	fees.ChargeLine
	Room estate.Room
}

// Charge shows a charge with the part of each room.
func Charge(c *ui.Call) error {
	x, err := fees.ChargeByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	m, err := estate.CommunityByID(c.View, x.CommunityID)
	if err != nil {
		return err
	}
	v := chargeView{chargeLine: chargeLine{x, m.Name}}
	lines, err := fees.ChargeLines(c.View, x.ID, 0, chargeShown+1)
	if err != nil {
		return err
	}
	lines, v.More = ui.FirstOf(lines, chargeShown)
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.RoomID
	}
	rooms, err := estate.RoomsByID(c.View, ids)
	if err != nil {
		return err
	}
	for _, l := range lines {
		v.Parts = append(v.Parts, chargePart{l, rooms[l.RoomID]})
	}
	issued := x.Status == fees.ChargeIssued
	v.Ask = issued && x.VoidAsked.Kind == ""
	v.Decide = issued && x.VoidAsked.Kind != "" && x.VoidAsked != c.Staff.Actor() && c.Can(office.PermApprove)
	return c.Render("charging/charge_page", x.Item, v)
}

// AskVoidCharge asks for a charge to be made void.
func AskVoidCharge(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	return moveCharge(c, "charge_void_asked", func(ctx context.Context, id string) error {
		return issuing.RequestVoidCharge(ctx, c.DB, c.Staff.Actor(), id, c.Field("reason"))
	})
}

// DecideVoidCharge approves or refuses that a charge is made void.
func DecideVoidCharge(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	approve := c.Field("approve") == "1"
	done := "charge_void_refused"
	if approve {
		done = "charge_void_approved"
	}
	return moveCharge(c, done, func(ctx context.Context, id string) error {
		err := issuing.DecideVoidCharge(ctx, c.DB, c.Staff, id, approve)
		if err == nil && approve {
			workCharge(c, id)
		}
		return err
	})
}

// moveCharge does something to a charge. Its page shows what came of it.
func moveCharge(c *ui.Call, done string, move func(ctx context.Context, id string) error) error {
	id := c.R.PathValue("id")
	err := move(c.R.Context(), id)
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		done, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.Say(done)
	return c.Redirect("/staff/charges/" + id)
}
