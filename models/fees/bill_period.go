package fees

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/store"
)

// BillSpan is that days of a room are billed for an item, both ends included: all that
// a billing run asks about a bill. The unique key of the bills holds it, so a run that
// finds nothing to do never touches the bills themselves.
type BillSpan struct {
	RoomID string
	Item   string
	From   models.Date `gorm:"column:period_start"`
	To     models.Date `gorm:"column:period_end"`
}

// BillSpans returns the days that are billed, of bills that are not void, whose
// period touches the days from..to, by room, earliest first within an item. The days of a
// charge whose bills are being issued count as billed for each of its rooms.
func BillSpans(tx *store.Tx, roomIDs []string, from, to models.Date) (map[string][]BillSpan, error) {
	list, err := store.RowsIn[BillSpan](tx, roomIDs, nil, `SELECT room_id, item, period_start, period_end FROM bills
		WHERE room_id (IN) AND void_seq = 0 AND period_start <= ? AND period_end >= ? ORDER BY room_id, item, period_start`, to, from)
	if err != nil {
		return nil, err
	}
	charged, err := chargedSpans(tx, roomIDs, from, to)
	return store.Group(append(list, charged...), func(s *BillSpan) string { return s.RoomID }), err
}

// chargedSpans returns the days of charges whose bills are being issued. There are none but
// for a moment, or after a crash.
func chargedSpans(tx *store.Tx, roomIDs []string, from, to models.Date) ([]BillSpan, error) {
	_, err := store.Row[int](tx, "SELECT 1 FROM charges WHERE status = 'issuing' LIMIT 1")
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return store.RowsIn[BillSpan](tx, roomIDs, nil, `SELECT l.room_id, c.item, c.period_start, c.period_end
		FROM charges c JOIN charge_lines l ON l.charge_id = c.id WHERE c.status = 'issuing' AND l.amount_fen > 0 AND l.room_id (IN)
		AND c.period_start <= ? AND c.period_end >= ? ORDER BY l.room_id, c.item, c.period_start`, to, from)
}

// PastBill is what an earlier bill came to, in fen.
type PastBill struct {
	RoomID       string
	Item         string
	From         models.Date `gorm:"column:period_start"`
	To           models.Date `gorm:"column:period_end"`
	PrincipalFen models.Fen
}

// PastBills returns the bills of the rooms that are not void and whose period ends
// before a day and begins on or after another, by room, latest first.
func PastBills(tx *store.Tx, roomIDs []string, since, before models.Date) (map[string][]PastBill, error) {
	list, err := store.RowsIn[PastBill](tx, roomIDs, nil, `SELECT room_id, item, period_start, period_end, principal_fen FROM bills
		WHERE room_id (IN) AND void_seq = 0 AND period_start >= ? AND period_end < ? ORDER BY room_id, period_start DESC`, since, before)
	return store.Group(list, func(b *PastBill) string { return b.RoomID }), err
}

// LatestBases returns by room the basis of its latest bill of an item that a billing
// run issued and that is not void. Rooms without one are missing.
func LatestBases(tx *store.Tx, roomIDs []string, item string) (map[string]string, error) {
	type basis struct{ RoomID, Basis string }
	out := make(map[string]string, len(roomIDs))
	err := store.EachIn(tx, roomIDs, func(b *basis) error {
		out[b.RoomID] = b.Basis // the latest comes last
		return nil
	}, nil, `SELECT room_id, basis FROM bills WHERE room_id (IN) AND item = ? AND void_seq = 0 AND source = 'run'
		ORDER BY room_id, period_start`, item)
	return out, err
}

// RoomBillsFrom counts the bills of a room, not void, that are for days on or after a day.
func RoomBillsFrom(tx *store.Tx, roomID string, on models.Date) (int, error) {
	return store.Row[int](tx, "SELECT COUNT(*) FROM bills WHERE room_id = ? AND void_seq = 0 AND period_end >= ?", roomID, on)
}

// BillsFrom counts the bills of a tariff, not void, that are for days on or after a
// day.
func BillsFrom(tx *store.Tx, communityID, tariffID string, on models.Date) (int, error) {
	return store.Row[int](tx, "SELECT COUNT(*) FROM bills WHERE community_id = ? AND tariff_id = ? AND void_seq = 0 AND period_end >= ?",
		communityID, tariffID, on)
}

// BillsAround returns the bills of the rooms that are not void and whose period touches the
// days from..to, by room, earliest first.
func BillsAround(tx *store.Tx, roomIDs []string, from, to models.Date) (map[string][]Bill, error) {
	list, err := store.RowsIn[Bill](tx, roomIDs, nil, BillTable.Select(
		"WHERE room_id (IN) AND void_seq = 0 AND period_start <= ? AND period_end >= ? ORDER BY room_id, period_start, id"), to, from)
	return store.Group(list, func(b *Bill) string { return b.RoomID }), err
}
