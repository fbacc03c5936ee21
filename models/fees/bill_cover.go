package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BillCover is the days of a room that bills of an item cover, void ones left out: from the
// first to the last of them and, if Whole, every day between.
type BillCover struct {
	RoomID string
	Item   string
	From   models.Date `gorm:"column:period_start"`
	To     models.Date `gorm:"column:period_end"`
	Whole  bool
}

// BillCovers returns what of the rooms is billed, whenever it was, by room. It is one row
// for an item, however many bills there are, and reads the unique key of the bills alone.
// Bills of an item do not overlap, so that as many days as there are between the first and
// the last of them leave no hole.
func BillCovers(tx *store.Tx, roomIDs []string) (map[string][]BillCover, error) {
	list, err := store.RowsIn[BillCover](tx, roomIDs, nil, `SELECT room_id, item, MIN(period_start) AS period_start,
		MAX(period_end) AS period_end, CASE WHEN SUM(`+store.DayNumber+`(period_end) - `+store.DayNumber+`(period_start) + 1)
		= `+store.DayNumber+`(MAX(period_end)) - `+store.DayNumber+`(MIN(period_start)) + 1 THEN 1 ELSE 0 END AS whole
		FROM bills WHERE room_id (IN) AND void_seq = 0 GROUP BY room_id, item`)
	return store.Group(list, func(c *BillCover) string { return c.RoomID }), err
}

// FirstPeriodRun returns the earliest period of which a billing run of the community has
// issued bills, such as 2026-03; empty if there is none.
func FirstPeriodRun(tx *store.Tx, communityID string) (string, error) {
	return store.Row[string](tx, "SELECT COALESCE(MIN(period), '') FROM billing_runs WHERE community_id = ? AND issued_bills > 0",
		communityID)
}
