package handlers

import (
	"context"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
)

// PrepaymentOut is a room's prepayment.
type PrepaymentOut struct{ Body Prepayment }

// Prepayment is what is paid in advance for a room, by the fee item that it is kept
// for.
type Prepayment struct {
	RoomID     string           `json:"room_id"`
	PrepaidFen models.Fen       `json:"prepaid_fen" doc:"All of it"`
	Balances   []PrepaidBalance `json:"balances" doc:"Those that are not zero; general first"`
	Items      []string         `json:"items" doc:"Fee items for which POST /orders takes prepay_item"`
}

// PrepaidBalance is the prepayment for one fee item.
type PrepaidBalance struct {
	Item      string     `json:"item" doc:"Empty: for any fee item"`
	AmountFen models.Fen `json:"amount_fen"`
}

// Prepayment shows a room's prepayment by fee item.
func (a *API) Prepayment(ctx context.Context, in *RoomIn) (*PrepaymentOut, error) {
	view := a.DB.View(ctx)
	room, err := estate.BoundRoomOf(view, user(ctx).ID, in.RoomID)
	if err != nil {
		return nil, err
	}
	if !room.Owns(view.Today()) { // a tenant's or a former owner's it is not
		return &PrepaymentOut{Body: Prepayment{RoomID: room.ID, Balances: []PrepaidBalance{}, Items: []string{}}}, nil
	}
	balances, err := money.PrepaidBalances(view, []string{room.ID})
	if err != nil {
		return nil, err
	}
	out := Prepayment{RoomID: room.ID, Balances: make([]PrepaidBalance, len(balances[room.ID])), Items: []string{}}
	for i, b := range balances[room.ID] { // the sum of what is shown, not of another moment
		out.Balances[i] = PrepaidBalance{b.Item, b.AmountFen}
		out.PrepaidFen = out.PrepaidFen.Plus(b.AmountFen)
	}
	items, err := billing.PrepayItems(view, room.Room)
	if items != nil {
		out.Items = items
	}
	return &PrepaymentOut{Body: out}, err
}
