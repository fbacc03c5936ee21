package rooms

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// allocationPage is the page 试算: what a sum would settle in a room.
type allocationPage struct {
	Room      estate.Room
	Community string
	Amount    string // as typed
	Payer     string // a billing.Side's OwnerID
	Sides     []billing.Debtor
	Error     string
	Plan      *billing.AllocationPreview
}

// sides returns those who may pay for a room, with their names as the role may read them.
func sides(c *ui.Call, roomID string) ([]billing.Debtor, error) {
	out, err := billing.Debtors(c.View, roomID)
	for i := range out {
		out[i].Owner.Name = c.OwnerName(out[i].Owner.Name)
	}
	return out, err
}

// Allocation shows how a sum would be divided over the bills of the side that pays it.
func Allocation(c *ui.Call) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	p := allocationPage{Room: room, Community: community, Amount: strings.TrimSpace(c.R.URL.Query().Get("amount")),
		Payer: c.R.URL.Query().Get("payer")}
	if p.Sides, err = sides(c, room.ID); err != nil {
		return err
	}
	if p.Amount == "" {
		return c.Render("rooms/room_allocation", "试算", p)
	}
	amount, err := ui.TypedFen(p.Amount)
	if err == nil {
		var plan billing.AllocationPreview
		if plan, err = billing.PreviewAllocation(c.View, room, p.Payer, amount); err == nil {
			p.Plan = &plan
		}
	}
	if e, ok := models.AsError(err); ok {
		p.Error = e.Message
		return c.RenderAs(ui.StatusOf(e.Kind), "rooms/room_allocation", "试算", p)
	}
	if err != nil {
		return err
	}
	return c.Render("rooms/room_allocation", "试算", p)
}
