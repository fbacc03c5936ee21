package models

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

// CallbackEvent is a notification with a good signature that settled nothing: it
// is kept once, however often WeChat repeats it, for staff to see.
type CallbackEvent struct {
	ID             string
	Merchant       string
	NotificationID string
	OrderNo        string
	TransactionID  string
	AmountFen      Fen
	Reason         string
	Detail         string // what did not match, without personal data
	Times          int
	CreatedAt      Time
	UpdatedAt      Time
}

// KeepEvent keeps a notification, or counts it once more; isNew tells which.
func (tx *Tx) KeepEvent(e *CallbackEvent) (isNew bool, err error) {
	// Counting first: a failed insert would leave its lock on the row, and many
	// repeats at once would then stand in each other's way.
	known, err := tx.countEvent(e)
	if known || err != nil {
		return false, err
	}
	e.ID, e.Times, e.CreatedAt, e.UpdatedAt = NewID(), 1, tx.Now, tx.Now
	err = tx.create(e)
	if err != nil && tx.isDuplicate(err) { // another was quicker by a moment
		_, err = tx.countEvent(e)
		return false, err
	}
	return err == nil, err
}

func (tx *Tx) countEvent(e *CallbackEvent) (bool, error) {
	return tx.guarded("UPDATE callback_events SET times = times + 1, updated_at = ? WHERE merchant = ? AND notification_id = ?", tx.Now, e.Merchant, e.NotificationID)
}

// CallbackEvents gives the newest events.
func (tx *Tx) CallbackEvents(limit int) ([]CallbackEvent, error) {
	var out []CallbackEvent
	err := tx.g().Order("created_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, err
}

// EventFilter chooses events, newest first.
type EventFilter struct {
	OrderNo string // empty: of all orders
	After   string // CallbackEvent.Cursor of the last one seen
	Limit   int
}

// Cursor is where the next page begins.
func (e CallbackEvent) Cursor() string { return cursor(e.CreatedAt, e.ID) }

// EventPage gives a page of events.
func (tx *Tx) EventPage(f EventFilter) ([]CallbackEvent, error) {
	q := tx.g()
	if f.OrderNo != "" {
		q = q.Where("order_no = ?", f.OrderNo)
	}
	if f.After != "" {
		at, id, err := fromCursor(f.After)
		if err != nil {
			return nil, err
		}
		q = q.Where("(created_at < ? OR (created_at = ? AND id < ?))", at, at, id)
	}
	var out []CallbackEvent
	err := q.Order("created_at DESC, id DESC").Limit(f.Limit).Find(&out).Error
	return out, err
}

// EventsSince counts the events that came since the beginning of a day.
func (tx *Tx) EventsSince(on Date) (int64, error) {
	var n int64
	err := tx.one([]any{&n}, "SELECT COUNT(*) FROM callback_events WHERE created_at >= ?", At(on.Start()))
	return n, err
}
