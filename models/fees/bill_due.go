package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// OpenDue is that a room has unpaid bills of an owner and item due on a day.
// KnownAt is when the newest of them came into the books.
type OpenDue struct {
	RoomID      string
	OwnerID     string
	Item        string
	PeriodStart models.Date
	DueOn       models.Date
	KnownAt     models.Time
}

// SeenBy reports whether a binding sees these bills.
func (d OpenDue) SeenBy(s estate.BillVisibility, on models.Date) bool {
	return s.Sees(d.OwnerID, d.Item, d.PeriodStart, on)
}

// OpenDues returns the due days, up to a last one, on which the rooms have unpaid or
// part-paid bills that are neither disputed nor being paid in parts. The rows of a room
// stand together. A bill of a plan that was kept or broken counts like any other.
func OpenDues(tx *store.Tx, roomIDs []string, last models.Date) ([]OpenDue, error) {
	return store.RowsIn[OpenDue](tx, roomIDs, nil, `SELECT room_id, owner_id, item, period_start, due_on, MAX(created_at) AS known_at
		FROM bills WHERE room_id (IN) AND status IN ('unpaid','partial') AND due_on <= ? AND disputed = 0
		AND (plan_id = '' OR plan_id NOT IN (SELECT id FROM plans WHERE status = 'active'))
		GROUP BY room_id, due_on, owner_id, item, period_start ORDER BY room_id, due_on`, last)
}
