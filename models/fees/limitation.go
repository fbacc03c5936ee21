package fees

import (
	"cmp"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// LimitationFilter chooses open bills that were due on a day or before, the oldest
// first. How old a bill may be before the claim lapses 诉讼时效 (three years, Civil
// Code 民法典, article 188) is for package billing to say: it sets DueBy.
type LimitationFilter struct {
	Scope office.Scope
	DueBy models.Date
	After string // LimitationLine.Cursor of the last one seen
	Limit int
}

// LimitationLine is an old bill with its room and who owes it.
type LimitationLine struct {
	Bill      Bill        `gorm:"embedded;embeddedPrefix:b_"`
	Room      estate.Room `gorm:"embedded;embeddedPrefix:r_"`
	OwnerName string
}

// Cursor is where the next page begins: due day, room and id of the bill.
func (l LimitationLine) Cursor() string {
	return l.Bill.DueOn.String() + "/" + l.Bill.RoomID + "/" + l.Bill.ID
}

// OldBills returns a page of open bills, oldest due first. It reads along one index
// for each of the two states of an open bill, from the place at which the page
// begins: the rest of that room and day, the rest of the day, the days after. So
// no page reads more than it shows. A cursor that is none is [models.ErrNotFound].
func OldBills(tx *store.Tx, f LimitationFilter) ([]LimitationLine, error) {
	type part struct {
		where string
		args  []any
	}
	parts := []part{{" AND b.due_on <= ?", []any{f.DueBy}}}
	if f.After != "" {
		at := strings.Split(f.After, "/")
		if len(at) != 3 {
			return nil, models.ErrNotFound
		}
		parts = []part{
			{" AND b.due_on = ? AND b.room_id = ? AND b.id > ?", []any{at[0], at[1], at[2]}},
			{" AND b.due_on = ? AND b.room_id > ?", []any{at[0], at[1]}},
			{" AND b.due_on > ? AND b.due_on <= ?", []any{at[0], f.DueBy}},
		}
	}
	var out []LimitationLine
	for _, status := range []string{BillUnpaid, BillPartial} {
		var list []LimitationLine
		for _, p := range parts {
			more, err := oldBills(tx, f, p.where, status, f.Limit-len(list), p.args...)
			if err != nil {
				return nil, err
			}
			if list = append(list, more...); len(list) >= f.Limit {
				break
			}
		}
		out = mergeOld(out, list)
	}
	return out[:min(len(out), f.Limit)], nil
}

var sqlOldBills = "SELECT " + BillTable.As("b", "b_") + ", " + estate.RoomTable.As("r", "r_") + ", COALESCE(o.name, '') AS owner_name" +
	" FROM bills b" + store.ByDue + store.ThenJoin + " rooms r ON r.id = b.room_id LEFT JOIN owners o ON o.id = b.owner_id WHERE b.status = ?"

func oldBills(tx *store.Tx, f LimitationFilter, from, status string, limit int, args ...any) ([]LimitationLine, error) {
	scope, more := f.Scope.And()
	return store.Rows[LimitationLine](tx, sqlOldBills+from+scope+" ORDER BY b.due_on, b.room_id, b.id LIMIT ?",
		append(append(append([]any{status}, args...), more...), limit)...)
}

// mergeOld merges two lists that are in order.
func mergeOld(a, b []LimitationLine) []LimitationLine {
	out := make([]LimitationLine, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if before(&a[0].Bill, &b[0].Bill) {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func before(a, b *Bill) bool {
	return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.RoomID, b.RoomID), cmp.Compare(a.ID, b.ID)) < 0
}

// CountOldBills counts the open bills of the scope that were due on a day or
// before.
func CountOldBills(tx *store.Tx, scope office.Scope, dueBy models.Date) (int64, error) {
	where, args := scope.And()
	q := "SELECT COUNT(*) FROM bills b"
	if where != "" {
		q += " JOIN rooms r ON r.id = b.room_id"
	}
	return store.Row[int64](tx, q+" WHERE b.status IN ('unpaid','partial') AND b.due_on <= ?"+where, append([]any{dueBy}, args...)...)
}
