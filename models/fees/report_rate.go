package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// CollectionRateLine is what was billed and settled of a part: a community, a building,
// a steward's rooms or a fee item. Amounts are principal in fen, discounts taken off.
type CollectionRateLine struct {
	Group      string `gorm:"column:part"` // community, steward or item
	Building   string // of ByBuilding
	Bills      int64
	BilledFen  models.Fen
	SettledFen models.Fen
	Rooms      int64 `gorm:"-"` // that were billed
	PaidRooms  int64 `gorm:"-"` // all of whose bills are settled
}

// households is how many rooms of a part were billed, and how many settled all.
type households struct {
	Group     string `gorm:"column:part"`
	Building  string
	Rooms     int64
	PaidRooms int64
}

// allPaid is 1 for a group of bills that are all settled.
const allPaid = "MIN(CASE WHEN b.status = 'paid' THEN 1 ELSE 0 END) AS settled"

// CollectionRates returns a line for each part that was billed anything, by name. It
// returns [models.ErrNotFound] for an unknown way to part the report.
func CollectionRates(tx *store.Tx, f ReportFilter) ([]CollectionRateLine, error) {
	key, err := f.key()
	if err != nil {
		return nil, err
	}
	from, args := f.from(" AND b.period_start BETWEEN ? AND ?", f.From, f.To)
	out, err := store.Rows[CollectionRateLine](tx, "SELECT "+key.columns()+`, COUNT(*) AS bills,
		SUM(b.principal_fen - b.discount_fen) AS billed_fen, SUM(b.paid_principal_fen) AS settled_fen`+from+
		" GROUP BY "+key.list()+" ORDER BY "+key.list(), args...)
	if err != nil {
		return nil, err
	}
	rooms, err := store.Rows[households](tx, "SELECT x.part, x.building, COUNT(*) AS rooms, SUM(x.settled) AS paid_rooms FROM (SELECT "+
		key.columns()+", "+allPaid+from+" GROUP BY b.room_id, "+key.list()+") x GROUP BY x.part, x.building", args...)
	byPart := store.Index(rooms, func(h *households) [2]string { return [2]string{h.Group, h.Building} })
	for i := range out {
		h := byPart[[2]string{out[i].Group, out[i].Building}]
		out[i].Rooms, out[i].PaidRooms = h.Rooms, h.PaidRooms
	}
	return out, err
}

// HouseholdsOf counts the rooms billed in the period, and those all of whose bills
// are settled: over all parts, where a room that has two items counts once.
func HouseholdsOf(tx *store.Tx, f ReportFilter) (rooms, paid int64, err error) {
	from, args := f.from(" AND b.period_start BETWEEN ? AND ?", f.From, f.To)
	h, err := store.Row[households](tx, "SELECT COUNT(*) AS rooms, COALESCE(SUM(x.settled), 0) AS paid_rooms FROM (SELECT "+allPaid+
		from+" GROUP BY b.room_id) x", args...)
	return h.Rooms, h.PaidRooms, err
}
