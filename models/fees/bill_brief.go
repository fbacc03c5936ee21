package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BillBrief is what identifies a bill and what was fixed at its issue: enough to
// know whether a period is billed already, at a tenth of the whole row.
type BillBrief struct {
	ID             string
	RoomID         string
	Item           string
	PeriodStart    models.Date
	PeriodEnd      models.Date
	DueOn          models.Date
	PrincipalFen   models.Fen
	OpeningPaidFen models.Fen
	Source         string
	Void           bool `gorm:"column:is_void"` // taken back: the period is free again
}

// BillBriefs returns the bills of the rooms, void ones included, whose period touches
// the days from..to, by room, earliest period first. A bill of January to March
// touches 31 March, and does not touch 1 April.
func BillBriefs(tx *store.Tx, roomIDs []string, from, to models.Date) (map[string][]BillBrief, error) {
	list, err := store.RowsIn[BillBrief](tx, roomIDs, nil, `SELECT id, room_id, item, period_start, period_end, due_on, principal_fen,
		opening_paid_fen, source, void_seq <> 0 AS is_void FROM bills
		WHERE room_id (IN) AND period_start <= ? AND period_end >= ? ORDER BY period_start, id`, to, from)
	return store.Group(list, func(b *BillBrief) string { return b.RoomID }), err
}
