package models

// Why a signed notification settled nothing.
const (
	EventUnknownOrder = "unknown_order"
	EventMismatch     = "mismatch" // amount, currency, merchant, app or payer is not the order's
	EventMalformed    = "malformed"
	EventNotSuccess   = "not_success"
	EventOtherPayment = "other_payment" // the order is paid by another transaction
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
	e.ID, e.Times, e.CreatedAt, e.UpdatedAt = NewID(), 1, tx.Now, tx.Now
	err = tx.create(e)
	if err != nil && tx.isDuplicate(err) {
		_, err = tx.exec("UPDATE callback_events SET times = times + 1, updated_at = ? WHERE merchant = ? AND notification_id = ?", tx.Now, e.Merchant, e.NotificationID)
		return false, err
	}
	return err == nil, err
}

// CallbackEvents gives the newest events.
func (tx *Tx) CallbackEvents(limit int) ([]CallbackEvent, error) {
	var out []CallbackEvent
	err := tx.g().Order("created_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, err
}
