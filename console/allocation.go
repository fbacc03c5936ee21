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

// allocation shows how a sum would be divided over the room's bills.
func (c *call) allocation() error {
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := allocationPage{Room: room, Community: community, Amount: strings.TrimSpace(c.r.URL.Query().Get("amount"))}
	if p.Amount == "" {
		return c.render("allocation", "试算", p)
	}
	amount, err := typedFen(p.Amount)
	if err == nil {
		var plan billing.Allocation
		if plan, err = billing.Plan(c.view, room, amount); err == nil {
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
