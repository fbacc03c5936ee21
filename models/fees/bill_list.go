package fees

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// inArrearsOrder is the order in which arrears are shown and settled.
const inArrearsOrder = " ORDER BY due_on, period_start, id"

var sqlOpenBills = store.Hot(BillTable.Select("WHERE room_id = ? AND status IN ('unpaid','partial')" + inArrearsOrder))

// OpenBills returns a room's unpaid and part-paid bills, earliest due first.
func OpenBills(tx *store.Tx, roomID string) ([]Bill, error) {
	return store.Rows[Bill](tx, sqlOpenBills, roomID)
}

// OpenBillsOfRooms is [OpenBills] for several rooms in one statement: the bills of all
// of them, earliest due first.
func OpenBillsOfRooms(tx *store.Tx, roomIDs []string) ([]Bill, error) {
	if len(roomIDs) == 1 {
		return OpenBills(tx, roomIDs[0])
	}
	return BillTable.Rows(tx, "WHERE room_id IN ("+store.Placeholders(len(roomIDs))+") AND status IN ('unpaid','partial')"+inArrearsOrder,
		store.Args(roomIDs)...)
}

// BillFilter chooses bills of a room, newest due first.
type BillFilter struct {
	Status string // empty: all
	Year   int    // of the period's start; 0: all
	After  string // cursor: due date and id of the last bill seen, 2026-01-15/01J9…
	Limit  int
	Sight  *estate.BillVisibility // only what a binding sees; nil: all of the room's
}

// BillsOfRoom returns a page of a room's bills, newest due first.
func BillsOfRoom(tx *store.Tx, roomID string, f BillFilter) ([]Bill, error) {
	q, args := "WHERE room_id = ?", []any{roomID}
	add := func(condition string, values ...any) { q, args = q+" AND "+condition, append(args, values...) }
	if f.Status != "" {
		add("status = ?", f.Status)
	}
	if f.Year != 0 {
		add("period_start BETWEEN ? AND ?", models.NewDate(f.Year, 1, 1), models.NewDate(f.Year, 12, 31))
	}
	if f.After != "" {
		due, id, _ := strings.Cut(f.After, "/")
		add("(due_on < ? OR (due_on = ? AND id < ?))", due, due, id)
	}
	if f.Sight != nil {
		where, more := visible(*f.Sight, tx.Today())
		add(where, more...)
	}
	return BillTable.Rows(tx, q+" ORDER BY due_on DESC, id DESC LIMIT ?", append(args, f.Limit)...)
}

// BillsKnownOn returns all bills of a room that were in the books by the end of a day,
// void ones included, in the order in which arrears are shown. For example, arrears of
// 2024 that a file brought on 3 March 2026 are not among those known on 2 March.
func BillsKnownOn(tx *store.Tx, roomID string, day models.Date) ([]Bill, error) {
	return BillTable.Rows(tx, "WHERE room_id = ? AND created_at < ?"+inArrearsOrder, roomID, models.At((day + 1).Start()))
}

// BillsOwedOn is [BillsKnownOn] together with the bills that a file brought later and that
// were issued by the end of the day.
func BillsOwedOn(tx *store.Tx, roomID string, day models.Date) ([]Bill, error) {
	return BillTable.Rows(tx, "WHERE room_id = ? AND (created_at < ? OR (source = '"+SourceImport+"' AND issued_on <= ?))"+inArrearsOrder,
		roomID, models.At((day + 1).Start()), day)
}

// LiveBillsOfRoom returns the bills of a room that are not void and whose period ends
// on a day or later, or that name nobody who owes them, by id. In a transaction that
// changes them they come locked.
func LiveBillsOfRoom(tx *store.Tx, roomID string, endsFrom models.Date) ([]Bill, error) {
	ids, err := store.Rows[string](tx, `SELECT id FROM bills WHERE room_id = ? AND status <> 'void' AND (period_end >= ? OR owner_id = '')
		ORDER BY id`, roomID, endsFrom)
	if err != nil {
		return nil, err
	}
	if tx.Locking() {
		return LockBills(tx, ids)
	}
	return store.RowsIn[Bill](tx, ids, nil, BillTable.Select("WHERE id (IN) ORDER BY id"))
}

// SettledBills returns bills that money has settled in part or in full, or whose late
// fee was waived, in ascending order of id, those after one of them (empty: from the
// first).
func SettledBills(tx *store.Tx, after string, limit int) ([]Bill, error) {
	return BillTable.Rows(tx, `WHERE id > ? AND (status IN ('partial','paid') OR (waived_late_fee_fen > 0 AND status <> 'void'))
		ORDER BY id LIMIT ?`, after, limit)
}

// BillsOfYear returns a room's bills by a tariff, not void, that lie in the days
// from..to, earliest first.
func BillsOfYear(tx *store.Tx, roomID, tariffID string, from, to models.Date) ([]Bill, error) {
	return BillTable.Rows(tx, `WHERE room_id = ? AND tariff_id = ? AND void_seq = 0 AND period_start >= ? AND period_end <= ?
		ORDER BY period_start`, roomID, tariffID, from, to)
}

// PaidYears returns the ids of rooms, in ascending order, those after one of them, all
// of whose bills by a tariff that lie in the days from..to are paid, none of them with
// a discount, and reach from the first of the days to the last. Such a room has paid
// its year and can be granted the discount for it. For example, of a year from January
// to December, a room whose bill of December is not issued yet is not among them.
func PaidYears(tx *store.Tx, communityID, tariffID string, from, to models.Date, after string, limit int) ([]string, error) {
	return store.Rows[string](tx, `SELECT room_id FROM bills
		WHERE community_id = ? AND period_start >= ? AND period_start <= ? AND tariff_id = ? AND void_seq = 0
		AND period_end <= ? AND room_id > ? GROUP BY room_id
		HAVING SUM(CASE WHEN status = 'paid' AND discount_fen = 0 THEN 0 ELSE 1 END) = 0 AND MIN(period_start) = ? AND MAX(period_end) = ?
		ORDER BY room_id LIMIT ?`, communityID, from, to, tariffID, to, after, from, to, limit)
}
