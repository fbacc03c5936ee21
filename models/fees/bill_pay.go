package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// hotLocks is up to how many bills the locking statements are prepared for: the number
// of bills in one payment is mostly small, two years of months at most.
const hotLocks = 24

// sqlLockBills holds the statement for n bills at n.
var sqlLockBills = func() []string {
	list := make([]string, hotLocks+1)
	for n := 1; n <= hotLocks; n++ {
		list[n] = store.Hot(lockBillsSQL(n))
	}
	return list
}()

func lockBillsSQL(n int) string {
	return BillTable.Select("WHERE id IN (" + store.Placeholders(n) + ") ORDER BY id" + store.ForUpdate)
}

// LockBills reads bills for a change, in ascending order of id: all who lock several
// bills do it in this order and cannot deadlock. A bill that does not exist is missing
// in the answer.
func LockBills(tx *store.Tx, ids []string) ([]Bill, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := ""
	if len(ids) <= hotLocks {
		q = sqlLockBills[len(ids)]
	} else {
		q = lockBillsSQL(len(ids))
	}
	return store.Rows[Bill](tx, q, store.Args(ids)...)
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
