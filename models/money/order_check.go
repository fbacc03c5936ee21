package money

import (
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// OrdersToCheck returns the numbers of orders that WeChat is to be asked about by now,
// the longest overdue first: pending ones, and closed ones whose closing WeChat has
// not confirmed.
func OrdersToCheck(tx *store.Tx, now models.Time, limit int) ([]string, error) {
	return store.Rows[string](tx, `SELECT no FROM orders
		WHERE (status = 'pending' OR (status = 'closed' AND closed_at_wechat = 0)) AND next_check_at <= ?
		ORDER BY next_check_at, no LIMIT ?`, now, limit)
}

// PostponeCheck notes that WeChat was asked about an order and when to ask next.
func PostponeCheck(tx *store.Tx, no string, next models.Time) error {
	_, err := tx.Exec("UPDATE orders SET checks = checks + 1, next_check_at = ?, updated_at = ? WHERE no = ?", next, tx.Now, no)
	return err
}

// HurryOrdersOn has the open orders on these bills asked about at the next sweep:
// the bills were settled by another order, and must not be paid twice.
func HurryOrdersOn(tx *store.Tx, billIDs []string) error {
	open, err := ClaimsOn(tx, billIDs)
	if err != nil || len(open) == 0 {
		return err
	}
	_, err = tx.Exec("UPDATE orders SET next_check_at = 1 WHERE no IN ("+store.Placeholders(len(open))+") AND status = 'pending'",
		store.Args(open)...)
	return err
}

// HurryPending has every pending order that WeChat knows asked about at the next
// sweep, and returns their number.
func HurryPending(tx *store.Tx) (int64, error) {
	return tx.Exec("UPDATE orders SET next_check_at = 1 WHERE status = 'pending' AND prepay_id <> ''")
}

// OpenOrdersOfRoom returns the numbers of a room's pending orders.
func OpenOrdersOfRoom(tx *store.Tx, roomID string) ([]string, error) {
	return store.Rows[string](tx, "SELECT no FROM orders WHERE room_id = ? AND status = 'pending' ORDER BY no", roomID)
}

// UnsettledOrder is an order of a room by which money may be on its way: WeChat
// may know of a payment that these books do not.
type UnsettledOrder struct {
	No     string
	Status string
}

// UnsettledOrders returns a room's pending orders, those closed without confirmation
// from WeChat, and those that WeChat says were paid otherwise than ordered.
func UnsettledOrders(tx *store.Tx, roomID string) ([]UnsettledOrder, error) {
	return store.Rows[UnsettledOrder](tx, `SELECT no, status FROM orders WHERE room_id = ?
		AND (status IN ('pending','exception') OR (status = 'closed' AND closed_at_wechat = 0)) ORDER BY no`, roomID)
}

// OrderCounts returns the number of orders by state and the creation of the oldest
// pending one, for the metrics. A state without an order is missing.
func OrderCounts(tx *store.Tx) (byState map[string]int64, oldestPending time.Time, err error) {
	type count struct {
		Status string
		Orders int64
		Oldest models.Time
	}
	byState = map[string]int64{}
	err = store.Each(tx, func(c *count) error {
		byState[c.Status] = c.Orders
		if c.Status == OrderPending {
			oldestPending = c.Oldest.Time
		}
		return nil
	}, "SELECT status, COUNT(*) AS orders, MIN(created_at) AS oldest FROM orders GROUP BY status")
	return byState, oldestPending, err
}
