package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BillingBatch is a part of a [BillingRun]: the rooms after AfterKey up to and
// including LastKey, in order of their code keys; a last part with an empty LastKey
// goes to the end. Digest is over every bill that was previewed for them: when the
// part is issued and the digest is another, the run stops as [RunChanged].
type BillingBatch struct {
	RunID        string
	Seq          int
	AfterKey     string
	LastKey      string
	Rooms        int
	Bills        int
	PrincipalFen models.Fen
	Digest       string
	Issued       bool
}

var batchTable = store.NewTable[BillingBatch]("billing_batches")

// InsertBatch adds a part to a draft.
func InsertBatch(tx *store.Tx, b BillingBatch) error { return batchTable.Insert(tx, b) }

// NextBatch returns the first part of a run that is not issued; [models.ErrNotFound]
// when all are.
func NextBatch(tx *store.Tx, runID string) (BillingBatch, error) {
	return batchTable.Row(tx, "WHERE run_id = ? AND issued = 0 ORDER BY seq LIMIT 1", runID)
}

// MarkBatchIssued notes that the bills of a part have been issued.
func MarkBatchIssued(tx *store.Tx, b BillingBatch) error {
	return tx.ExecOne("UPDATE billing_batches SET issued = 1 WHERE run_id = ? AND seq = ? AND issued = 0", b.RunID, b.Seq)
}

// DropDraft forgets what was previewed and not issued: the run is looked at anew
// from there.
func DropDraft(tx *store.Tx, runID string) error {
	if _, err := store.G[BillingBatch](tx).Where("run_id = ? AND issued = ?", runID, false).Delete(tx.Context()); err != nil {
		return err
	}
	_, err := store.G[BillingOddity](tx).Where("run_id = ?", runID).Delete(tx.Context())
	return err
}

// IssuedUpTo returns the key of the last room whose bills a run has issued, part by
// part from the first, and how many rooms that were. Both are zero for a run that has
// issued nothing.
func IssuedUpTo(tx *store.Tx, runID string) (lastKey string, rooms int, err error) {
	type issued struct {
		LastKey string
		Rooms   int
	}
	got, err := store.Row[issued](tx, `SELECT COALESCE(MAX(last_key), '') AS last_key, COALESCE(SUM(rooms), 0) AS rooms
		FROM billing_batches WHERE run_id = ? AND issued = 1`, runID)
	return got.LastKey, got.Rooms, err
}
