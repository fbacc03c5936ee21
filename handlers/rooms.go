package handlers

import (
	"context"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// summaries are all rooms of a user with what they owe today.
func (a *API) summaries(ctx context.Context, userID string) ([]RoomSummary, error) {
	view := a.DB.View(ctx)
	rooms, err := estate.BoundRooms(view, userID)
	if err != nil {
		return nil, err
	}
	due, err := billing.DueOfRooms(view, rooms)
	if err != nil {
		return nil, err
	}
	out := make([]RoomSummary, len(rooms))
	for i, r := range rooms {
		out[i] = roomSummary(r, due[r.ID], view.Today())
	}
	return out, nil
}

// RoomsOut is all rooms of the user.
type RoomsOut struct {
	Body struct {
		Rooms []RoomSummary `json:"rooms"`
	}
}

// Rooms lists the user's rooms, all of them.
func (a *API) Rooms(ctx context.Context, _ *struct{}) (*RoomsOut, error) {
	out := &RoomsOut{}
	var err error
	out.Body.Rooms, err = a.summaries(ctx, user(ctx).ID)
	return out, err
}

// BindIn is what an owner fills in to bind a room.
type BindIn struct {
	Body struct {
		CommunityID string `json:"community_id" minLength:"1" maxLength:"64"`
		RoomCode    string `json:"room_code" minLength:"1" maxLength:"64" example:"3栋2单元1201" doc:"In any usual spelling"`
		OwnerName   string `json:"owner_name" minLength:"1" maxLength:"100"`
		PhoneLast4  string `json:"phone_last4" minLength:"4" maxLength:"16" pattern:"^[^0-9A-Za-z０-９]*([0-9０-９][^0-9A-Za-z０-９]*){4}$" patternDescription:"四位数字"`
	}
}

// RoomOut is one room.
type RoomOut struct{ Body RoomSummary }

// Bind binds a room by its owner's name and the last digits of their phone.
func (a *API) Bind(ctx context.Context, in *BindIn) (*RoomOut, error) {
	u := user(ctx)
	roomID, err := billing.BindByForm(ctx, a.DB, u.ID, billing.BindingForm{CommunityID: in.Body.CommunityID, RoomCode: in.Body.RoomCode,
		OwnerName: in.Body.OwnerName, PhoneLast4: in.Body.PhoneLast4})
	if err != nil {
		return nil, err
	}
	view := a.DB.View(ctx)
	room, err := estate.BoundRoomOf(view, u.ID, roomID)
	if err != nil {
		return nil, err
	}
	due, err := billing.DueOfRooms(view, []estate.BoundRoom{room})
	if err != nil {
		return nil, err
	}
	return &RoomOut{Body: roomSummary(room, due[roomID], view.Today())}, nil
}

// RoomIn names a room of the user.
type RoomIn struct {
	RoomID string `path:"room_id"`
}

// Unbind ends the user's binding to a room.
func (a *API) Unbind(ctx context.Context, in *RoomIn) (*struct{}, error) {
	u := user(ctx)
	return nil, a.DB.Write(ctx, func(tx *store.Tx) error { return estate.Unbind(tx, models.UserActor(u.ID), u.ID, in.RoomID) })
}

// ArrearsOut is what a room owes today.
type ArrearsOut struct{ Body Arrears }

// Arrears tells what a room owes today and how each fen came about.
func (a *API) Arrears(ctx context.Context, in *RoomIn) (*ArrearsOut, error) {
	view := a.DB.View(ctx)
	room, err := estate.BoundRoomOf(view, user(ctx).ID, in.RoomID)
	if err != nil {
		return nil, err
	}
	arrears, err := billing.VisibleArrears(view, room)
	if err != nil {
		return nil, err
	}
	return &ArrearsOut{Body: ArrearsView(room, arrears)}, nil
}

// CommunitiesIn is what to look for in the name.
type CommunitiesIn struct {
	Q string `query:"q" maxLength:"50" doc:"Part of the name; empty: all"`
}

// CommunitiesOut is communities to choose from when binding.
type CommunitiesOut struct {
	Body struct {
		Communities []CommunityView `json:"communities"`
	}
}

// CommunityView is a community.
type CommunityView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

const maxCommunities = 100

// Communities lists communities by name.
func (a *API) Communities(ctx context.Context, in *CommunitiesIn) (*CommunitiesOut, error) {
	list, err := estate.Communities(a.DB.View(ctx), in.Q, maxCommunities)
	out := &CommunitiesOut{}
	out.Body.Communities = make([]CommunityView, len(list))
	for i, c := range list {
		out.Body.Communities[i] = CommunityView{c.ID, c.Name}
	}
	return out, err
}
