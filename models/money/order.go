package money

import (
	"errors"
	"slices"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// States of an [Order]; the diagram is in package payment.
const (
	OrderPending      = "pending"
	OrderPaid         = "paid"
	OrderClosed       = "closed"
	OrderException    = "exception"
	OrderRefunding    = "refunding"
	OrderRefunded     = "refunded"
	OrderPartRefunded = "part_refunded"
)

// Order is a request to pay through WeChat Pay. No is the out_trade_no. Request
// is what was sent to WeChat, as JSON, so that a timeout can be repeated word for
// word. ClosedAtWechat says that WeChat has confirmed it can no longer be paid.
type Order struct {
	No             string
	UserID         string
	RoomID         string
	CommunityID    string
	Merchant       string
	MchID          string
	SubMchID       string
	AppID          string
	OpenID         string `gorm:"column:openid"`
	AmountFen      models.Fen
	PrepayFen      models.Fen
	PrepayItem     string // the fee item that the prepayment is for; empty: any
	Status         string
	QuotedOn       models.Date
	Request        string
	PrepayID       string
	TransactionID  string
	CreatedAt      models.Time
	ExpiresAt      models.Time
	PaidAt         models.Time
	ClosedAtWechat bool
	Checks         int
	NextCheckAt    models.Time
	UpdatedAt      models.Time
	PlacedAt       models.Time // when WeChat gave the prepay id
}

// OrderLine is what an order pays of a bill, frozen as quoted. OpenBillID is the
// bill while the order holds it, and unique: a bill is in one open order at most.
type OrderLine struct {
	OrderNo      string
	BillID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	OpenBillID   *string
}

// TotalFen is what the line pays.
func (l OrderLine) TotalFen() models.Fen { return l.PrincipalFen + l.LateFeeFen }

var (
	orderTable     = store.NewTable[Order]("orders").Hot(1)
	orderLineTable = store.NewTable[OrderLine]("order_lines").Hot(4)
)

var (
	sqlOrder      = store.Hot(orderTable.Select("WHERE no = ?"))
	sqlLockOrder  = store.Hot(orderTable.Select("WHERE no = ?" + store.ForUpdate))
	sqlOrderLines = store.Hot(orderLineTable.Select("WHERE order_no = ? ORDER BY bill_id"))
)

// OrderByNo returns an order.
func OrderByNo(tx *store.Tx, no string) (Order, error) { return store.Row[Order](tx, sqlOrder, no) }

// LockOrder returns an order for a change. An order and its bills are locked in this
// sequence: the order first.
func LockOrder(tx *store.Tx, no string) (Order, error) { return store.Row[Order](tx, sqlLockOrder, no) }

// OrderLines returns the lines of an order, by bill id.
func OrderLines(tx *store.Tx, no string) ([]OrderLine, error) {
	return store.Rows[OrderLine](tx, sqlOrderLines, no)
}

var sqlLinesToSettle = store.Hot("SELECT " + orderLineTable.Of("l") + ` , c.settlement FROM order_lines l
	JOIN orders o ON o.no = l.order_no JOIN communities c ON c.id = o.community_id WHERE l.order_no = ? ORDER BY l.bill_id`)

// LinesToSettle returns the lines of an order, by bill id, and the sequence in which
// money settles late fee and principal of each of their bills. Both are empty for an
// order without lines.
func LinesToSettle(tx *store.Tx, no string) (out []OrderLine, settlement string, err error) {
	type line struct {
		OrderLine
		Settlement string
	}
	err = store.Each(tx, func(l *line) error {
		out, settlement = append(out, l.OrderLine), l.Settlement
		return nil
	}, sqlLinesToSettle, no)
	return out, settlement, err
}

// ErrBillClaimed says that a bill is in another open order.
var ErrBillClaimed = errors.New("money: bill is in another open order")

// InsertOrder adds a pending order with its lines and claims its bills. If another
// open order holds one of them, the transaction ends with [ErrBillClaimed], at its
// commit at the latest.
func InsertOrder(tx *store.Tx, o *Order, lines []OrderLine) error {
	err := orderTable.DeferInsert(tx, *o)
	if err != nil || len(lines) == 0 {
		return err
	}
	claims := slices.Clone(lines)
	for i := range claims {
		claims[i].OrderNo, claims[i].OpenBillID = o.No, &claims[i].BillID
	}
	return orderLineTable.DeferInsertUnique(tx, ErrBillClaimed, claims...)
}

// ClaimsOn gives the open orders that hold any of the bills.
func ClaimsOn(tx *store.Tx, billIDs []string) ([]string, error) {
	var out []string
	if len(billIDs) == 0 {
		return nil, nil
	}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var no string
		if err := scan(&no); err != nil {
			return err
		}
		out = append(out, no)
		return nil
	}, "SELECT DISTINCT order_no FROM order_lines WHERE open_bill_id IN ("+store.Placeholders(len(billIDs))+") ORDER BY order_no", store.Args(billIDs)...)
	return out, err
}

var sqlReleaseClaims = store.Hot("UPDATE order_lines SET open_bill_id = NULL WHERE order_no = ?")

// ReleaseClaims frees the bills of an order that has ended.
func ReleaseClaims(tx *store.Tx, no string) error {
	return tx.Defer(sqlReleaseClaims, no)
}

var sqlKeepPrepayID = store.Hot("UPDATE orders SET prepay_id = ?, placed_at = ?, updated_at = ? WHERE no = ? AND status = 'pending'")

// KeepPrepayID keeps what WeChat answered to an order that is still pending, with
// a single statement; false: it has ended in the meantime.
func KeepPrepayID(tx *store.Tx, no, prepayID string) (bool, error) {
	return tx.ExecGuarded(sqlKeepPrepayID, prepayID, tx.Now, tx.Now, no)
}

// SetPrepayID keeps what WeChat answered to the order. An order that ended in the
// meantime (its callback was quicker than the answer) stays as it is.
func SetPrepayID(tx *store.Tx, no, prepayID string) error {
	_, err := tx.Exec("UPDATE orders SET prepay_id = ?, placed_at = ?, updated_at = ? WHERE no = ?", prepayID, tx.Now, tx.Now, no)
	return err
}

var sqlPayOrder = store.Hot("UPDATE orders SET status = 'paid', transaction_id = ?, paid_at = ?, updated_at = ? WHERE no = ? AND status = ?")

// PayOrder moves an order to paid from the state it was read in.
func PayOrder(tx *store.Tx, o *Order, transactionID string, paidAt models.Time) error {
	if err := tx.DeferGuarded(sqlPayOrder, transactionID, paidAt, tx.Now, o.No, o.Status); err != nil {
		return err
	}
	o.Status, o.TransactionID, o.PaidAt, o.UpdatedAt = OrderPaid, transactionID, paidAt, tx.Now
	return nil
}

// CloseOrder moves a pending order to closed; false if it was no longer pending.
// atWechat says that WeChat has confirmed the closing.
func CloseOrder(tx *store.Tx, no string, atWechat bool, nextCheck models.Time) (bool, error) {
	return tx.ExecGuarded("UPDATE orders SET status = 'closed', closed_at_wechat = ?, next_check_at = ?, updated_at = ? WHERE no = ? AND status = 'pending'",
		atWechat, nextCheck, tx.Now, no)
}

// MarkException moves a pending order to exception: WeChat says it was paid, but
// not as ordered.
func MarkException(tx *store.Tx, no string) (bool, error) {
	return tx.ExecGuarded("UPDATE orders SET status = 'exception', updated_at = ? WHERE no = ? AND status = 'pending'", tx.Now, no)
}

// ConfirmClosed notes that WeChat has confirmed the closing of a closed order.
func ConfirmClosed(tx *store.Tx, no string) error {
	_, err := tx.Exec("UPDATE orders SET closed_at_wechat = 1, updated_at = ? WHERE no = ? AND status = 'closed' AND closed_at_wechat = 0", tx.Now, no)
	return err
}

// PostponeCheck notes that WeChat was asked about an order and when to ask next.
func PostponeCheck(tx *store.Tx, no string, next models.Time) error {
	_, err := tx.Exec("UPDATE orders SET checks = checks + 1, next_check_at = ?, updated_at = ? WHERE no = ?", next, tx.Now, no)
	return err
}

// OrdersToCheck returns the numbers of orders that WeChat is to be asked about by now,
// the longest overdue first: pending ones, and closed ones whose closing WeChat has
// not confirmed.
func OrdersToCheck(tx *store.Tx, now models.Time, limit int) ([]string, error) {
	return store.Rows[string](tx, `SELECT no FROM orders WHERE (status = 'pending' OR (status = 'closed' AND closed_at_wechat = 0)) AND next_check_at <= ?
		ORDER BY next_check_at, no LIMIT ?`, now, limit)
}

// OrdersOfUser returns a page of orders, newest first: those the user made, and those
// of others that [OrderInSight] lets them see, so that a parent sees what a child
// paid. after is the number of the last order of the page before.
func OrdersOfUser(tx *store.Tx, userID, after string, limit int) ([]Order, error) {
	q := "SELECT " + orderTable.Of("o") + ` FROM orders o WHERE (o.user_id = ? OR o.room_id IN (SELECT room_id FROM bindings WHERE user_id = ?))
		AND (o.user_id = ? OR ` + orderInSight + ")"
	args := []any{userID, userID, userID, userID, "\n", "\n", "\n", "\n"}
	if after != "" {
		q, args = q+" AND o.no < ?", append(args, after)
	}
	return store.Rows[Order](tx, q+" ORDER BY o.no DESC LIMIT ?", append(args, limit)...)
}

// LinesOfOrders returns the lines of several orders, by order number.
func LinesOfOrders(tx *store.Tx, list []Order) (map[string][]OrderLine, error) {
	nos := make([]string, len(list))
	for i, o := range list {
		nos[i] = o.No
	}
	lines, err := store.RowsIn[OrderLine](tx, nos, nil, orderLineTable.Select("WHERE order_no (IN) ORDER BY order_no, bill_id"))
	return store.Group(lines, func(l *OrderLine) string { return l.OrderNo }), err
}

// OpenOrdersOfRoom returns the numbers of a room's pending orders.
func OpenOrdersOfRoom(tx *store.Tx, roomID string) ([]string, error) {
	return store.Rows[string](tx, "SELECT no FROM orders WHERE room_id = ? AND status = 'pending' ORDER BY no", roomID)
}

// OrderCounts gives the number of orders by state and the creation of the oldest
// pending one, for the metrics.
func OrderCounts(tx *store.Tx) (byState map[string]int64, oldestPending time.Time, err error) {
	byState = map[string]int64{}
	err = tx.QueryRows(func(scan func(...any) error) error {
		var state string
		var n int64
		var oldest models.Time
		if err := scan(&state, &n, &oldest); err != nil {
			return err
		}
		byState[state] = n
		if state == OrderPending {
			oldestPending = oldest.Time
		}
		return nil
	}, "SELECT status, COUNT(*), MIN(created_at) FROM orders GROUP BY status")
	return byState, oldestPending, err
}

// HurryOrdersOn has the open orders on these bills asked about at the next sweep:
// the bills were settled by another order, and they must not be paid twice.
func HurryOrdersOn(tx *store.Tx, billIDs []string) error {
	open, err := ClaimsOn(tx, billIDs)
	if err != nil || len(open) == 0 {
		return err
	}
	_, err = tx.Exec("UPDATE orders SET next_check_at = 1 WHERE no IN ("+store.Placeholders(len(open))+") AND status = 'pending'", store.Args(open)...)
	return err
}

// OrderOvertaken tells whether a bill of the order is settled or void, or owes less
// principal than the order pays. An order for a part of a plan pays less than is
// owed, and that is in order.
func OrderOvertaken(tx *store.Tx, no string) (bool, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, `SELECT COUNT(*) FROM order_lines l JOIN bills b ON b.id = l.bill_id WHERE l.order_no = ?
		AND (b.status IN ('paid','void') OR b.principal_fen - b.discount_fen - b.paid_principal_fen < l.principal_fen)`, no)
	return n > 0, err
}

// UnsettledOrder is an order of a room by which money may be on its way: WeChat
// may know of a payment that we do not.
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

// HurryPending has every pending order asked about at the next sweep, and gives
// their number.
func HurryPending(tx *store.Tx) (int64, error) {
	return tx.Exec("UPDATE orders SET next_check_at = 1 WHERE status = 'pending' AND prepay_id <> ''")
}

// EndException moves an exception to closed; false if it is none.
func EndException(tx *store.Tx, no string) (bool, error) {
	return tx.ExecGuarded("UPDATE orders SET status = 'closed', closed_at_wechat = 1, updated_at = ? WHERE no = ? AND status = 'exception'", tx.Now, no)
}

// WasPaid tells whether the order's money is booked, whatever went back since.
func (o *Order) WasPaid() bool {
	switch o.Status {
	case OrderPaid, OrderRefunding, OrderRefunded, OrderPartRefunded:
		return true
	}
	return false
}
