package fees

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/store"
)

// The number of bills in one payment is mostly small, two years of months at most.
var sqlLockBills = store.HotIn(BillTable.Select("WHERE id (IN) ORDER BY id"+store.ForUpdate), 24)

// LockBills reads bills for a change, in ascending order of id: all who lock several
// bills do it in this order and cannot deadlock. A bill that does not exist is missing
// in the answer.
func LockBills(tx *store.Tx, ids []string) ([]Bill, error) {
	// Sorted, so that the order holds across the parts of a long list, too.
	return store.RowsIn[Bill](tx, slices.Sorted(slices.Values(ids)), nil, sqlLockBills)
}

var sqlPayBill = store.Hot(`UPDATE bills SET status = ?, paid_principal_fen = paid_principal_fen + ?,
	paid_late_fee_fen = paid_late_fee_fen + ?, updated_at = ?
	WHERE id = ? AND status = ? AND paid_principal_fen = ? AND paid_late_fee_fen = ?`)

// PayBill moves a bill that was read with a lock: principal and late fee, in fen, are
// added to what is paid, and the status becomes that given. The guard is the state
// that was read; that it does not hold is a fault, which ends the transaction at its
// commit at the latest.
func PayBill(tx *store.Tx, b *Bill, status string, principal, lateFee models.Fen) error {
	err := tx.DeferGuarded(sqlPayBill, status, principal, lateFee, tx.Now, b.ID, b.Status, b.PaidPrincipalFen, b.PaidLateFeeFen)
	if err != nil {
		return err
	}
	b.Status = status
	b.PaidPrincipalFen += principal
	b.PaidLateFeeFen += lateFee
	b.UpdatedAt = tx.Now
	return nil
}
