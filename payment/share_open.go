package payment

import (
	"context"
	"errors"
	"slices"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// OpenedShare is a share as a user with its token may see it.
type OpenedShare struct {
	receipts.Share
	Community string
	Room      string // masked
	Owner     string // masked
	TotalFen  models.Fen
	Bills     []billing.BillState // earliest due first; paid ones, too, which owe nothing
	payable   []string
}

// Paid reports whether nothing is left to pay.
func (o *OpenedShare) Paid() bool { return len(o.payable) == 0 }

// OpenShare returns a share for a user who has its token. Wrong tokens are
// counted per user and day. After [maxShareGuesses] of them even a right one is
// refused.
//
// It returns [models.ErrNotFound], [ErrShareEnded] and
// [billing.ErrTooManyAttempts].
func (s *Service) OpenShare(ctx context.Context, userID, token string) (*OpenedShare, error) {
	view := s.DB.View(ctx)
	subject := "share:" + userID
	failures, err := office.Failures(view, subject, view.Today())
	if err != nil {
		return nil, err
	}
	if failures >= maxShareGuesses {
		return nil, billing.ErrTooManyAttempts
	}
	share, err := receipts.ShareByToken(view, token)
	if errors.Is(err, models.ErrNotFound) {
		if err := s.DB.Write(ctx, func(tx *store.Tx) error { return office.CountFailure(tx, subject, tx.Today()) }); err != nil {
			return nil, err
		}
		return nil, models.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return openShare(view, share)
}

// openShare reads what a share shows, as far as the user who made it still sees
// it.
func openShare(tx *store.Tx, share receipts.Share) (*OpenedShare, error) {
	if share.Ended(tx.Now) {
		return nil, ErrShareEnded
	}
	room, bills, err := receipts.SharedRoom(tx, &share)
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
		if b.Status == fees.BillUnpaid || b.Status == fees.BillPartial {
			out.payable = append(out.payable, b.ID)
			out.TotalFen = out.TotalFen.Plus(b.DueFen)
		}
	}
	out.Owner, err = maskedOwner(tx, room, bills)
	return out, err
}

// maskedOwner returns the masked name of the person who owes the bills or, if
// none is named, owns the room.
func maskedOwner(tx *store.Tx, room estate.BoundRoom, bills []fees.Bill) (string, error) {
	if id := bills[0].OwnerID; id != "" {
		o, err := estate.OwnerByID(tx, id)
		return models.MaskName(o.Name), err
	}
	owners, err := estate.RoomOwners(tx, room.ID, tx.Today())
	if err != nil || len(owners) == 0 {
		return "", err
	}
	return models.MaskName(owners[0].Name), nil
}

// CheckoutShare makes an order for what is left to pay of a share, or for some
// of its bills, to be paid by a user who has its token. The order is that
// user's, and the owner sees it, too.
//
// It returns the refusals of [Service.OpenShare] and [Service.Checkout],
// [billing.ErrBillPaid] if nothing is left, and [models.ErrNotFound] for a bill
// that is not shared.
func (s *Service) CheckoutShare(ctx context.Context, user estate.User, token string, expected models.Fen, remember ResponseFunc,
	billIDs ...string) (*Checkout, error) {
	share, err := s.OpenShare(ctx, user.ID, token)
	if err != nil {
		return nil, err
	}
	if share.Paid() {
		return nil, billing.ErrBillPaid
	}
	if len(billIDs) == 0 {
		billIDs = share.payable
	}
	for _, id := range billIDs {
		if !slices.ContainsFunc(share.Bills, func(b billing.BillState) bool { return b.ID == id }) {
			return nil, models.ErrNotFound
		}
	}
	return s.Checkout(ctx, CheckoutRequest{
		User: user, RoomID: share.RoomID, BillIDs: billIDs, ExpectedTotal: expected, Response: remember, shareID: share.ID,
	})
}

// payerRoom returns the room that the request pays for, as the payer sees it
// or, by a share, as the user who shared it sees it. A share is locked until
// the order is stored, so that no order is made by a share that was just
// revoked.
func (r *CheckoutRequest) payerRoom(tx *store.Tx) (estate.BoundRoom, error) {
	if r.shareID == "" {
		return estate.BoundRoomOf(tx, r.User.ID, r.RoomID)
	}
	share, err := receipts.LockShare(tx, r.shareID)
	if err != nil {
		return estate.BoundRoom{}, err
	}
	if share.Ended(tx.Now) {
		return estate.BoundRoom{}, ErrShareEnded
	}
	room, err := estate.BoundRoomOf(tx, share.UserID, share.RoomID)
	if errors.Is(err, models.ErrNotFound) {
		err = ErrShareEnded
	}
	return room, err
}
