package money

import (
	"errors"
	"slices"

	"wuyepay/models"
	"wuyepay/models/store"
)

// OrderLine is what an order pays of a bill, frozen as quoted. OpenBillID is the bill
// while the order holds it, and NULL afterwards. It is unique: a bill is in one open
// order at most.
type OrderLine struct {
	OrderNo      string
	BillID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	OpenBillID   *string
}

// TotalFen returns what the line pays.
func (l OrderLine) TotalFen() models.Fen { return l.PrincipalFen + l.LateFeeFen }

// A usual order has up to four lines.
var orderLineTable = store.NewTable[OrderLine]("order_lines").Hot(4)

var sqlOrderLines = store.Hot(orderLineTable.Select("WHERE order_no = ? ORDER BY bill_id"))

// OrderLines returns the lines of an order, by bill id.
func OrderLines(tx *store.Tx, no string) ([]OrderLine, error) {
	return store.Rows[OrderLine](tx, sqlOrderLines, no)
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

// claim adds the lines of an order and claims their bills.
func claim(tx *store.Tx, no string, lines []OrderLine) error {
	claims := slices.Clone(lines)
	for i := range claims {
		claims[i].OrderNo, claims[i].OpenBillID = no, &claims[i].BillID
	}
	return orderLineTable.DeferInsertUnique(tx, ErrBillClaimed, claims...)
}

var sqlReleaseClaims = store.Hot("UPDATE order_lines SET open_bill_id = NULL WHERE order_no = ?")

// ReleaseClaims frees the bills of an order that has ended.
func ReleaseClaims(tx *store.Tx, no string) error {
	return tx.Defer(sqlReleaseClaims, no)
}

// ClaimsOn returns the numbers of the open orders that hold any of the bills.
func ClaimsOn(tx *store.Tx, billIDs []string) ([]string, error) {
	if len(billIDs) == 0 {
		return nil, nil
	}
	return store.Rows[string](tx, "SELECT DISTINCT order_no FROM order_lines WHERE open_bill_id IN ("+
		store.Placeholders(len(billIDs))+") ORDER BY order_no", store.Args(billIDs)...)
}

// OrdersAtWechatOn returns the numbers of the orders on the bills that may still be
// paid at WeChat Pay: those that hold a bill, and those that were closed here without
// WeChat's word.
func OrdersAtWechatOn(tx *store.Tx, billIDs []string) ([]string, error) {
	if len(billIDs) == 0 {
		return nil, nil
	}
	in := "(" + store.Placeholders(len(billIDs)) + ")"
	return store.Rows[string](tx, "SELECT order_no FROM order_lines WHERE open_bill_id IN "+in+`
		UNION SELECT o.no FROM order_lines l JOIN orders o ON o.no = l.order_no
		WHERE l.bill_id IN `+in+" AND o.status = 'closed' AND o.closed_at_wechat = 0 ORDER BY 1",
		append(store.Args(billIDs), store.Args(billIDs)...)...)
}

// OrderOvertaken reports whether a bill of the order is settled or void, or owes less
// principal than the order pays. For example, an order for 300 yuan of a bill that owes
// 200 yuan since the desk took 100 is overtaken; one for a part of 100 yuan of a plan
// for it is not.
func OrderOvertaken(tx *store.Tx, no string) (bool, error) {
	n, err := store.Row[int](tx, `SELECT COUNT(*) FROM order_lines l JOIN bills b ON b.id = l.bill_id WHERE l.order_no = ?
		AND (b.status IN ('paid','void') OR b.principal_fen - b.discount_fen - b.paid_principal_fen < l.principal_fen)`, no)
	return n > 0, err
}
