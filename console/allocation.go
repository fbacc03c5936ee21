package console

import (
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/models"
)

// allocationPage is 试算: what a sum would do for a room before it is paid.
type allocationPage struct {
	Room      models.Room
	Community string
	Amount    string // as typed
	Payer     string // a billing.Side's OwnerID
	Sides     []billing.Side
	Error     string
	Plan      *billing.Allocation
}

var errAmount = models.Refusal(models.KindUnprocessable, "AMOUNT", "金额应为大于 0 的数字，最多两位小数，例如 500 或 500.00")

// typedFen reads an amount in yuan as people type it: 500, 1,320.19, 500元. It is
// never negative.
func typedFen(s string) (models.Fen, error) {
	text := strings.TrimSuffix(strings.ReplaceAll(models.HalfWidth(strings.TrimSpace(s)), ",", ""), "元")
	for _, r := range text {
		if (r < '0' || r > '9') && r != '.' { // no signs, no exponents
			return 0, errAmount
		}
	}
	d, err := decimal.NewFromString(text)
	if err != nil || len(text) > 20 || !d.Equal(d.Truncate(2)) {
		return 0, errAmount
	}
	fen, err := models.RoundFen(d)
	if err != nil {
		return 0, errAmount
	}
	return fen, nil
}

// sides are those who may pay for a room, with their names as the reader may see them.
func (c *call) sides(roomID string) ([]billing.Side, error) {
	out, err := billing.Sides(c.view, roomID)
	for i := range out {
		out[i].Owner.Name = c.ownerName(out[i].Owner.Name)
	}
	return out, err
}

// allocation shows how a sum would be divided over the bills of whoever pays it.
func (c *call) allocation() error {
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := allocationPage{Room: room, Community: community, Amount: strings.TrimSpace(c.r.URL.Query().Get("amount")), Payer: c.r.URL.Query().Get("payer")}
	if p.Sides, err = c.sides(room.ID); err != nil {
		return err
	}
	if p.Amount == "" {
		return c.render("allocation", "试算", p)
	}
	amount, err := typedFen(p.Amount)
	if err == nil {
		var plan billing.Allocation
		if plan, err = billing.PlanFor(c.view, room, p.Payer, amount); err == nil {
			p.Plan = &plan
		}
	}
	if e, ok := models.AsError(err); ok {
		p.Error = e.Message
		return c.renderAs(statusOf(e.Kind), "allocation", "试算", p)
	}
	if err != nil {
		return err
	}
	return c.render("allocation", "试算", p)
}
