package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// ReconciliationOf returns the last run of a merchant's day, or [models.ErrNotFound].
func ReconciliationOf(tx *store.Tx, merchant string, on models.Date) (Reconciliation, error) {
	return store.G[Reconciliation](tx).Where("merchant = ? AND bill_on = ?", merchant, on).Take(tx.Context())
}

// LockReconciliation is [ReconciliationOf] for a change: to keep a run, and to sign the
// day off, it is held first.
func LockReconciliation(tx *store.Tx, merchant string, on models.Date) (Reconciliation, error) {
	return reconciliationTable.Row(tx, "WHERE merchant = ? AND bill_on = ?"+store.ForUpdate, merchant, on)
}

// SignOff puts a name under a merchant's day. It reports false for a day that is signed,
// or that has an open finding.
func SignOff(tx *store.Tx, by models.Actor, merchant string, on models.Date) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE reconciliations SET signed_id = ?, signed_name = ?, signed_at = ?
		WHERE merchant = ? AND bill_on = ? AND signed_at = 0 AND NOT EXISTS (SELECT 1 FROM findings f
		WHERE f.merchant = ? AND f.bill_on = ? AND f.resolution = 'open')`,
		by.ID, by.Name, tx.Now, merchant, on, merchant, on)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "reconciliation.signed", "reconciliation", on.String(), map[string]string{"merchant": merchant})
}

// ReopenDay undoes a signature because a later run found something new, and keeps whose
// it was. It reports false if the day was not signed.
func ReopenDay(tx *store.Tx, by models.Actor, merchant string, on models.Date) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE reconciliations SET reopened_name = signed_name, reopened_at = ?,
		signed_id = '', signed_name = '', signed_at = 0 WHERE merchant = ? AND bill_on = ? AND signed_at <> 0`, tx.Now, merchant, on)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "reconciliation.reopened", "reconciliation", on.String(), map[string]string{"merchant": merchant})
}

// ReconciledFrom returns the first day of a merchant that could be held against a bill:
// of its first payment or its first run; no date if it has neither.
func ReconciledFrom(tx *store.Tx, merchant string) (models.Date, error) {
	type first struct{ PaidOn, RanOn models.Date }
	f, err := store.Row[first](tx, `SELECT
		COALESCE((SELECT MIN(paid_on) FROM payments WHERE merchant = ? AND channel = 'wechat'), '') AS paid_on,
		COALESCE((SELECT MIN(bill_on) FROM reconciliations WHERE merchant = ?), '') AS ran_on`, merchant, merchant)
	if f.PaidOn.IsZero() || (!f.RanOn.IsZero() && f.RanOn < f.PaidOn) {
		return f.RanOn, err
	}
	return f.PaidOn, err
}

// ReconciledDays returns the days of a merchant that were run, between two dates, both
// included.
func ReconciledDays(tx *store.Tx, merchant string, from, to models.Date) (map[models.Date]bool, error) {
	out := map[models.Date]bool{}
	err := store.Each(tx, func(on *models.Date) error {
		out[*on] = true
		return nil
	}, "SELECT bill_on FROM reconciliations WHERE merchant = ? AND bill_on BETWEEN ? AND ?", merchant, from, to)
	return out, err
}
