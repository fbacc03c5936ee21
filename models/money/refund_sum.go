package money

import (
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Limits of WeChat for refunds (https://pay.weixin.qq.com, 申请退款).
const (
	// RefundWindow is for how long after the payment WeChat refunds it.
	RefundWindow = 365 * 24 * time.Hour
	// RefundParts is into how many refunds an order can be divided.
	RefundParts = 50
	// RefundPause is how far apart WeChat wants the refunds of an order to be.
	RefundPause = time.Minute
)

// RefundSum is what has gone back of a payment and what is asked for or under way.
// Held and refunded together are never more than the payment: the database refuses it
// of two requests that come at the same time, too. For example, of 100 yuan with 30
// refunded and 50 held, 20 can still be asked for.
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

// FreeFen returns what can still be asked for.
func (s RefundSum) FreeFen() models.Fen { return s.AmountFen - s.HeldFen - s.RefundedFen }

var refundSumTable = store.NewTable[RefundSum]("refund_sums")

// RefundSumOf returns the sums of a payment; zero sums if nothing was ever asked for.
func RefundSumOf(tx *store.Tx, p Payment) (RefundSum, error) {
	s, err := store.G[RefundSum](tx).Where("payment_id = ?", p.ID).Take(tx.Context())
	if errors.Is(err, models.ErrNotFound) {
		return RefundSum{PaymentID: p.ID, AmountFen: p.AmountFen}, nil
	}
	return s, err
}

// HoldRefund holds an amount of a payment for a refund. It returns false if less is
// left. The order is locked.
func HoldRefund(tx *store.Tx, p Payment, amount models.Fen) (bool, error) {
	ok, err := holdRefund(tx, p.ID, amount)
	if err != nil || ok {
		return ok, err
	}
	if p.OrderNo == nil {
		return false, nil
	}
	_, err = refundSumTable.InsertNew(tx, RefundSum{
		PaymentID: p.ID, OrderNo: *p.OrderNo, AmountFen: p.AmountFen, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	})
	if err != nil {
		return false, err
	}
	return holdRefund(tx, p.ID, amount)
}

func holdRefund(tx *store.Tx, paymentID string, amount models.Fen) (bool, error) {
	return tx.ExecGuarded(`UPDATE refund_sums SET held_fen = held_fen + ?, updated_at = ?
		WHERE payment_id = ? AND held_fen + refunded_fen + ? <= amount_fen`, amount, tx.Now, paymentID, amount)
}

// FreeRefund lets go of what a refund has held: it was rejected or closed.
func FreeRefund(tx *store.Tx, r *Refund) error {
	return tx.ExecOne("UPDATE refund_sums SET held_fen = held_fen - ?, updated_at = ? WHERE payment_id = ? AND held_fen >= ?",
		r.AmountFen, tx.Now, r.PaymentID, r.AmountFen)
}

// CountRefunded turns what a refund has held into what has gone back.
func CountRefunded(tx *store.Tx, r *Refund) error {
	return tx.ExecOne(`UPDATE refund_sums SET held_fen = held_fen - ?, refunded_fen = refunded_fen + ?, updated_at = ?
		WHERE payment_id = ? AND held_fen >= ?`, r.AmountFen, r.AmountFen, tx.Now, r.PaymentID, r.AmountFen)
}

// TakeRefundPart returns the number of the next part of an order's refunds, from 1; 0 if
// there is none left.
func TakeRefundPart(tx *store.Tx, paymentID string) (int, error) {
	ok, err := tx.ExecGuarded("UPDATE refund_sums SET parts = parts + 1, updated_at = ? WHERE payment_id = ? AND parts < ?",
		tx.Now, paymentID, RefundParts)
	if err != nil || !ok {
		return 0, err
	}
	return store.Row[int](tx, "SELECT parts FROM refund_sums WHERE payment_id = ?", paymentID)
}

// ClaimRefundSlot reports whether a refund may be sent for the first time now, and notes
// that it is: not within [RefundPause] after another of the order. A refund that was
// sent before has its slot, and one that is not to be sent any more takes none. The
// caller holds the order.
func ClaimRefundSlot(tx *store.Tx, r *Refund) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE refund_sums SET last_sent_at = ?, updated_at = ? WHERE payment_id = ? AND last_sent_at <= ?
		AND EXISTS (SELECT 1 FROM refunds f WHERE f.no = ? AND f.status = 'sending' AND f.sent_at = 0)`,
		tx.Now, tx.Now, r.PaymentID, models.At(tx.Now.Add(-RefundPause)), r.No)
	if err != nil || !ok {
		return false, err
	}
	ok, err = tx.ExecGuarded("UPDATE refunds SET sent_at = ?, updated_at = ? WHERE no = ? AND status = 'sending' AND sent_at = 0",
		tx.Now, tx.Now, r.No)
	if ok {
		r.SentAt = tx.Now
	}
	return ok, err
}
