package desk

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// CollectionRow is a batch as a list shows it.
type CollectionRow struct {
	CollectionBatch
	Community string
}

// Cursor is where the next page begins.
func (l CollectionRow) Cursor() string { return l.ID }

// CollectionRows gives a page of batches, newest first.
func CollectionRows(tx *store.Tx, communityID, after string, limit int) ([]CollectionRow, error) {
	q, args := "SELECT "+store.Prefixed("b", batchColumns)+", c.name FROM collection_batches b JOIN communities c ON c.id = b.community_id WHERE 1 = 1", []any{}
	if communityID != "" {
		q, args = q+" AND b.community_id = ?", append(args, communityID)
	}
	if after != "" {
		q, args = q+" AND b.id < ?", append(args, after)
	}
	var out []CollectionRow
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, CollectionRow{})
		l := &out[len(out)-1]
		return scan(append(l.dest(), &l.Community)...)
	}, q+" ORDER BY b.id DESC LIMIT ?", append(args, limit)...)
	return out, err
}

// CollectionListed is a line of a batch with its room and account.
type CollectionListed struct {
	CollectionLine
	Room         estate.Room
	AgreementNo  string
	BankName     string
	AccountLast4 string
	Bills        int
	SurplusFen   models.Fen // of what was collected: money for bills paid elsewhere meanwhile
}

// CollectionList gives a page of the lines of a batch, from a number on.
func CollectionList(tx *store.Tx, batchID, status string, after, limit int) ([]CollectionListed, error) {
	q := "SELECT " + store.Prefixed("l", collectionLineColumns) + ", " + store.Prefixed("r", estate.RoomColumns) + `, m.agreement_no, m.bank_name, m.account_last4,
		(SELECT COUNT(*) FROM collection_bills b WHERE b.line_id = l.id), COALESCE(p.surplus_fen, 0) FROM collection_lines l JOIN rooms r ON r.id = l.room_id
		JOIN bank_mandates m ON m.id = l.mandate_id LEFT JOIN payments p ON p.id = l.payment_id WHERE l.batch_id = ? AND l.number > ?`
	args := []any{batchID, after}
	if status != "" {
		q, args = q+" AND l.status = ?", append(args, status)
	}
	var out []CollectionListed
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, CollectionListed{})
		l := &out[len(out)-1]
		return scan(append(append(l.dest(), l.Room.Dest()...), &l.AgreementNo, &l.BankName, &l.AccountLast4, &l.Bills, &l.SurplusFen)...)
	}, q+" ORDER BY l.number LIMIT ?", append(args, limit)...)
	return out, err
}

// WaitingBatchesOfRoom gives the numbers of the batches in which a bank may still
// collect from the room.
func WaitingBatchesOfRoom(tx *store.Tx, roomID string) ([]string, error) {
	var out []string
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, "")
		return scan(&out[len(out)-1])
	}, "SELECT b.number FROM collection_lines l JOIN collection_batches b ON b.id = l.batch_id WHERE l.room_id = ? AND l.status = 'waiting' ORDER BY b.number", roomID)
	return out, err
}
