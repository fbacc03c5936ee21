package desk

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// States of a [CollectionLine].
const (
	AskWaiting   = "waiting"
	AskPaid      = "paid"
	AskFailed    = "failed"
	AskCancelled = "cancelled"
)

// CollectionLine is what a batch asks of one account. Number is its place in the bank's
// file, from 1: the bank answers by it.
type CollectionLine struct {
	ID        string
	BatchID   string
	Number    int
	RoomID    string
	MandateID string
	AmountFen models.Fen
	Status    string
	Reason    string // of a failure, in the bank's words: 余额不足
	PaymentID string // empty until paid
	CreatedAt models.Time
	UpdatedAt models.Time
}

// CollectionBill is what a line collects of a bill, frozen as it was owed. OpenBillID is
// the bill while the line waits, and unique: a bill is in one waiting line at most, so
// that the bank never collects it twice.
type CollectionBill struct {
	LineID       string
	BillID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	OpenBillID   *string
}

var (
	collectionLineTable = store.NewTable[CollectionLine]("collection_lines")
	collectionBillTable = store.NewTable[CollectionBill]("collection_bills")
)

// CollectionAsks returns the lines of a batch in the order of its file.
func CollectionAsks(tx *store.Tx, batchID string) ([]CollectionLine, error) {
	return store.G[CollectionLine](tx).Where("batch_id = ?", batchID).Order("number").Find(tx.Context())
}

// LockCollectionAsk returns a line for a change.
func LockCollectionAsk(tx *store.Tx, id string) (CollectionLine, error) {
	return collectionLineTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

// CollectionBills returns what a line collects, by bill id.
func CollectionBills(tx *store.Tx, lineID string) ([]CollectionBill, error) {
	return store.G[CollectionBill](tx).Where("line_id = ?", lineID).Order("bill_id").Find(tx.Context())
}

var endLine = collectionLineTable.Update("status, reason, payment_id, updated_at", "id = ? AND status = 'waiting'")

// EndCollectionAsk moves a waiting line to the state, reason and payment that l holds,
// and releases its bills. It reports false if the line no longer waits.
func EndCollectionAsk(tx *store.Tx, l *CollectionLine) (bool, error) {
	ended := *l
	ended.UpdatedAt = tx.Now
	ok, err := endLine.Guarded(tx, &ended, l.ID)
	if err != nil || !ok {
		return ok, err
	}
	_, err = store.G[CollectionBill](tx).Where("line_id = ?", l.ID).Update(tx.Context(), "open_bill_id", nil)
	return true, err
}

// CountCollectionAsk adds a line that has ended to the figures of its batch: to the paid
// ones, or to the failed ones.
func CountCollectionAsk(tx *store.Tx, l *CollectionLine) error {
	paid, failed := 0, 0
	if l.Status == AskPaid {
		paid = 1
	} else {
		failed = 1
	}
	return tx.ExecOne(`UPDATE collection_batches SET paid_count = paid_count + ?, paid_fen = paid_fen + ?, failed_count = failed_count + ?,
		failed_fen = failed_fen + ?, updated_at = ? WHERE id = ? AND status = 'sent'`,
		paid, models.Fen(paid)*l.AmountFen, failed, models.Fen(failed)*l.AmountFen, tx.Now, l.BatchID)
}
