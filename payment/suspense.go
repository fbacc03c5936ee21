package payment

import (
	"context"

	"wuyepay/billing"
	"wuyepay/models"
)

// AskFromSuspense asks to have money in suspense moved to the prepayment of the room
// that it turned out to be for; an empty room takes that back.
func (s *Service) AskFromSuspense(ctx context.Context, by models.Actor, bookingID, roomID string) error {
	return s.db.Write(ctx, func(tx *models.Tx) error {
		if _, err := tx.LockFindingBooking(bookingID); err != nil {
			return err
		}
		if roomID != "" {
			if _, err := tx.RoomByID(roomID); err != nil {
				return err
			}
		}
		return done(tx.AskFromSuspense(by, bookingID, roomID))
	})
}

// MoveFromSuspense approves that: another person than who asked.
func (s *Service) MoveFromSuspense(ctx context.Context, by models.Actor, bookingID string) error {
	return s.db.Write(ctx, func(tx *models.Tx) error {
		b, err := tx.LockFindingBooking(bookingID)
		if err != nil {
			return err
		}
		if !b.Suspended() || b.ToRoomID == "" {
			return ErrFindingDone
		}
		if by.Kind != models.ActorStaff || by.ID == b.ToAskedID {
			return billing.ErrSamePerson
		}
		room, err := tx.RoomByID(b.ToRoomID)
		if err != nil {
			return err
		}
		if err := tx.MovePrepaid(room.ID, models.PrepaidSurplus, b.AmountFen, "", ""); err != nil {
			return err
		}
		if err := tx.Journal([]models.JournalLine{{Kind: models.JournalFromSuspense, Debit: models.AccountSuspense, Credit: models.AccountPrepaid, AmountFen: b.AmountFen,
			CommunityID: room.CommunityID, RoomID: room.ID, Merchant: b.Merchant}}); err != nil {
			return err
		}
		return done(tx.LeaveSuspense(by, b.ID))
	})
}
