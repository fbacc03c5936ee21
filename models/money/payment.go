package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Payment is money received, once a transaction id and once an order, however often
// somebody reports it. It never changes. SurplusFen is the part that no bill could
// take; it is in prepayment then.
type Payment struct {
	ID            string
	Channel       string
	OrderNo       *string // unique; NULL for money that came without an order
	TransactionID *string // unique; NULL for channels without one
	Merchant      string
	CommunityID   string
	RoomID        string
	UserID        string // empty where nobody on a phone paid
	AmountFen     models.Fen
	SurplusFen    models.Fen
	Source        string      // how it became known: LearnedByCallback …
	PaidAt        models.Time // WeChat's success_time
	PaidOn        models.Date // the day of PaidAt
	BookedAt      models.Time
}

var paymentTable = store.NewTable[Payment]("payments").Hot(1)

// ErrPaymentExists says that this order or this transaction has been booked.
var ErrPaymentExists = models.Refusal(models.KindConflict, "PAYMENT_EXISTS", "该笔支付已入账")

// InsertPayment books money received. It fails with [ErrPaymentExists] if the order or
// the transaction is booked already, at the latest at the end of the transaction.
func InsertPayment(tx *store.Tx, p *Payment) error {
	return paymentTable.DeferInsertUnique(tx, ErrPaymentExists, *p)
}

// PaymentByID returns a payment by its own id, or [models.ErrNotFound].
func PaymentByID(tx *store.Tx, id string) (Payment, error) {
	return store.G[Payment](tx).Where("id = ?", id).Take(tx.Context())
}

// PaymentOfOrder returns the payment of an order, or [models.ErrNotFound] while it is
// not paid.
func PaymentOfOrder(tx *store.Tx, no string) (Payment, error) {
	return store.G[Payment](tx).Where("order_no = ?", no).Take(tx.Context())
}

// PaymentsOfRoom returns a room's payments, newest first.
func PaymentsOfRoom(tx *store.Tx, roomID string, limit int) ([]Payment, error) {
	return store.G[Payment](tx).Where("room_id = ?", roomID).Order("paid_at DESC, id DESC").Limit(limit).Find(tx.Context())
}

// PaymentsLearnedBy returns a merchant's payments by WeChat of a day that became known
// from one source.
func PaymentsLearnedBy(tx *store.Tx, source, merchant string, on models.Date) ([]Payment, error) {
	return store.G[Payment](tx).Where("merchant = ? AND paid_on = ? AND source = ? AND channel = ?", merchant, on, source, ChannelWechat).
		Order("id").Find(tx.Context())
}

// Takings is the money received on a day by one channel.
type Takings struct {
	Count  int64
	SumFen models.Fen
}

// TakingsOn returns the money received by a channel on a day, by the day it was paid.
func TakingsOn(tx *store.Tx, channel string, on models.Date) (Takings, error) {
	return store.Row[Takings](tx, `SELECT COUNT(*) AS count, COALESCE(SUM(amount_fen), 0) AS sum_fen
		FROM payments WHERE paid_on = ? AND channel = ?`, on, channel)
}
