package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Reasons why a signed notification settled nothing.
const (
	EventUnknownOrder = "unknown_order"
	EventMismatch     = "mismatch" // amount, currency, merchant, app or payer is not the order's
	EventMalformed    = "malformed"
	EventNotSuccess   = "not_success"
	EventOtherPayment = "other_payment" // the order is paid by another transaction

	EventUnknownRefund  = "unknown_refund"  // no refund of ours has this number
	EventRefundMismatch = "refund_mismatch" // amount, order, merchant or WeChat's number is not the refund's
	EventRefundState    = "refund_state"    // it contradicts what we know to be final

	// What is not about our money, and no trouble:
	EventForeign = "foreign"     // a trade of another business that shares the merchant number
	EventOther   = "other_event" // of another kind: profit sharing, coupons, complaints
)

// Harmless reports whether an event of a reason needs nobody.
func Harmless(reason string) bool { return reason == EventForeign || reason == EventOther }

// CallbackEvent is a notification with a good signature that settled nothing. It is
// stored once for staff to see, however often WeChat repeats it: merchant and
// NotificationID are unique together. CreatedAt is when it first came, UpdatedAt when it
// came last, and Times counts both and all between.
type CallbackEvent struct {
	ID             string
	Merchant       string
	NotificationID string
	OrderNo        string
	TransactionID  string
	AmountFen      models.Fen
	Reason         string
	Detail         string // what did not match, without personal data
	Times          int
	CreatedAt      models.Time
	UpdatedAt      models.Time
}

var _ = store.NewTable[CallbackEvent]("callback_events") // all of it through GORM

// KeepEvent stores a notification, or counts it once more; isNew reports whether it was
// stored. A repeated one keeps the reason and the detail of the first.
func KeepEvent(tx *store.Tx, e *CallbackEvent) (isNew bool, err error) {
	// Counting first: a failed insert would leave its lock on the row, and many
	// repeats at once would then stand in each other's way.
	known, err := countEvent(tx, e)
	if known || err != nil {
		return false, err
	}
	e.ID, e.Times, e.CreatedAt, e.UpdatedAt = models.NewID(), 1, tx.Now, tx.Now
	err = store.G[CallbackEvent](tx).Create(tx.Context(), e)
	if err != nil && tx.IsDuplicate(err) { // another was quicker by a moment
		_, err = countEvent(tx, e)
		return false, err
	}
	return err == nil, err
}

// countEvent counts a notification that is stored already, and reports whether it is.
func countEvent(tx *store.Tx, e *CallbackEvent) (bool, error) {
	return tx.ExecGuarded("UPDATE callback_events SET times = times + 1, updated_at = ? WHERE merchant = ? AND notification_id = ?",
		tx.Now, e.Merchant, e.NotificationID)
}

// CallbackEvents returns the newest events, at most limit, by the time they first came.
func CallbackEvents(tx *store.Tx, limit int) ([]CallbackEvent, error) {
	return store.G[CallbackEvent](tx).Order("created_at DESC, id DESC").Limit(limit).Find(tx.Context())
}

// EventFilter selects events, newest first.
type EventFilter struct {
	OrderNo string // empty: of all orders
	After   string // CallbackEvent.Cursor of the last event of the previous page
	Limit   int
}

// Cursor returns where the next page begins.
func (e CallbackEvent) Cursor() string { return office.Cursor(e.CreatedAt, e.ID) }

// EventPage returns a page of events. For a cursor that cannot be read it returns
// [models.ErrNotFound].
func EventPage(tx *store.Tx, f EventFilter) ([]CallbackEvent, error) {
	q := store.G[CallbackEvent](tx).Order("created_at DESC, id DESC").Limit(f.Limit)
	if f.OrderNo != "" {
		q = q.Where("order_no = ?", f.OrderNo)
	}
	if f.After != "" {
		at, id, err := office.FromCursor(f.After)
		if err != nil {
			return nil, err
		}
		q = q.Where("(created_at < ? OR (created_at = ? AND id < ?))", at, at, id)
	}
	return q.Find(tx.Context())
}

// HasEvent reports whether an event of an order is stored for a reason.
func HasEvent(tx *store.Tx, merchant, orderNo, reason string) (bool, error) {
	n, err := store.G[CallbackEvent](tx).Where("merchant = ? AND order_no = ? AND reason = ?", merchant, orderNo, reason).
		Count(tx.Context(), "*")
	return n > 0, err
}

// EventsSince counts the events that first came on a business day or later and need
// somebody. The day begins at midnight in Asia/Shanghai; repeats are not counted.
func EventsSince(tx *store.Tx, on models.Date) (int64, error) {
	return store.G[CallbackEvent](tx).Where("created_at >= ? AND reason NOT IN (?, ?)", models.At(on.Start()), EventForeign, EventOther).
		Count(tx.Context(), "*")
}
