package console

import (
	"context"
	"errors"

	"wuyepay/billing"
	"wuyepay/models"
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

// chargePart is a room's part.
type chargePart struct {
	models.ChargeLine
	Room models.Room
}

func (c *call) charge() error {
	x, err := c.view.ChargeByID(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	m, err := c.view.CommunityByID(x.CommunityID)
	if err != nil {
		return err
	}
	v := chargeView{chargeLine: chargeLine{x, m.Name}}
	lines, err := c.view.ChargeLines(x.ID, 0, chargeShown+1)
	if err != nil {
		return err
	}
	lines, v.More = firstOf(lines, chargeShown)
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.RoomID
	}
	rooms, err := c.view.RoomsByID(ids)
	if err != nil {
		return err
	}
	for _, l := range lines {
		v.Parts = append(v.Parts, chargePart{l, rooms[l.RoomID]})
	}
	issued := x.Status == models.ChargeIssued
	v.Ask = issued && x.VoidKind == ""
	v.Decide = issued && x.VoidKind != "" && x.VoidAsked() != c.staff.Actor() && c.can(permApprove)
	return c.render("charge", x.Item, v)
}

func (c *call) askVoidCharge() error {
	if err := c.form(); err != nil {
		return err
	}
	return c.moveCharge("charge_void_asked", func(ctx context.Context, id string) error {
		return billing.AskVoidCharge(ctx, c.DB, c.staff.Actor(), id, c.field("reason"))
	})
}

func (c *call) decideVoidCharge() error {
	if err := c.form(); err != nil {
		return err
	}
	approve := c.field("approve") == "1"
	done := "charge_void_refused"
	if approve {
		done = "charge_void_approved"
	}
	return c.moveCharge(done, func(ctx context.Context, id string) error {
		err := billing.DecideVoidCharge(ctx, c.DB, c.staff.Actor(), id, approve)
		if err == nil && approve {
			c.workCharge(id)
		}
		return err
	})
}

// moveCharge does something to a charge; a refusal is said on its page.
func (c *call) moveCharge(done string, move func(ctx context.Context, id string) error) error {
	id := c.r.PathValue("id")
	err := move(c.r.Context(), id)
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		done, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.say(done)
	return c.redirect("/staff/charges/" + id)
}
