package desk

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// CollectionRow is a batch as a list shows it, with the name of its community.
type CollectionRow struct {
	CollectionBatch
	Community string
}

// Cursor is where the next page begins.
func (l CollectionRow) Cursor() string { return l.ID }

// CollectionRows returns a page of batches, newest first, of one community or of all
// (communityID empty). after is the cursor of the last one of the page before.
func CollectionRows(tx *store.Tx, communityID, after string, limit int) ([]CollectionRow, error) {
	q := "SELECT " + batchTable.Of("b") + `, c.name AS community
		FROM collection_batches b JOIN communities c ON c.id = b.community_id WHERE 1 = 1`
	var args []any
	if communityID != "" {
		q, args = q+" AND b.community_id = ?", append(args, communityID)
	}
	if after != "" {
		q, args = q+" AND b.id < ?", append(args, after)
	}
	return store.Rows[CollectionRow](tx, q+" ORDER BY b.id DESC LIMIT ?", append(args, limit)...)
}

// CollectionListed is a line of a batch with its room and account.
type CollectionListed struct {
	CollectionLine
	Room         estate.Room `gorm:"embedded;embeddedPrefix:r_"`
	AgreementNo  string
	BankName     string
	AccountLast4 string
	Bills        int
	SurplusFen   models.Fen // of what was collected: money for bills that were paid elsewhere meanwhile
}

var collectionListed = "SELECT " + collectionLineTable.Of("l") + ", " + estate.RoomTable.As("r", "r_") + `,
	m.agreement_no, m.bank_name, m.account_last4, (SELECT COUNT(*) FROM collection_bills b WHERE b.line_id = l.id) AS bills,
	COALESCE(p.surplus_fen, 0) AS surplus_fen
	FROM collection_lines l JOIN rooms r ON r.id = l.room_id JOIN bank_mandates m ON m.id = l.mandate_id
	LEFT JOIN payments p ON p.id = l.payment_id
	WHERE l.batch_id = ? AND l.number > ?`

// CollectionList returns a page of the lines of a batch in the order of its file: those
// with a number greater than after, in one state or in all (status empty).
func CollectionList(tx *store.Tx, batchID, status string, after, limit int) ([]CollectionListed, error) {
	q, args := collectionListed, []any{batchID, after}
	if status != "" {
		q, args = q+" AND l.status = ?", append(args, status)
	}
	return store.Rows[CollectionListed](tx, q+" ORDER BY l.number LIMIT ?", append(args, limit)...)
}

// WaitingBatchesOfRoom returns the numbers of the batches by which a bank may still
// collect from the room.
func WaitingBatchesOfRoom(tx *store.Tx, roomID string) ([]string, error) {
	return store.Rows[string](tx, `SELECT b.number FROM collection_lines l JOIN collection_batches b ON b.id = l.batch_id
		WHERE l.room_id = ? AND l.status = 'waiting' ORDER BY b.number`, roomID)
}
