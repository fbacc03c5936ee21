package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// PaidOrder is the books' side of a reconciliation: a payment by WeChat.
type PaidOrder struct {
	OrderNo       string
	TransactionID string
	AmountFen     models.Fen
}

var sqlPaidOrders = store.Hot(`SELECT order_no, transaction_id, amount_fen FROM payments
	WHERE merchant = ? AND paid_on = ? AND channel = 'wechat'`)

// EachPaidOrder calls fn with a merchant's payments of a day, one after the other: of a
// large day they are too many to hold.
func EachPaidOrder(tx *store.Tx, merchant string, on models.Date, fn func(PaidOrder) error) error {
	return store.Each(tx, func(p *PaidOrder) error { return fn(*p) }, sqlPaidOrders, merchant, on)
}

// PaidOrderSums is a merchant's payments of a day.
type PaidOrderSums struct {
	Count  int
	SumFen models.Fen
	Healed int // how many of them only reconciliation brought to light
}

// SumPaidOrders adds up a merchant's payments of a day, in one walk over them: of
// a large day each walk takes a second.
func SumPaidOrders(tx *store.Tx, merchant string, on models.Date) (PaidOrderSums, error) {
	return store.Row[PaidOrderSums](tx, `SELECT COUNT(*) AS count, COALESCE(SUM(amount_fen), 0) AS sum_fen,
		COALESCE(SUM(CASE WHEN source = 'reconcile' THEN 1 ELSE 0 END), 0) AS healed
		FROM payments WHERE merchant = ? AND paid_on = ? AND channel = 'wechat'`, merchant, on)
}
