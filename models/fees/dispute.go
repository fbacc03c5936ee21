package fees

import (
	"gorm.io/gorm/clause"

	"wuyepay/models/store"
)

// SetDisputed marks bills that an owner disputes: nobody is reminded of them.
func SetDisputed(tx *store.Tx, billIDs []string) error {
	mark := clause.Assignments(map[string]any{"disputed": true, "updated_at": tx.Now})
	_, err := store.G[Bill](tx).Where("disputed = ? AND id IN ?", false, billIDs).Set(mark).Update(tx.Context())
	return err
}

// ClearDisputed takes the mark off the bills that no open dispute is about any more. A
// bill with two disputes, one of which was decided, stays marked.
func ClearDisputed(tx *store.Tx, billIDs []string) error {
	mark := clause.Assignments(map[string]any{"disputed": false, "updated_at": tx.Now})
	_, err := store.G[Bill](tx).Where(`disputed = ? AND id IN ? AND id NOT IN (SELECT rb.bill_id FROM request_bills rb
		JOIN requests q ON q.id = rb.request_id WHERE q.kind = ? AND q.status = ?)`, true, billIDs, RequestDispute, RequestOpen).
		Set(mark).Update(tx.Context())
	return err
}
