package handlers

import (
	"context"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// PageIn is how much of a list.
type PageIn struct {
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// BillsIn chooses bills of a room.
type BillsIn struct {
	RoomIn
	PageIn
	Cursor string `query:"cursor" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9A-Z]{26}$" patternDescription:"上一页的 next_cursor" doc:"next_cursor of the page before"`
	Status string `query:"status" enum:"unpaid,partial,paid,void" doc:"Empty: all"`
	Year   int    `query:"year" minimum:"1900" maximum:"2200" doc:"Of the period's start"`
}

// BillsOut is a page of bills, newest due first.
type BillsOut struct {
	Body struct {
		Bills      []Bill `json:"bills"`
		NextCursor string `json:"next_cursor,omitempty"`
	}
}

// Bills lists a room's bills, newest due first.
func (a *API) Bills(ctx context.Context, in *BillsIn) (*BillsOut, error) {
	view := a.DB.View(ctx)
	room, err := estate.BoundRoomOf(view, user(ctx).ID, in.RoomID)
	if err != nil {
		return nil, err
	}
	bills, err := fees.BillsOfRoom(view, room.ID, fees.BillFilter{
		Status: in.Status, Year: in.Year, After: in.Cursor, Limit: in.Limit + 1, Sight: &room.BillVisibility,
	})
	if err != nil {
		return nil, err
	}
	out := &BillsOut{}
	if len(bills) > in.Limit {
		bills = bills[:in.Limit]
		last := bills[in.Limit-1]
		out.Body.NextCursor = last.DueOn.String() + "/" + last.ID
	}
	states, err := billing.States(view, bills, view.Today())
	out.Body.Bills = billViews(states)
	return out, err
}

// BillIn names a bill.
type BillIn struct {
	BillID string `path:"bill_id"`
}

// BillOut is one bill.
type BillOut struct{ Body Bill }

// Bill shows one bill of a room of the user.
func (a *API) Bill(ctx context.Context, in *BillIn) (*BillOut, error) {
	view := a.DB.View(ctx)
	b, err := fees.BillByID(view, in.BillID)
	if err != nil {
		return nil, err
	}
	room, err := estate.BoundRoomOf(view, user(ctx).ID, b.RoomID)
	if err != nil {
		return nil, err
	}
	if !fees.CanSee(room.BillVisibility, &b, view.Today()) {
		return nil, models.ErrNotFound
	}
	states, err := billing.States(view, []fees.Bill{b}, view.Today())
	if err != nil {
		return nil, err
	}
	return &BillOut{Body: billView(&states[0])}, nil
}
