package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// PaymentReversal is a payment undone 冲正, once at most: an entry of its own.
// StaffID and DayOn say in whose day it counts: that of the cashier who had entered
// the payment.
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
	ByID        string
	ByName      string
	CreatedAt   models.Time
}

const reversalColumns = "id, payment_id, community_id, room_id, channel, amount_fen, staff_id, day_on, reason, by_id, by_name, created_at"

func (r *PaymentReversal) dest() []any {
	return []any{&r.ID, &r.PaymentID, &r.CommunityID, &r.RoomID, &r.Channel, &r.AmountFen, &r.StaffID, &r.DayOn, &r.Reason, &r.ByID, &r.ByName, &r.CreatedAt}
}

// ErrReversed says that a payment is undone already.
var ErrReversed = models.Refusal(models.KindConflict, "PAYMENT_REVERSED", "该笔收款已冲正，不能重复冲正")

// InsertReversal keeps that a payment is undone; [ErrReversed] if it is already.
func InsertReversal(tx *store.Tx, r *PaymentReversal) error {
	r.ID, r.CreatedAt = models.NewID(), tx.Now
	_, err := tx.Exec("INSERT INTO payment_reversals ("+reversalColumns+") VALUES ("+store.Placeholders(12)+")", r.ID, r.PaymentID, r.CommunityID, r.RoomID, r.Channel, r.AmountFen,
		r.StaffID, r.DayOn, r.Reason, r.ByID, r.ByName, r.CreatedAt)
	if err != nil && tx.IsDuplicate(err) {
		return ErrReversed
	}
	return err
}

// ReversalOf finds how a payment was undone; [models.ErrNotFound] while it stands.
func ReversalOf(tx *store.Tx, paymentID string) (r PaymentReversal, err error) {
	return r, tx.QueryRow(r.dest(), "SELECT "+reversalColumns+" FROM payment_reversals WHERE payment_id = ?", paymentID)
}

// ReversedPayments gives those of a room's payments that were undone, by id.
func ReversedPayments(tx *store.Tx, roomID string) (map[string]PaymentReversal, error) {
	out := map[string]PaymentReversal{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var r PaymentReversal
		if err := scan(r.dest()...); err != nil {
			return err
		}
		out[r.PaymentID] = r
		return nil
	}, "SELECT "+reversalColumns+" FROM payment_reversals WHERE room_id = ?", roomID)
	return out, err
}

// AllocationsByBill gives what a payment has settled, and what of that was taken off
// bills again, by bill id.
func AllocationsByBill(tx *store.Tx, paymentID string) (map[string][]Allocation, error) {
	return allocations(tx, "SELECT "+allocationColumns+" FROM allocations WHERE payment_id = ? ORDER BY bill_id, effective_on, id", paymentID)
}

// PrepaidOfPayment gives what is left in prepayment of what a payment brought, by
// fee item and kind, moves between items aside.
func PrepaidOfPayment(tx *store.Tx, paymentID string) ([]PrepaidEntry, error) {
	var out []PrepaidEntry
	err := tx.QueryRows(func(scan func(...any) error) error {
		var e PrepaidEntry
		if err := scan(&e.RoomID, &e.Item, &e.Kind, &e.AmountFen); err != nil {
			return err
		}
		out = append(out, e)
		return nil
	}, "SELECT room_id, item, kind, SUM(amount_fen) FROM prepaid_entries WHERE payment_id = ? GROUP BY room_id, item, kind HAVING SUM(amount_fen) <> 0 ORDER BY item, kind", paymentID)
	return out, err
}
