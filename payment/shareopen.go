package payment

import (
	"context"
	"errors"

	"wuyepay/billing"
	"wuyepay/models"
)

// OpenedShare is a share as whoever has its token may see it.
type OpenedShare struct {
	models.Share
	Community string
	Room      string // masked
	Owner     string // masked
	TotalFen  models.Fen
	Bills     []billing.BillState // earliest due first; paid ones too, which owe nothing
	payable   []string
}

// Paid tells whether nothing is left to be paid.
func (o *OpenedShare) Paid() bool { return len(o.payable) == 0 }

// OpenShare shows a share to a user who has its token. Wrong tokens are counted by
// user and day: after some even a right one is refused.
//
// It refuses with [models.ErrNotFound], [ErrShareEnded] and
// [billing.ErrTooManyAttempts].
func (s *Service) OpenShare(ctx context.Context, userID, token string) (*OpenedShare, error) {
	view := s.db.View(ctx)
	subject := "share:" + userID
	failures, err := view.Failures(subject, view.Today())
	if err != nil {
		return nil, err
	}
	if failures >= maxShareGuesses {
		return nil, billing.ErrTooManyAttempts
	}
	share, err := view.ShareByToken(token)
	if errors.Is(err, models.ErrNotFound) {
		if err := s.db.Write(ctx, func(tx *models.Tx) error { return tx.CountFailure(subject, tx.Today()) }); err != nil {
			return nil, err
		}
		return nil, models.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return openShare(view, share)
}

// openShare reads what a share shows, as far as the user who made it still sees it.
func openShare(tx *models.Tx, share models.Share) (*OpenedShare, error) {
	if share.Ended(tx.Now) {
		return nil, ErrShareEnded
	}
	room, bills, err := tx.SharedRoom(&share)
	if errors.Is(err, models.ErrNotFound) {
		return nil, ErrShareEnded
	}
	if err != nil {
		return nil, err
	}
	out := &OpenedShare{Share: share, Community: room.CommunityName, Room: models.MaskRoom(room.Name())}
	if out.Bills, err = billing.States(tx, bills, tx.Today()); err != nil {
		return nil, err
	}
	for i := range out.Bills {
		b := &out.Bills[i]
		if b.Status == models.BillUnpaid || b.Status == models.BillPartial {
			out.payable = append(out.payable, b.ID)
			out.TotalFen = out.TotalFen.Plus(b.DueFen)
		}
	}
	out.Owner, err = maskedOwner(tx, room, bills)
	return out, err
}

// maskedOwner is who owes the bills, or owns the room.
func maskedOwner(tx *models.Tx, room models.BoundRoom, bills []models.Bill) (string, error) {
	if id := bills[0].OwnerID; id != "" {
		o, err := tx.OwnerByID(id)
		return models.MaskName(o.Name), err
	}
	owners, err := tx.RoomOwners(room.ID, tx.Today())
	if err != nil || len(owners) == 0 {
		return "", err
	}
	return models.MaskName(owners[0].Name), nil
}

// CheckoutShare makes an order for all that is left to be paid of a share, to be paid
// by a user who has its token. The order is that user's, and the owner sees it too.
//
// It refuses as [Service.OpenShare] and [Service.Checkout] do; with
// [billing.ErrBillPaid] where nothing is left.
func (s *Service) CheckoutShare(ctx context.Context, user models.User, token string, expected models.Fen, remember Remember) (*Checkout, error) {
	share, err := s.OpenShare(ctx, user.ID, token)
	if err != nil {
		return nil, err
	}
	if share.Paid() {
		return nil, billing.ErrBillPaid
	}
	return s.Checkout(ctx, CheckoutRequest{User: user, RoomID: share.RoomID, BillIDs: share.payable, ExpectedTotal: expected, Remember: remember, shareID: share.ID})
}

// payersRoom is the room that the request pays for, as the payer sees it; by a share,
// as the user sees it who shared. A share is held until the order is stored, so that
// none is made by a share that was revoked.
func (r *CheckoutRequest) payersRoom(tx *models.Tx) (models.BoundRoom, error) {
	if r.shareID == "" {
		return tx.BoundRoom(r.User.ID, r.RoomID)
	}
	share, err := tx.LockShare(r.shareID)
	if err != nil {
		return models.BoundRoom{}, err
	}
	if share.Ended(tx.Now) {
		return models.BoundRoom{}, ErrShareEnded
	}
	room, err := tx.BoundRoom(share.UserID, share.RoomID)
	if errors.Is(err, models.ErrNotFound) {
		err = ErrShareEnded
	}
	return room, err
}
