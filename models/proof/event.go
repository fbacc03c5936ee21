package proof

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Why a signed notification settled nothing.
const (
	EventUnknownOrder = "unknown_order"
	EventMismatch     = "mismatch" // amount, currency, merchant, app or payer is not the order's
	EventMalformed    = "malformed"
	EventNotSuccess   = "not_success"
	EventOtherPayment = "other_payment" // the order is paid by another transaction

	EventUnknownRefund  = "unknown_refund"  // no refund of ours has this number
	EventRefundMismatch = "refund_mismatch" // amount, order, merchant or WeChat's number is not the refund's
	EventRefundState    = "refund_state"    // it contradicts what we know to be final
)

// CallbackEvent is a notification with a good signature that settled nothing. It is kept
// once, however often WeChat repeats it, for staff to see.
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

// KeepEvent keeps a notification, or counts it once more. isNew reports which.
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

func countEvent(tx *store.Tx, e *CallbackEvent) (bool, error) {
	return tx.ExecGuarded("UPDATE callback_events SET times = times + 1, updated_at = ? WHERE merchant = ? AND notification_id = ?",
		tx.Now, e.Merchant, e.NotificationID)
}

// CallbackEvents returns the newest events.
func CallbackEvents(tx *store.Tx, limit int) ([]CallbackEvent, error) {
	return store.G[CallbackEvent](tx).Order("created_at DESC, id DESC").Limit(limit).Find(tx.Context())
}

// EventFilter chooses events, newest first.
type EventFilter struct {
	OrderNo string // empty: of all orders
	After   string // CallbackEvent.Cursor of the last one of the page before
	Limit   int
}

// Cursor is where the next page begins.
func (e CallbackEvent) Cursor() string { return office.Cursor(e.CreatedAt, e.ID) }

// EventPage returns a page of events. A cursor that cannot be read is
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

// EventsSince counts the events that first came on a business day or later.
func EventsSince(tx *store.Tx, on models.Date) (int64, error) {
	return store.G[CallbackEvent](tx).Where("created_at >= ?", models.At(on.Start())).Count(tx.Context(), "*")
}
