package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// FindingBooking is money that reconciliation brought to light, booked by two
// persons into a room's prepayment, or into suspense 待查款 (RoomID empty) until two
// persons know whose it is (the To fields). A transaction is booked once: its number
// is unique here.
//
// Money in suspense passes through three states. ToRoomID and ToAt are both empty; then
// ToRoomID holds the room that was asked for; then ToAt is set, and the money is in that
// room's prepayment.
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

var bookingTable = store.NewTable[FindingBooking]("finding_bookings")

// Suspended reports whether the money is still in suspense, even if a move is asked for.
func (b *FindingBooking) Suspended() bool { return b.RoomID == "" && b.ToAt.IsZero() }

// ErrFindingBooked is returned for money that is in the books already.
var ErrFindingBooked = models.Refusal(models.KindConflict, "FINDING_BOOKED", "这笔微信交易已经入账，不能再登记")

// InsertFindingBooking adds a booking, and sets its ID and CreatedAt. It returns
// [ErrFindingBooked] if the finding or the transaction has one; the unique keys decide
// it, so it holds for two transactions at the same time, too.
func InsertFindingBooking(tx *store.Tx, b *FindingBooking) error {
	b.ID, b.CreatedAt = models.NewID(), tx.Now
	err := store.G[FindingBooking](tx).Create(tx.Context(), b)
	if err != nil && tx.IsDuplicate(err) {
		return ErrFindingBooked
	}
	return err
}

// BookingOfFinding returns the booking of a finding, or [models.ErrNotFound].
func BookingOfFinding(tx *store.Tx, findingID string) (FindingBooking, error) {
	return store.G[FindingBooking](tx).Where("finding_id = ?", findingID).Take(tx.Context())
}

// LockFindingBooking returns a booking, locked until the transaction ends, or
// [models.ErrNotFound].
func LockFindingBooking(tx *store.Tx, id string) (FindingBooking, error) {
	return bookingTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

// inSuspense is the condition on bookings whose money is still in suspense: the SQL of
// [FindingBooking.Suspended].
const inSuspense = "room_id = '' AND to_at = 0"

// FindingBookings returns a page of bookings, newest first; with suspended, only those
// whose money is still in suspense. after is the id of the last booking of the previous
// page, or empty for the first page.
func FindingBookings(tx *store.Tx, suspended bool, after string, limit int) ([]FindingBooking, error) {
	q := store.G[FindingBooking](tx).Order("id DESC").Limit(limit)
	if suspended {
		q = q.Where(inSuspense)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	return q.Find(tx.Context())
}

var (
	askFromSuspense  = bookingTable.Update("to_room_id, to_asked_id, to_asked_name", "id = ? AND "+inSuspense+" AND to_room_id = ''")
	keepInSuspense   = bookingTable.Update("to_room_id, to_asked_id, to_asked_name", "id = ? AND "+inSuspense+" AND to_room_id <> ''")
	moveFromSuspense = bookingTable.Update("to_approved_id, to_approved_name, to_at", "id = ? AND to_at = 0 AND to_room_id <> ''")
)

// AskFromSuspense records that staff want money in suspense moved to a room's prepayment.
// An empty room withdraws what was asked. It returns false if the money has left
// suspense, or if a move is asked for already (with an empty room: if none is). No money
// moves yet.
func AskFromSuspense(tx *store.Tx, by models.Actor, id, roomID string) (bool, error) {
	update, to := askFromSuspense, FindingBooking{ToRoomID: roomID, ToAskedID: by.ID, ToAskedName: by.Name}
	if roomID == "" {
		update, to = keepInSuspense, FindingBooking{}
	}
	ok, err := update.Guarded(tx, &to, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "suspense.asked", "finding_booking", id, map[string]string{"room": roomID})
}

// LeaveSuspense marks that money has left suspense for the room that was asked for. It
// returns false if no room is asked for, or if the money had left before; then the caller
// must roll back the prepayment and the journal that it has written.
func LeaveSuspense(tx *store.Tx, by models.Actor, id string) (bool, error) {
	ok, err := moveFromSuspense.Guarded(tx, &FindingBooking{ToApprovedID: by.ID, ToApprovedName: by.Name, ToAt: tx.Now}, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "suspense.moved", "finding_booking", id, nil)
}

// SuspenseSum returns the number of bookings whose money is in suspense, and their sum,
// over all merchants. The balance of the account suspense in the journal is the same.
func SuspenseSum(tx *store.Tx) (count int, sum models.Fen, err error) {
	type total struct {
		Bookings  int
		AmountFen models.Fen
	}
	t, err := store.Row[total](tx,
		"SELECT COUNT(*) AS bookings, COALESCE(SUM(amount_fen), 0) AS amount_fen FROM finding_bookings WHERE "+inSuspense)
	return t.Bookings, t.AmountFen, err
}
