package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// SlipFilter chooses slips for staff, newest first.
type SlipFilter struct {
	Scope    office.Scope
	Status   string      // empty: any
	Kind     string      // empty: any
	RoomID   string      // empty: any
	Text     string      // number of a slip, or room in any spelling; empty: any
	From, To models.Date // of the work; none: any
	After    string      // id of the last one of the page before
	Limit    int
}

// SlipRow is a slip as a list shows it.
type SlipRow struct {
	Slip
	Room      estate.Room `gorm:"embedded;embeddedPrefix:r_"`
	Community string
}

var slipRows = "SELECT " + slipTable.Of("s") + ", " + estate.RoomTable.As("r", "r_") + `, c.name AS community
	FROM slips s JOIN rooms r ON r.id = s.room_id JOIN communities c ON c.id = s.community_id WHERE 1 = 1`

// SlipRows returns a page of slips.
func SlipRows(tx *store.Tx, f SlipFilter) ([]SlipRow, error) {
	scope, args := f.Scope.And()
	q := slipRows + scope
	add := func(where string, values ...any) { q, args = q+" AND "+where, append(args, values...) }
	for _, x := range []struct{ where, value string }{
		{"s.status = ?", f.Status}, {"s.kind = ?", f.Kind}, {"s.room_id = ?", f.RoomID}, {"s.id < ?", f.After}} {
		if x.value != "" {
			add(x.where, x.value)
		}
	}
	if f.Text != "" {
		room, roomArgs := estate.RoomText(tx, f.Text)
		add("(s.no = ? OR (1 = 1"+room+"))", append([]any{f.Text}, roomArgs...)...)
	}
	if !f.From.IsZero() {
		add("s.worked_on >= ?", f.From)
	}
	if !f.To.IsZero() {
		add("s.worked_on <= ?", f.To)
	}
	return store.Rows[SlipRow](tx, q+" ORDER BY s.id DESC LIMIT ?", append(args, f.Limit)...)
}

// SlipRowByID returns a slip that the scope may see. It returns [models.ErrNotFound] both
// if there is none and if it is of another's room.
func SlipRowByID(tx *store.Tx, s office.Scope, id string) (SlipRow, error) {
	scope, args := s.And()
	return store.Row[SlipRow](tx, slipRows+scope+" AND s.id = ?", append(args, id)...)
}

// OfferedSlips returns a page of the slips of a room that were offered to its owner, newest
// first: those after an id, or from the newest if it is empty.
func OfferedSlips(tx *store.Tx, roomID, status, after string, limit int) ([]Slip, error) {
	q := store.G[Slip](tx).Where("room_id = ? AND offered_at <> 0", roomID).Order("id DESC").Limit(limit)
	if status != "" {
		q = q.Where("status = ?", status)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	return q.Find(tx.Context())
}

// SlipsAfter returns slips in ascending order of their ids, beginning after one of them:
// for a walk over all.
func SlipsAfter(tx *store.Tx, after string, limit int) ([]Slip, error) {
	return store.G[Slip](tx).Where("id > ?", after).Order("id").Limit(limit).Find(tx.Context())
}
