package fees

import "wuyepay/models/store"

var sqlOpenImported = BillTable.Select(`WHERE community_id = ? AND source = '` + SourceImport + `' AND status IN ('` + BillUnpaid + `','` +
	BillPartial + `') AND id > ? ORDER BY id LIMIT ?`)

// OpenImported returns a page of the open bills of a community that were imported, by
// id, beginning after one of them.
func OpenImported(tx *store.Tx, communityID, after string, limit int) ([]Bill, error) {
	return store.Rows[Bill](tx, sqlOpenImported, communityID, after, limit)
}

// RuleEntries returns a page of the entries that changed the late-fee rule of a bill, by
// id, beginning after one of them.
func RuleEntries(tx *store.Tx, after string, limit int) ([]BillEntry, error) {
	return store.G[BillEntry](tx).Where("rule_after <> '' AND id > ?", after).Order("id").Limit(limit).Find(tx.Context())
}
