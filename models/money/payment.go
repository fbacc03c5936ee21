package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Channels of money 收款方式.
const ChannelWechat = "wechat"

// How we learned of a payment.
const (
	LearnedByCallback  = "callback"
	LearnedByQuery     = "query"
	LearnedByReconcile = "reconcile"
	LearnedByStaff     = "staff" // of a refund: paid by hand
)

// Payment is money received, once a transaction id and once an order however
// often it is told. SurplusFen is the part that no bill could take.
type Payment struct {
	ID            string
	Channel       string
	OrderNo       *string // unique; NULL for money that came without an order
	TransactionID *string // unique; NULL for channels without one
	Merchant      string
	CommunityID   string
	RoomID        string
	UserID        string
	AmountFen     models.Fen
	SurplusFen    models.Fen
	Source        string      // how we learned of it
	PaidAt        models.Time // WeChat's success_time
	PaidOn        models.Date
	BookedAt      models.Time
}

const paymentColumns = "id, channel, order_no, transaction_id, merchant, community_id, room_id, user_id, amount_fen, surplus_fen, source, paid_at, paid_on, booked_at"

func (p *Payment) dest() []any {
	return []any{&p.ID, &p.Channel, &p.OrderNo, &p.TransactionID, &p.Merchant, &p.CommunityID, &p.RoomID, &p.UserID, &p.AmountFen, &p.SurplusFen,
		&p.Source, &p.PaidAt, &p.PaidOn, &p.BookedAt}
}

// ErrPaymentExists says that this order or this transaction has been booked.
var ErrPaymentExists = models.Refusal(models.KindConflict, "PAYMENT_EXISTS", "该笔支付已入账")

var sqlInsertPayment = store.Hot("INSERT INTO payments (" + paymentColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")

// InsertPayment books money received; [ErrPaymentExists] if the order or the
// transaction is booked already, at the latest from the end of the transaction.
func InsertPayment(tx *store.Tx, p *Payment) error {
	return tx.DeferUnique("payments", ErrPaymentExists, sqlInsertPayment, p.ID, p.Channel, p.OrderNo, p.TransactionID, p.Merchant, p.CommunityID, p.RoomID, p.UserID, p.AmountFen, p.SurplusFen,
		p.Source, p.PaidAt, p.PaidOn, p.BookedAt)
}

// PaymentOfOrder gives the payment of an order.
func PaymentOfOrder(tx *store.Tx, no string) (Payment, error) {
	var p Payment
	return p, tx.QueryRow(p.dest(), "SELECT "+paymentColumns+" FROM payments WHERE order_no = ?", no)
}

// PaymentsOfRoom gives a room's payments, newest first.
func PaymentsOfRoom(tx *store.Tx, roomID string, limit int) ([]Payment, error) {
	var out []Payment
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Payment{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+paymentColumns+" FROM payments WHERE room_id = ? ORDER BY paid_at DESC, id DESC LIMIT ?", roomID, limit)
	return out, err
}

var sqlPaidOrders = store.Hot("SELECT order_no, transaction_id, amount_fen FROM payments WHERE merchant = ? AND paid_on = ? AND channel = 'wechat'")

// PaymentsLearnedBy gives a merchant's payments of a day that we learned of in one
// way.
func PaymentsLearnedBy(tx *store.Tx, source, merchant string, on models.Date) ([]Payment, error) {
	var out []Payment
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Payment{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+paymentColumns+" FROM payments WHERE merchant = ? AND paid_on = ? AND source = ? AND channel = 'wechat' ORDER BY id", merchant, on, source)
	return out, err
}

// Takings is the money received on a day by one channel.
type Takings struct {
	Count  int64
	SumFen models.Fen
}

// TakingsOn gives the money received on a day by a channel, by the day it was paid.
func TakingsOn(tx *store.Tx, channel string, on models.Date) (Takings, error) {
	var t Takings
	err := tx.QueryRow([]any{&t.Count, &t.SumFen}, "SELECT COUNT(*), COALESCE(SUM(amount_fen), 0) FROM payments WHERE paid_on = ? AND channel = ?", on, channel)
	return t, err
}

// PaymentByID finds a payment by its own id.
func PaymentByID(tx *store.Tx, id string) (Payment, error) {
	var p Payment
	return p, tx.QueryRow(p.dest(), "SELECT "+paymentColumns+" FROM payments WHERE id = ?", id)
}
