package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// ReconciliationOf gives the last run of a merchant's day; [models.ErrNotFound] if there was
// none.
func ReconciliationOf(tx *store.Tx, merchant string, on models.Date) (Reconciliation, error) {
	return reconciliationOf(tx, merchant, on, "")
}

// LockReconciliation is [ReconciliationOf] for a change: whoever keeps a run or
// signs the day off holds it first.
func LockReconciliation(tx *store.Tx, merchant string, on models.Date) (Reconciliation, error) {
	return reconciliationOf(tx, merchant, on, store.ForUpdate)
}

func reconciliationOf(tx *store.Tx, merchant string, on models.Date, lock string) (Reconciliation, error) {
	held := ""
	if err := tx.QueryRow([]any{&held}, "SELECT merchant FROM reconciliations WHERE merchant = ? AND bill_on = ?"+lock, merchant, on); err != nil {
		return Reconciliation{}, err
	}
	var r Reconciliation
	return r, tx.Gorm().Where("merchant = ? AND bill_on = ?", merchant, on).Take(&r).Error
}

// SignOff puts a name under a merchant's day. Its guard refuses a day that is
// signed, or that has an open finding: false.
func SignOff(tx *store.Tx, by models.Actor, merchant string, on models.Date) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE reconciliations SET signed_id = ?, signed_name = ?, signed_at = ? WHERE merchant = ? AND bill_on = ? AND signed_at = 0
		AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.merchant = ? AND f.bill_on = ? AND f.resolution = 'open')`,
		by.ID, by.Name, tx.Now, merchant, on, merchant, on)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "reconciliation.signed", "reconciliation", on.String(), map[string]string{"merchant": merchant})
}

// ReopenDay undoes a signature because a later run found something new, and keeps
// whose it was; false if the day was not signed.
func ReopenDay(tx *store.Tx, by models.Actor, merchant string, on models.Date) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE reconciliations SET reopened_name = signed_name, reopened_at = ?, signed_id = '', signed_name = '', signed_at = 0
		WHERE merchant = ? AND bill_on = ? AND signed_at <> 0`, tx.Now, merchant, on)
	if err != nil || !ok {
		return ok, err
	}
	return true, office.Audit(tx, by, "reconciliation.reopened", "reconciliation", on.String(), map[string]string{"merchant": merchant})
}

// ReconciledFrom is the first day of a merchant that could be held against a bill:
// of its first payment or its first run; no date if it has neither.
func ReconciledFrom(tx *store.Tx, merchant string) (models.Date, error) {
	var paid, ran models.Date
	err := tx.QueryRow([]any{&paid, &ran}, `SELECT COALESCE((SELECT MIN(paid_on) FROM payments WHERE merchant = ? AND channel = 'wechat'), ''),
		COALESCE((SELECT MIN(bill_on) FROM reconciliations WHERE merchant = ?), '')`, merchant, merchant)
	if paid.IsZero() || (!ran.IsZero() && ran < paid) {
		return ran, err
	}
	return paid, err
}

// ReconciledDays gives the days of a merchant that were run, between two dates,
// both included.
func ReconciledDays(tx *store.Tx, merchant string, from, to models.Date) (map[models.Date]bool, error) {
	out := map[models.Date]bool{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var on models.Date
		err := scan(&on)
		out[on] = true
		return err
	}, "SELECT bill_on FROM reconciliations WHERE merchant = ? AND bill_on BETWEEN ? AND ?", merchant, from, to)
	return out, err
}
