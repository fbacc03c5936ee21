package handlers

import (
	"context"
	"net/http"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/receipts"
	"wuyepay/payment"
)

// ShareIn says what somebody else may pay.
type ShareIn struct {
	RoomIn
	Body struct {
		BillIDs    []string `json:"bill_ids" minItems:"1" maxItems:"200" doc:"Unpaid bills of the room"`
		ValidHours int      `json:"valid_hours" minimum:"1" maximum:"720"`
		Label      string   `json:"label" maxLength:"20" required:"false" example:"女儿" doc:"Who is to pay, for your own eyes: never shown to whoever opens the share"`
	}
}

// NewShare is a share that was just made. The token is told this once.
type NewShare struct {
	ID              string  `json:"id" doc:"To revoke it"`
	Token           string  `json:"token" doc:"Told this once"`
	ExpiresAt       *string `json:"expires_at" format:"date-time"`
	MiniProgramPath string  `json:"mini_program_path" example:"pages/share/index?token=…" doc:"For wx.shareAppMessage"`
}

// NewShareOut is a share that was just made.
type NewShareOut struct {
	Status int
	Body   NewShare
}

// Share lets somebody else pay bills of a room.
func (a *API) Share(ctx context.Context, in *ShareIn) (*NewShareOut, error) {
	s, token, err := a.Pay.Share(ctx, payment.ShareRequest{
		User: user(ctx), RoomID: in.RoomID, BillIDs: in.Body.BillIDs, Hours: in.Body.ValidHours, Label: in.Body.Label,
	})
	if err != nil {
		return nil, err
	}
	return &NewShareOut{
		Status: http.StatusCreated,
		Body:   NewShare{ID: s.ID, Token: token, ExpiresAt: instant(s.ExpiresAt), MiniProgramPath: payment.SharePage + "?token=" + token},
	}, nil
}

// Share is a share as the person who made it sees it.
type Share struct {
	ID        string       `json:"id"`
	Status    string       `json:"status" enum:"open,expired,revoked"`
	Label     string       `json:"label"`
	BillIDs   []string     `json:"bill_ids"`
	CreatedAt *string      `json:"created_at" format:"date-time"`
	ExpiresAt *string      `json:"expires_at" format:"date-time"`
	Orders    []ShareOrder `json:"orders" doc:"Made by the share, newest first"`
}

// ShareOrder is an order that somebody made by a share.
type ShareOrder struct {
	No          string     `json:"no"`
	Status      string     `json:"status" enum:"pending,paid,closed,exception,refunding,refunded,part_refunded"`
	AmountFen   models.Fen `json:"amount_fen"`
	PaidAt      *string    `json:"paid_at" format:"date-time" doc:"null while unpaid"`
	PhoneMasked string     `json:"phone_masked" doc:"Of who made it; empty if they never gave it"`
}

// SharesOut is the user's shares of a room, newest first.
type SharesOut struct {
	Body struct {
		Shares []Share `json:"shares" doc:"The newest 100"`
	}
}

// maxShares bounds the list; only 20 can be open at a time.
const maxShares = 100

// Shares lists the user's own shares of a room, and who paid what by them.
func (a *API) Shares(ctx context.Context, in *RoomIn) (*SharesOut, error) {
	view := a.DB.View(ctx)
	if _, err := estate.BoundRoomOf(view, user(ctx).ID, in.RoomID); err != nil {
		return nil, err
	}
	list, err := receipts.SharesOfUser(view, user(ctx).ID, in.RoomID, maxShares)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	bills, err := receipts.ShareBills(view, ids...)
	if err != nil {
		return nil, err
	}
	orders, err := receipts.OrdersOfShares(view, ids...)
	out := &SharesOut{}
	out.Body.Shares = make([]Share, len(list))
	for i := range list {
		out.Body.Shares[i] = shareView(&list[i], bills[ids[i]], orders[ids[i]], view.Now)
	}
	return out, err
}

func shareView(s *receipts.Share, bills []string, orders []receipts.SharedOrder, now models.Time) Share {
	out := Share{
		ID: s.ID, Status: "open", Label: s.Label, BillIDs: bills, CreatedAt: instant(s.CreatedAt), ExpiresAt: instant(s.ExpiresAt),
		Orders: make([]ShareOrder, len(orders)),
	}
	switch {
	case !s.RevokedAt.IsZero():
		out.Status = "revoked"
	case s.Ended(now):
		out.Status = "expired"
	}
	for i, o := range orders {
		out.Orders[i] = ShareOrder{
			No: o.OrderNo, Status: o.Status, AmountFen: o.AmountFen, PaidAt: instant(o.PaidAt), PhoneMasked: o.PhoneMasked,
		}
	}
	return out
}

// RevokeShareIn names a share.
type RevokeShareIn struct {
	RoomIn
	ShareID string `path:"share_id"`
}

// RevokeShare ends a share at once.
func (a *API) RevokeShare(ctx context.Context, in *RevokeShareIn) (*struct{}, error) {
	return nil, a.Pay.RevokeShare(ctx, user(ctx).ID, in.RoomID, in.ShareID)
}
