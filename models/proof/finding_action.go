package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// What staff may ask to have done with the money of a finding.
const (
	AskSurplus  = "surplus"  // into a room's prepayment
	AskSuspense = "suspense" // into suspense
)

// askedColumns are what [AskFinding] sets and [RefuseFinding] empties.
const askedColumns = "asked_action, asked_room_id, asked_id, asked_name, asked_at, reason"

var (
	askFinding    = findingTable.Update(askedColumns, "id = ? AND resolution = 'open' AND asked_action = ''")
	refuseFinding = findingTable.Update(askedColumns, "id = ? AND resolution = 'open' AND asked_action <> ''")
)

// AskFinding records that staff want the money of an open finding booked, until a second
// person decides. action is [AskSurplus] or [AskSuspense]; roomID is empty for suspense.
// It returns false if the finding is not open, or if a booking is asked for already: of
// two requests at the same time the guard lets one through.
func AskFinding(tx *store.Tx, by models.Actor, id, action, roomID, reason string) (bool, error) {
	asked := Finding{AskedAction: action, AskedRoomID: roomID, AskedID: by.ID, AskedName: by.Name, AskedAt: tx.Now, Reason: reason}
	ok, err := askFinding.Guarded(tx, &asked, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "finding.asked_"+action, "finding", id, map[string]string{"reason": reason, "room": roomID})
}

// RefuseFinding withdraws what was asked; the finding stays open. It returns false if
// nothing is asked any more.
func RefuseFinding(tx *store.Tx, by models.Actor, id string) (bool, error) {
	ok, err := refuseFinding.Guarded(tx, &Finding{}, id)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "finding.refused", "finding", id, nil)
}

var sqlFindingBooked = store.Hot("SELECT COUNT(*) FROM finding_bookings WHERE transaction_id = ?")

// FindingBooked reports whether a transaction of WeChat's was booked from a finding.
func FindingBooked(tx *store.Tx, id string) (bool, error) {
	n, err := store.Row[int](tx, sqlFindingBooked, id)
	return n > 0, err
}

// TransactionBooked reports whether a transaction of WeChat's is money in our books: as a
// payment, or as a booking from a finding. Ask before booking, so that the money is not
// counted twice.
func TransactionBooked(tx *store.Tx, id string) (bool, error) {
	n, err := store.Row[int](tx, `SELECT (SELECT COUNT(*) FROM payments WHERE transaction_id = ?) +
		(SELECT COUNT(*) FROM finding_bookings WHERE transaction_id = ?)`, id, id)
	return n > 0, err
}
