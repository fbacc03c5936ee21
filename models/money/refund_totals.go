package money

import (
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

const (
	// RefundWindow is for how long after the payment WeChat gives money back.
	RefundWindow = 365 * 24 * time.Hour
	// RefundParts is into how many refunds an order can be divided.
	RefundParts = 50
	// RefundPause is how far apart WeChat wants the refunds of an order to be.
	RefundPause = time.Minute
)

// RefundSum is what has gone back of a payment and what is asked for or under way.
// Held and refunded together are never more than the payment: the database refuses
// it, whoever asks at the same time.
type RefundSum struct {
	PaymentID   string `gorm:"primaryKey"`
	OrderNo     string
	AmountFen   models.Fen
	HeldFen     models.Fen
	RefundedFen models.Fen
	Parts       int
	LastSentAt  models.Time
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

// FreeFen is what can still be asked for.
func (s RefundSum) FreeFen() models.Fen { return s.AmountFen - s.HeldFen - s.RefundedFen }

const refundSumColumns = "payment_id, order_no, amount_fen, held_fen, refunded_fen, parts, last_sent_at, created_at, updated_at"

// RefundSumOf gives the sums of a payment; zero sums if nothing was ever asked for.
func RefundSumOf(tx *store.Tx, p Payment) (RefundSum, error) {
	s := RefundSum{PaymentID: p.ID, AmountFen: p.AmountFen}
	err := tx.QueryRow([]any{&s.PaymentID, &s.OrderNo, &s.AmountFen, &s.HeldFen, &s.RefundedFen, &s.Parts, &s.LastSentAt, &s.CreatedAt, &s.UpdatedAt},
		"SELECT "+refundSumColumns+" FROM refund_sums WHERE payment_id = ?", p.ID)
	if e, ok := models.AsError(err); ok && e.Is(models.ErrNotFound) {
		err = nil
	}
	return s, err
}

// HoldRefund holds an amount of a payment for a refund; false if less is left. The
// order is locked.
func HoldRefund(tx *store.Tx, p Payment, amount models.Fen) (bool, error) {
	ok, err := holdRefund(tx, p.ID, amount)
	if err != nil || ok {
		return ok, err
	}
	if p.OrderNo == nil {
		return false, nil
	}
	_, err = tx.InsertRows(true, "refund_sums", refundSumColumns, [][]any{{p.ID, *p.OrderNo, p.AmountFen, 0, 0, 0, models.Time{}, tx.Now, tx.Now}})
	if err != nil {
		return false, err
	}
	return holdRefund(tx, p.ID, amount)
}

func holdRefund(tx *store.Tx, paymentID string, amount models.Fen) (bool, error) {
	return tx.ExecGuarded("UPDATE refund_sums SET held_fen = held_fen + ?, updated_at = ? WHERE payment_id = ? AND held_fen + refunded_fen + ? <= amount_fen",
		amount, tx.Now, paymentID, amount)
}

// FreeRefund lets go of what a refund has held: it was rejected or closed.
func FreeRefund(tx *store.Tx, r *Refund) error {
	return tx.ExecOne("UPDATE refund_sums SET held_fen = held_fen - ?, updated_at = ? WHERE payment_id = ? AND held_fen >= ?", r.AmountFen, tx.Now, r.PaymentID, r.AmountFen)
}

// CountRefunded turns what a refund has held into what has gone back.
func CountRefunded(tx *store.Tx, r *Refund) error {
	return tx.ExecOne("UPDATE refund_sums SET held_fen = held_fen - ?, refunded_fen = refunded_fen + ?, updated_at = ? WHERE payment_id = ? AND held_fen >= ?",
		r.AmountFen, r.AmountFen, tx.Now, r.PaymentID, r.AmountFen)
}

// TakeRefundPart gives the next part of an order's refunds; 0 if there is none left.
func TakeRefundPart(tx *store.Tx, paymentID string) (int, error) {
	ok, err := tx.ExecGuarded("UPDATE refund_sums SET parts = parts + 1, updated_at = ? WHERE payment_id = ? AND parts < ?", tx.Now, paymentID, RefundParts)
	if err != nil || !ok {
		return 0, err
	}
	n := 0
	return n, tx.QueryRow([]any{&n}, "SELECT parts FROM refund_sums WHERE payment_id = ?", paymentID)
}

// ClaimRefundSlot lets a refund be sent for the first time unless another of the
// order was sent within a minute. A refund that was sent before has its slot.
func ClaimRefundSlot(tx *store.Tx, r *Refund) (bool, error) {
	ok, err := tx.ExecGuarded("UPDATE refund_sums SET last_sent_at = ?, updated_at = ? WHERE payment_id = ? AND last_sent_at <= ?",
		tx.Now, tx.Now, r.PaymentID, models.At(tx.Now.Add(-RefundPause)))
	if err != nil || !ok {
		return false, err
	}
	ok, err = tx.ExecGuarded("UPDATE refunds SET sent_at = ?, updated_at = ? WHERE no = ? AND status = 'sending' AND sent_at = 0", tx.Now, tx.Now, r.No)
	if ok {
		r.SentAt = tx.Now
	}
	return ok, err
}

// OrderRefundState moves a paid order to the state that its refunds make of it.
// The order is locked.
func OrderRefundState(tx *store.Tx, o *Order) error {
	var moving int
	var refunded models.Fen
	err := tx.QueryRow([]any{&moving, &refunded}, `SELECT COALESCE(SUM(CASE WHEN status IN ('sending','processing','abnormal') THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN status = 'success' THEN amount_fen ELSE 0 END), 0) FROM refunds WHERE order_no = ?`, o.No)
	if err != nil {
		return err
	}
	next := OrderPaid
	switch {
	case moving > 0:
		next = OrderRefunding
	case refunded == o.AmountFen:
		next = OrderRefunded
	case refunded > 0:
		next = OrderPartRefunded
	}
	if next == o.Status {
		return nil
	}
	if err := tx.ExecOne("UPDATE orders SET status = ?, updated_at = ? WHERE no = ? AND status = ?", next, tx.Now, o.No, o.Status); err != nil {
		return err
	}
	o.Status = next
	return nil
}
