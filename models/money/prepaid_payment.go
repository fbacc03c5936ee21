package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// PrepaidOfPayment returns what is left in prepayment of what a payment brought: one
// entry, without ID and time, for each fee item and kind whose sum is not zero. Moves
// between items do not name a payment, and do not count.
func PrepaidOfPayment(tx *store.Tx, paymentID string) ([]PrepaidEntry, error) {
	return store.Rows[PrepaidEntry](tx, `SELECT room_id, item, kind, SUM(amount_fen) AS amount_fen FROM prepaid_entries WHERE payment_id = ?
		GROUP BY room_id, item, kind HAVING SUM(amount_fen) <> 0
		ORDER BY item, kind`, paymentID)
}

// paymentSum is a sum of prepaid entries by payment.
type paymentSum struct {
	PaymentID string
	SumFen    models.Fen
}

func byPayment(list []paymentSum) map[string]models.Fen {
	out := make(map[string]models.Fen, len(list))
	for _, s := range list {
		out[s.PaymentID] = s.SumFen
	}
	return out
}

// PrepaidOfPayments returns by payment what of it is in prepayment: what went in less
// what went back. What was spent on bills since is still in it.
func PrepaidOfPayments(tx *store.Tx, ids []string) (map[string]models.Fen, error) {
	list, err := store.RowsIn[paymentSum](tx, ids, nil, `SELECT payment_id, SUM(amount_fen) AS sum_fen FROM prepaid_entries
		WHERE payment_id (IN) GROUP BY payment_id`)
	return byPayment(list), err
}

// PrepaidCredits returns by payment what was credited from a bill to prepayment.
func PrepaidCredits(tx *store.Tx, billID string) (map[string]models.Fen, error) {
	list, err := store.Rows[paymentSum](tx, `SELECT e.payment_id, SUM(e.amount_fen) AS sum_fen FROM prepaid_entries e
		WHERE e.bill_id = ? AND e.kind = 'credit'
		AND e.room_id = (SELECT room_id FROM bills WHERE id = ?) GROUP BY e.payment_id`, billID, billID)
	return byPayment(list), err
}

// PrepaidPayment is a payment by WeChat of which something is in prepayment.
type PrepaidPayment struct {
	PaymentID string
	OrderNo   string
	Item      string     // the fee item that the order named; empty: any
	AmountFen models.Fen // in prepayment
}

// PrepaidPayments returns a room's payments by WeChat that are in its prepayment,
// newest first, paid since a time.
func PrepaidPayments(tx *store.Tx, roomID string, since models.Time) ([]PrepaidPayment, error) {
	return store.Rows[PrepaidPayment](tx, `SELECT p.id AS payment_id, p.order_no, o.prepay_item AS item, SUM(e.amount_fen) AS amount_fen
		FROM payments p JOIN orders o ON o.no = p.order_no JOIN prepaid_entries e ON e.payment_id = p.id
		WHERE p.room_id = ? AND p.channel = 'wechat' AND p.paid_at >= ?
		GROUP BY p.id, p.order_no, o.prepay_item, p.paid_at HAVING SUM(e.amount_fen) > 0
		ORDER BY p.paid_at DESC, p.id DESC`, roomID, since)
}
