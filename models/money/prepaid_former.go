package money

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// PrepaidToFormer takes all prepayment out of a room at a transfer: it is owed to the
// former owner from then on, and offsets no bill any more. It returns the sum.
func PrepaidToFormer(tx *store.Tx, room estate.Room) (models.Fen, error) {
	if _, err := LockPrepaid(tx, room.ID); err != nil {
		return 0, err
	}
	balances, err := PrepaidBalances(tx, []string{room.ID})
	if err != nil {
		return 0, err
	}
	var sum models.Fen
	for _, b := range balances[room.ID] {
		if err := MovePrepaidOf(tx, room.ID, b.Item, PrepaidRefund, -b.AmountFen, "", ""); err != nil {
			return 0, err
		}
		sum = sum.Plus(b.AmountFen)
	}
	return sum, Journal(tx, []JournalLine{{
		Kind: JournalFormer, Debit: AccountPrepaid, Credit: AccountFormer, AmountFen: sum, CommunityID: room.CommunityID, RoomID: room.ID,
	}})
}

// OwedToFormer returns what is still owed to former owners of a room of the prepayment
// that transfers took out of it.
func OwedToFormer(tx *store.Tx, roomID string) (models.Fen, error) {
	return store.Row[models.Fen](tx, `SELECT COALESCE(SUM(CASE WHEN credit = 'former_owner' THEN amount_fen ELSE -amount_fen END), 0)
		FROM journal WHERE room_id = ? AND (credit = 'former_owner' OR debit = 'former_owner')`, roomID)
}

// PrepaidOwner returns the owner whose prepayment lies with a room today: from the day
// of a transfer on, the new one. It is empty where the room has never changed hands.
func PrepaidOwner(tx *store.Tx, roomID string) (string, error) {
	list, err := estate.TransfersOfRoom(tx, roomID)
	if err != nil || len(list) == 0 {
		return "", err
	}
	owner := list[0].FromOwnerID
	for _, t := range list {
		if t.TransferOn <= tx.Today() {
			owner = t.ToOwnerID
		}
	}
	return owner, nil
}
