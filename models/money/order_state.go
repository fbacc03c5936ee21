package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

var sqlKeepPrepayID = store.Hot("UPDATE orders SET prepay_id = ?, placed_at = ?, updated_at = ? WHERE no = ? AND status = 'pending'")

// KeepPrepayID keeps what WeChat answered to an order that is still pending, with a
// single statement. It returns false if the order has ended in the meantime.
func KeepPrepayID(tx *store.Tx, no, prepayID string) (bool, error) {
	return tx.ExecGuarded(sqlKeepPrepayID, prepayID, tx.Now, tx.Now, no)
}

// SetPrepayID keeps what WeChat answered to the order, whatever its state: one that
// ended in the meantime (its callback was quicker than the answer) stays as it is
// otherwise.
func SetPrepayID(tx *store.Tx, no, prepayID string) error {
	_, err := tx.Exec("UPDATE orders SET prepay_id = ?, placed_at = ?, updated_at = ? WHERE no = ?", prepayID, tx.Now, tx.Now, no)
	return err
}

var sqlPayOrder = store.Hot(`UPDATE orders SET status = 'paid', transaction_id = ?, paid_at = ?, updated_at = ?
	WHERE no = ? AND status = ?`)

// PayOrder moves an order to paid from the state it was read in, with a lock.
func PayOrder(tx *store.Tx, o *Order, transactionID string, paidAt models.Time) error {
	if err := tx.DeferGuarded(sqlPayOrder, transactionID, paidAt, tx.Now, o.No, o.Status); err != nil {
		return err
	}
	o.Status, o.TransactionID, o.PaidAt, o.UpdatedAt = OrderPaid, transactionID, paidAt, tx.Now
	return nil
}

// CloseOrder moves a pending order to closed, and returns false if it was no longer
// pending. atWechat says that WeChat has confirmed the closing; otherwise it is asked
// again at nextCheck.
func CloseOrder(tx *store.Tx, no string, atWechat bool, nextCheck models.Time) (bool, error) {
	return tx.ExecGuarded(`UPDATE orders SET status = 'closed', closed_at_wechat = ?, next_check_at = ?, updated_at = ?
		WHERE no = ? AND status = 'pending'`, atWechat, nextCheck, tx.Now, no)
}

// ConfirmClosed notes that WeChat has confirmed the closing of a closed order.
func ConfirmClosed(tx *store.Tx, no string) error {
	_, err := tx.Exec(`UPDATE orders SET closed_at_wechat = 1, updated_at = ?
		WHERE no = ? AND status = 'closed' AND closed_at_wechat = 0`, tx.Now, no)
	return err
}

// MarkException moves a pending order to exception, and returns false if it was no
// longer pending.
func MarkException(tx *store.Tx, no string) (bool, error) {
	return tx.ExecGuarded("UPDATE orders SET status = 'exception', updated_at = ? WHERE no = ? AND status = 'pending'", tx.Now, no)
}

// EndException moves an exception to closed, and returns false if it was none.
func EndException(tx *store.Tx, no string) (bool, error) {
	return tx.ExecGuarded(`UPDATE orders SET status = 'closed', closed_at_wechat = 1, updated_at = ?
		WHERE no = ? AND status = 'exception'`, tx.Now, no)
}

// OrderRefundState moves a paid order to the state that its refunds make of it:
// refunding while one is under way, else by what went back. The order is locked.
func OrderRefundState(tx *store.Tx, o *Order) error {
	sum, err := store.Row[struct {
		Moving   int
		Refunded models.Fen
	}](tx, `SELECT COALESCE(SUM(CASE WHEN status IN ('sending','processing','abnormal') THEN 1 ELSE 0 END), 0) AS moving,
		COALESCE(SUM(CASE WHEN status = 'success' THEN amount_fen ELSE 0 END), 0) AS refunded FROM refunds WHERE order_no = ?`, o.No)
	if err != nil {
		return err
	}
	next := OrderPaid
	switch {
	case sum.Moving > 0:
		next = OrderRefunding
	case sum.Refunded == o.AmountFen:
		next = OrderRefunded
	case sum.Refunded > 0:
		next = OrderPartRefunded
	}
	if next == o.Status {
		return nil
	}
	err = tx.ExecOne("UPDATE orders SET status = ?, updated_at = ? WHERE no = ? AND status = ?", next, tx.Now, o.No, o.Status)
	if err != nil {
		return err
	}
	o.Status = next
	return nil
}
