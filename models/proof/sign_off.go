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

// LockReconciliation is [ReconciliationOf] with a lock until the transaction ends. A run
// that stores its findings, and a person who signs the day off, take it first, so that no
// finding is added between the check and the signature.
func LockReconciliation(tx *store.Tx, merchant string, on models.Date) (Reconciliation, error) {
	return reconciliationTable.Row(tx, "WHERE merchant = ? AND bill_on = ?"+store.ForUpdate, merchant, on)
}

// SignOff signs a merchant's day in the name of by. It returns false for a day that is
// signed already, was never run, or has an open finding; one statement checks and signs.
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

// ReopenDay undoes a signature because a later run came to something new, and stores whose
// it was. It returns false if the day was not signed.
func ReopenDay(tx *store.Tx, by models.Actor, merchant string, on models.Date) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE reconciliations SET reopened_name = signed_name, reopened_at = ?,
		signed_id = '', signed_name = '', signed_at = 0 WHERE merchant = ? AND bill_on = ? AND signed_at <> 0`, tx.Now, merchant, on)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "reconciliation.reopened", "reconciliation", on.String(), map[string]string{"merchant": merchant})
}

// ReconciledFrom returns the first day of a merchant that could be compared with a bill:
// that of its first payment or of its first run, whichever is earlier. It returns the zero
// date if there is neither.
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

// ReconciledDays returns the set of days of a merchant that were run, between two dates,
// both included.
func ReconciledDays(tx *store.Tx, merchant string, from, to models.Date) (map[models.Date]bool, error) {
	out := map[models.Date]bool{}
	err := store.Each(tx, func(on *models.Date) error {
		out[*on] = true
		return nil
	}, "SELECT bill_on FROM reconciliations WHERE merchant = ? AND bill_on BETWEEN ? AND ?", merchant, from, to)
	return out, err
}
