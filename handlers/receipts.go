package handlers

import (
	"bytes"
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/models/estate"
)

// Receipt returns the receipt of a paid order as PDF, to the person who paid and to the
// owner. Names are in full for the owner alone; who paid by a share sees the room
// masked as well.
func (a *API) Receipt(ctx context.Context, in *OrderIn) (*PDFOut, error) {
	o, err := a.visible(ctx, in.No)
	if err != nil {
		return nil, err
	}
	p, err := a.Pay.Receipts.ReceiptOfOrder(ctx, o.No)
	if err != nil {
		return nil, err
	}
	room, err := estate.BoundRoomOf(a.DB.View(ctx), user(ctx).ID, o.RoomID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		p.Mask()
	case err != nil:
		return nil, err
	case room.Role != estate.RoleOwner && room.Role != estate.RoleTenant:
		p.Owner = models.MaskName(p.Party.Owner)
	}
	p.Party.Payer = "" // what the owner calls the payer is for the owner's list of shares, and for staff
	var b bytes.Buffer
	if err := p.WritePDF(&b); err != nil {
		return nil, err
	}
	return &PDFOut{ContentType: "application/pdf", Disposition: p.FileName(), Body: b.Bytes()}, nil
}
