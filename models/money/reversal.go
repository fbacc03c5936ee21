package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// PaymentReversal is a payment undone 冲正, once at most: an entry of its own, with the
// room, channel and amount of the payment. StaffID and DayOn say in whose day it
// counts: in that of the cashier who had entered the payment. For example, a cheque
// that A entered on 10 March and a manager reverses on 12 March lowers A's 12 March, or
// A's next day that is not closed.
type PaymentReversal struct {
	ID          string
	PaymentID   string
	CommunityID string
	RoomID      string
	Channel     string
	AmountFen   models.Fen
	StaffID     string
	DayOn       models.Date
	Reason      string
	ByID        string // the member of staff who reversed it
	ByName      string
	CreatedAt   models.Time
}

// For the tests of the schema: GORM reads and writes it.
var _ = store.NewTable[PaymentReversal]("payment_reversals")

// ErrReversed says that a payment is undone already.
var ErrReversed = models.Refusal(models.KindConflict, "PAYMENT_REVERSED", "该笔收款已冲正，不能重复冲正")

// InsertReversal keeps that a payment is undone; it sets ID and CreatedAt. It fails with
// [ErrReversed] if the payment is undone already.
func InsertReversal(tx *store.Tx, r *PaymentReversal) error {
	r.ID, r.CreatedAt = models.NewID(), tx.Now
	err := store.G[PaymentReversal](tx).Create(tx.Context(), r)
	if err != nil && tx.IsDuplicate(err) {
		return ErrReversed
	}
	return err
}

// ReversalOf returns how a payment was undone, or [models.ErrNotFound] while it stands.
func ReversalOf(tx *store.Tx, paymentID string) (PaymentReversal, error) {
	return store.G[PaymentReversal](tx).Where("payment_id = ?", paymentID).Take(tx.Context())
}

// ReversedPayments returns the reversals of a room's payments, by payment id.
func ReversedPayments(tx *store.Tx, roomID string) (map[string]PaymentReversal, error) {
	list, err := store.G[PaymentReversal](tx).Where("room_id = ?", roomID).Find(tx.Context())
	return store.Index(list, func(r *PaymentReversal) string { return r.PaymentID }), err
}
