package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// PaidOrder is our side of a reconciliation: a payment by WeChat.
type PaidOrder struct {
	OrderNo       string
	TransactionID string
	AmountFen     models.Fen
}

// EachPaidOrder streams a merchant's payments of a day.
func EachPaidOrder(tx *store.Tx, merchant string, on models.Date, fn func(PaidOrder) error) error {
	return tx.QueryRows(func(scan func(...any) error) error {
		var p PaidOrder
		if err := scan(&p.OrderNo, &p.TransactionID, &p.AmountFen); err != nil {
			return err
		}
		return fn(p)
	}, sqlPaidOrders, merchant, on)
}

// PaidOrderSums is a merchant's payments of a day.
type PaidOrderSums struct {
	Count  int
	SumFen models.Fen
	Healed int // of them learned by reconciliation
}

// SumPaidOrders adds up a merchant's payments of a day, in one walk over them: of
// a large day each walk takes a second.
func SumPaidOrders(tx *store.Tx, merchant string, on models.Date) (s PaidOrderSums, err error) {
	err = tx.QueryRow([]any{&s.Count, &s.SumFen, &s.Healed}, `SELECT COUNT(*), COALESCE(SUM(amount_fen), 0), COALESCE(SUM(CASE WHEN source = 'reconcile' THEN 1 ELSE 0 END), 0)
		FROM payments WHERE merchant = ? AND paid_on = ? AND channel = 'wechat'`, merchant, on)
	return s, err
}
