package reconcile

import (
	"context"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// AskFromSuspense asks to have money in suspense moved to the prepayment of the room
// that it turned out to be for. An empty room withdraws the request. The books change
// only when another person approves, see [MoveFromSuspense].
//
// It returns [models.ErrNotFound] for an unknown booking or room, and [ErrFindingDone] if
// the money has left suspense or a move is already asked for. To name another room,
// withdraw the request first.
func AskFromSuspense(ctx context.Context, s *payment.Service, by models.Actor, bookingID, roomID string) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		if _, err := proof.LockFindingBooking(tx, bookingID); err != nil {
			return err
		}
		if roomID != "" {
			if _, err := estate.RoomByID(tx, roomID); err != nil {
				return err
			}
		}
		return done(proof.AskFromSuspense(tx, by, bookingID, roomID))
	})
}

// MoveFromSuspense approves a request of [AskFromSuspense] and moves the money. The
// approver must be staff and another person than the one who asked
// ([billing.ErrSamePerson]). It returns [ErrFindingDone] if nothing is asked for, or the
// money has left suspense.
//
// The booking is locked, so two approvals at once move the money once. All of the
// amount moves; prepayment, journal and booking change in one transaction.
func MoveFromSuspense(ctx context.Context, s *payment.Service, by models.Actor, bookingID string) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		b, err := proof.LockFindingBooking(tx, bookingID)
		if err != nil {
			return err
		}
		if !b.Suspended() || b.ToRoomID == "" {
			return ErrFindingDone
		}
		if by.Kind != models.ActorStaff || by.ID == b.ToAskedID {
			return billing.ErrSamePerson
		}
		room, err := estate.RoomByID(tx, b.ToRoomID)
		if err != nil {
			return err
		}
		if err := money.MovePrepaid(tx, room.ID, money.PrepaidSurplus, b.AmountFen, "", ""); err != nil {
			return err
		}
		if err := money.Journal(tx, []money.JournalLine{{
			Kind: money.JournalFromSuspense, Debit: money.AccountSuspense, Credit: money.AccountPrepaid, AmountFen: b.AmountFen,
			CommunityID: room.CommunityID, RoomID: room.ID, Merchant: b.Merchant,
		}}); err != nil {
			return err
		}
		return done(proof.LeaveSuspense(tx, by, b.ID))
	})
}
