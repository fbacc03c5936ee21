package models

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
	AmountFen     Fen
	SurplusFen    Fen
	Source        string // how we learned of it
	PaidAt        Time   // WeChat's success_time
	PaidOn        Date
	BookedAt      Time
}

const paymentColumns = "id, channel, order_no, transaction_id, merchant, community_id, room_id, user_id, amount_fen, surplus_fen, source, paid_at, paid_on, booked_at"

func (p *Payment) dest() []any {
	return []any{&p.ID, &p.Channel, &p.OrderNo, &p.TransactionID, &p.Merchant, &p.CommunityID, &p.RoomID, &p.UserID, &p.AmountFen, &p.SurplusFen,
		&p.Source, &p.PaidAt, &p.PaidOn, &p.BookedAt}
}

// ErrPaymentExists says that this order or this transaction has been booked.
var ErrPaymentExists = Refusal(KindConflict, "PAYMENT_EXISTS", "该笔支付已入账")

var sqlInsertPayment = hot("INSERT INTO payments (" + paymentColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")

// InsertPayment books money received; [ErrPaymentExists] if the order or the
// transaction is booked already, at the latest from the end of the transaction.
func (tx *Tx) InsertPayment(p *Payment) error {
	return tx.laterUnique("payments", ErrPaymentExists, sqlInsertPayment, p.ID, p.Channel, p.OrderNo, p.TransactionID, p.Merchant, p.CommunityID, p.RoomID, p.UserID, p.AmountFen, p.SurplusFen,
		p.Source, p.PaidAt, p.PaidOn, p.BookedAt)
}

// PaymentOfOrder gives the payment of an order.
func (tx *Tx) PaymentOfOrder(no string) (Payment, error) {
	var p Payment
	return p, tx.one(p.dest(), "SELECT "+paymentColumns+" FROM payments WHERE order_no = ?", no)
}

// PaymentsOfRoom gives a room's payments, newest first.
func (tx *Tx) PaymentsOfRoom(roomID string, limit int) ([]Payment, error) {
	var out []Payment
	err := tx.each(func(scan func(...any) error) error {
		out = append(out, Payment{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+paymentColumns+" FROM payments WHERE room_id = ? ORDER BY paid_at DESC, id DESC LIMIT ?", roomID, limit)
	return out, err
}

// PaidOrder is our side of a reconciliation: a payment by WeChat.
type PaidOrder struct {
	OrderNo       string
	TransactionID string
	AmountFen     Fen
}

var sqlPaidOrders = hot("SELECT order_no, transaction_id, amount_fen FROM payments WHERE merchant = ? AND paid_on = ? AND channel = 'wechat'")

// EachPaidOrder streams a merchant's payments of a day.
func (tx *Tx) EachPaidOrder(merchant string, on Date, fn func(PaidOrder) error) error {
	return tx.each(func(scan func(...any) error) error {
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
	SumFen Fen
	Healed int // of them learned by reconciliation
}

// PaidOrderSums adds up a merchant's payments of a day, in one walk over them: of
// a large day each walk takes a second.
func (tx *Tx) PaidOrderSums(merchant string, on Date) (s PaidOrderSums, err error) {
	err = tx.one([]any{&s.Count, &s.SumFen, &s.Healed}, `SELECT COUNT(*), COALESCE(SUM(amount_fen), 0), COALESCE(SUM(CASE WHEN source = 'reconcile' THEN 1 ELSE 0 END), 0)
		FROM payments WHERE merchant = ? AND paid_on = ? AND channel = 'wechat'`, merchant, on)
	return s, err
}

// PaymentsLearnedBy gives a merchant's payments of a day that we learned of in one
// way.
func (tx *Tx) PaymentsLearnedBy(source, merchant string, on Date) ([]Payment, error) {
	var out []Payment
	err := tx.each(func(scan func(...any) error) error {
		out = append(out, Payment{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+paymentColumns+" FROM payments WHERE merchant = ? AND paid_on = ? AND source = ? AND channel = 'wechat' ORDER BY id", merchant, on, source)
	return out, err
}

// Takings is the money received on a day by one channel.
type Takings struct {
	Count  int64
	SumFen Fen
}

// TakingsOn gives the money received on a day by a channel, by the day it was paid.
func (tx *Tx) TakingsOn(channel string, on Date) (Takings, error) {
	var t Takings
	err := tx.one([]any{&t.Count, &t.SumFen}, "SELECT COUNT(*), COALESCE(SUM(amount_fen), 0) FROM payments WHERE paid_on = ? AND channel = ?", on, channel)
	return t, err
}

// PaymentByID finds a payment by its own id.
func (tx *Tx) PaymentByID(id string) (Payment, error) {
	var p Payment
	return p, tx.one(p.dest(), "SELECT "+paymentColumns+" FROM payments WHERE id = ?", id)
}
