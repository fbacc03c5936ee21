package messages

import (
	"gorm.io/gorm/clause"

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

// Shipment is the report to WeChat that what was paid for has been delivered (发货信息),
// one for each order: WeChat holds the money of orders that are not reported. NextTryAt
// is real time.
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

var shipmentTable = store.NewTable[Shipment]("shipments").Hot(1)

// QueueShipment puts a report into the outbox, to be sent from s.NextTryAt (real time)
// on. Of s only that, the order, the transaction and the payer count. A report of the
// same order stays as it is.
func QueueShipment(tx *store.Tx, s Shipment) error {
	err := shipmentTable.Insert(tx, Shipment{OrderNo: s.OrderNo, TransactionID: s.TransactionID, OpenID: s.OpenID, Status: ShipmentQueued,
		NextTryAt: s.NextTryAt, CreatedAt: tx.Now})
	if err != nil && tx.IsDuplicate(err) {
		return nil
	}
	return err
}

// DueShipments returns the reports that are to be sent by now (real time), the longest
// overdue first.
func DueShipments(tx *store.Tx, now models.Time, limit int) ([]Shipment, error) {
	return store.G[Shipment](tx).Where("status = ? AND next_try_at <= ?", ShipmentQueued, now).
		Order("next_try_at, order_no").Limit(limit).Find(tx.Context())
}

// ClaimShipment takes a report for one try. It reports false if another process was
// quicker. If the process dies over it, it is tried again from until on (real time): to
// report twice does no harm.
func ClaimShipment(tx *store.Tx, s *Shipment, until models.Time) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE shipments SET tries = tries + 1, next_try_at = ?
		WHERE order_no = ? AND status = 'queued' AND tries = ?`, until, s.OrderNo, s.Tries)
	if ok {
		s.Tries++
	}
	return ok, err
}

var finishShipment = shipmentTable.Update("status, reason, err_code, next_try_at, sent_at",
	"order_no = ? AND status = 'queued' AND tries = ?")

// FinishShipment writes how a try ended; a queued one is tried again from its NextTryAt
// on. It reports false if another process has tried since.
func FinishShipment(tx *store.Tx, s *Shipment) (bool, error) {
	if s.Status == ShipmentSent {
		s.SentAt = tx.Now
	}
	return finishShipment.Guarded(tx, s, s.OrderNo, s.Tries)
}

// RetryShipment puts a report that was given up back into the outbox. It reports false
// if the report was not given up.
func RetryShipment(tx *store.Tx, orderNo string, now models.Time) (bool, error) {
	n, err := store.G[Shipment](tx).Where("order_no = ? AND status = ?", orderNo, ShipmentFailed).Set(clause.Assignments(map[string]any{
		"status": ShipmentQueued, "tries": 0, "reason": "", "next_try_at": now})).Update(tx.Context())
	return n == 1, err
}

// ShipmentOf returns the report of an order, or [models.ErrNotFound] if there is none.
func ShipmentOf(tx *store.Tx, orderNo string) (Shipment, error) {
	return store.G[Shipment](tx).Where("order_no = ?", orderNo).Take(tx.Context())
}

// ShipmentFilter chooses reports, newest first.
type ShipmentFilter struct {
	Status string // empty: all
	After  string // Shipment.Cursor of the last one of the page before
	Limit  int
}

// Cursor is where the next page begins.
func (s Shipment) Cursor() string { return office.Cursor(s.CreatedAt, s.OrderNo) }

// ShipmentPage returns a page of reports. A cursor that cannot be read is
// [models.ErrNotFound].
func ShipmentPage(tx *store.Tx, f ShipmentFilter) ([]Shipment, error) {
	q := store.G[Shipment](tx).Order("created_at DESC, order_no DESC").Limit(f.Limit)
	if f.Status != "" {
		q = q.Where("status = ?", f.Status)
	}
	if f.After != "" {
		at, no, err := office.FromCursor(f.After)
		if err != nil {
			return nil, err
		}
		q = q.Where("(created_at < ? OR (created_at = ? AND order_no < ?))", at, at, no)
	}
	return q.Find(tx.Context())
}
