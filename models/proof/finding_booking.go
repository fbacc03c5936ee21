package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// FindingBooking is money that reconciliation brought to light, booked by two
// persons into a room's prepayment, or into suspense (RoomID empty) until two
// persons say whose it is (the To fields). A transaction is booked once.
type FindingBooking struct {
	ID             string
	FindingID      string
	Merchant       string
	TransactionID  string
	AmountFen      models.Fen
	CommunityID    string
	RoomID         string
	AskedID        string
	AskedName      string
	ApprovedID     string
	ApprovedName   string
	CreatedAt      models.Time
	ToRoomID       string
	ToAskedID      string
	ToAskedName    string
	ToApprovedID   string
	ToApprovedName string
	ToAt           models.Time
}

// Suspended tells whether the money is still in suspense.
func (b *FindingBooking) Suspended() bool { return b.RoomID == "" && b.ToAt.IsZero() }

// ErrFindingBooked says that the money is in the books already.
var ErrFindingBooked = models.Refusal(models.KindConflict, "FINDING_BOOKED", "这笔微信交易已经入账，不能再登记")

// InsertFindingBooking keeps a booking; [ErrFindingBooked] if the finding or the
// transaction has one.
func InsertFindingBooking(tx *store.Tx, b *FindingBooking) error {
	b.ID, b.CreatedAt = models.NewID(), tx.Now
	err := tx.Create(b)
	if err != nil && tx.IsDuplicate(err) {
		return ErrFindingBooked
	}
	return err
}

// BookingOfFinding gives the booking of a finding; [models.ErrNotFound] if it has none.
func BookingOfFinding(tx *store.Tx, findingID string) (FindingBooking, error) {
	return findingBooking(tx, "finding_id", findingID, "")
}

// LockFindingBooking reads a booking for its next step.
func LockFindingBooking(tx *store.Tx, id string) (FindingBooking, error) {
	return findingBooking(tx, "id", id, store.ForUpdate)
}

func findingBooking(tx *store.Tx, column, value, lock string) (FindingBooking, error) {
	id := ""
	if err := tx.QueryRow([]any{&id}, "SELECT id FROM finding_bookings WHERE "+column+" = ?"+lock, value); err != nil {
		return FindingBooking{}, err
	}
	var b FindingBooking
	return b, tx.Gorm().Where("id = ?", id).Take(&b).Error
}

// FindingBookings gives a page of bookings, newest first; with suspended only those
// whose money is still in suspense.
func FindingBookings(tx *store.Tx, suspended bool, after string, limit int) ([]FindingBooking, error) {
	q := tx.Gorm().Order("id DESC").Limit(limit)
	if suspended {
		q = q.Where("room_id = '' AND to_at = 0")
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	var out []FindingBooking
	return out, q.Find(&out).Error
}

// AskFromSuspense keeps that staff want money in suspense moved to a room's
// prepayment; false if it has left suspense, or a move waits already. An empty room
// takes what was asked back.
func AskFromSuspense(tx *store.Tx, by models.Actor, id, roomID string) (bool, error) {
	guard := "to_room_id = ''"
	name := by
	if roomID == "" {
		guard, name = "to_room_id <> ''", models.Actor{}
	}
	ok, err := tx.ExecGuarded("UPDATE finding_bookings SET to_room_id = ?, to_asked_id = ?, to_asked_name = ? WHERE id = ? AND room_id = '' AND to_at = 0 AND "+guard,
		roomID, name.ID, name.Name, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "suspense.asked", "finding_booking", id, map[string]string{"room": roomID})
}

// LeaveSuspense marks that money has left suspense for the room that was asked for;
// false if it had done so before.
func LeaveSuspense(tx *store.Tx, by models.Actor, id string) (bool, error) {
	ok, err := tx.ExecGuarded("UPDATE finding_bookings SET to_approved_id = ?, to_approved_name = ?, to_at = ? WHERE id = ? AND to_at = 0 AND to_room_id <> ''",
		by.ID, by.Name, tx.Now, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "suspense.moved", "finding_booking", id, nil)
}

// SuspenseSum is the money in suspense.
func SuspenseSum(tx *store.Tx) (count int, sum models.Fen, err error) {
	err = tx.QueryRow([]any{&count, &sum}, "SELECT COUNT(*), COALESCE(SUM(amount_fen), 0) FROM finding_bookings WHERE room_id = '' AND to_at = 0")
	return count, sum, err
}
