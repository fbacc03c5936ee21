package messages

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// States of a [Shipment].
const (
	ShipmentQueued  = "queued"
	ShipmentSent    = "sent"
	ShipmentSkipped = "skipped" // there is nothing to report any more: refunded
	ShipmentFailed  = "failed"  // given up; staff can have it tried again
)

// Shipment is the report to WeChat that what was paid for has been delivered
// (发货信息), once an order. Times of trying are real time.
type Shipment struct {
	OrderNo       string
	TransactionID string
	OpenID        string
	Status        string
	Reason        string
	ErrCode       int64 // WeChat's last answer; 0: none, or good
	Tries         int
	NextTryAt     models.Time
	CreatedAt     models.Time
	SentAt        models.Time
}

const shipmentColumns = "order_no, transaction_id, open_id, status, reason, err_code, tries, next_try_at, created_at, sent_at"

func (s *Shipment) dest() []any {
	return []any{&s.OrderNo, &s.TransactionID, &s.OpenID, &s.Status, &s.Reason, &s.ErrCode, &s.Tries, &s.NextTryAt, &s.CreatedAt, &s.SentAt}
}

var sqlInsertShipment = store.Hot("INSERT INTO shipments (order_no, transaction_id, open_id, status, next_try_at, created_at) VALUES (?,?,?,'queued',?,?)")

// QueueShipment puts a report into the outbox, to be sent from an instant of real
// time on. One that is there already stays as it is.
func QueueShipment(tx *store.Tx, s Shipment) error {
	_, err := tx.Exec(sqlInsertShipment, s.OrderNo, s.TransactionID, s.OpenID, s.NextTryAt, tx.Now)
	if err != nil && tx.IsDuplicate(err) {
		return nil
	}
	return err
}

// DueShipments gives the reports that wait to be sent by now (real time), oldest
// first.
func DueShipments(tx *store.Tx, now models.Time, limit int) ([]Shipment, error) {
	return shipments(tx, "status = 'queued' AND next_try_at <= ? ORDER BY next_try_at, order_no LIMIT ?", now, limit)
}

func shipments(tx *store.Tx, where string, args ...any) ([]Shipment, error) {
	var out []Shipment
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Shipment{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+shipmentColumns+" FROM shipments WHERE "+where, args...)
	return out, err
}

// ClaimShipment takes a report for one try: false if somebody else was quicker. If
// the process dies over it, it is tried again from until on (real time): to report
// twice does no harm.
func ClaimShipment(tx *store.Tx, s *Shipment, until models.Time) (bool, error) {
	ok, err := tx.ExecGuarded("UPDATE shipments SET tries = tries + 1, next_try_at = ? WHERE order_no = ? AND status = 'queued' AND tries = ?", until, s.OrderNo, s.Tries)
	if ok {
		s.Tries++
	}
	return ok, err
}

// FinishShipment writes how a try ended; a queued one is tried again from its
// NextTryAt on.
func FinishShipment(tx *store.Tx, s *Shipment) (bool, error) {
	if s.Status == ShipmentSent {
		s.SentAt = tx.Now
	}
	return tx.ExecGuarded("UPDATE shipments SET status = ?, reason = ?, err_code = ?, next_try_at = ?, sent_at = ? WHERE order_no = ? AND status = 'queued' AND tries = ?",
		s.Status, s.Reason, s.ErrCode, s.NextTryAt, s.SentAt, s.OrderNo, s.Tries)
}

// RetryShipment puts a report that was given up back into the outbox: false if it
// is not given up.
func RetryShipment(tx *store.Tx, orderNo string, now models.Time) (bool, error) {
	return tx.ExecGuarded("UPDATE shipments SET status = 'queued', tries = 0, reason = '', next_try_at = ? WHERE order_no = ? AND status = 'failed'", now, orderNo)
}

// ShipmentOf gives the report of an order; [models.ErrNotFound] where there is none.
func ShipmentOf(tx *store.Tx, orderNo string) (Shipment, error) {
	var s Shipment
	return s, tx.QueryRow(s.dest(), "SELECT "+shipmentColumns+" FROM shipments WHERE order_no = ?", orderNo)
}

// ShipmentFilter chooses reports, newest first.
type ShipmentFilter struct {
	Status string // empty: all
	After  string // Shipment.Cursor of the last one seen
	Limit  int
}

// Cursor is where the next page begins.
func (s Shipment) Cursor() string { return office.Cursor(s.CreatedAt, s.OrderNo) }

// ShipmentPage gives a page of reports.
func ShipmentPage(tx *store.Tx, f ShipmentFilter) ([]Shipment, error) {
	where, args := "1 = 1", []any{}
	if f.Status != "" {
		where, args = "status = ?", append(args, f.Status)
	}
	if f.After != "" {
		at, no, err := office.FromCursor(f.After)
		if err != nil {
			return nil, err
		}
		where, args = where+" AND (created_at < ? OR (created_at = ? AND order_no < ?))", append(args, at, at, no)
	}
	return shipments(tx, where+" ORDER BY created_at DESC, order_no DESC LIMIT ?", append(args, f.Limit)...)
}
