package fees

import (
	"strconv"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Orders of the arrears ledger.
const (
	LedgerByRoom   = "room"   // by community and code, as rooms are listed
	LedgerByOwed   = "owed"   // the largest principal first
	LedgerByOldest = "oldest" // the earliest due day first
)

// LedgerFilter chooses rooms with open bills 欠费台账. Item and Band choose among
// their bills; a room without any that fits is left out.
type LedgerFilter struct {
	Scope       office.Scope
	CommunityID string
	Building    string
	Steward     string
	Text        string // room in any spelling, owner's name or phone; see [estate.RoomFilter]
	Item        string
	Band        AgingBucket
	Sort        string // LedgerByRoom unless given
	After       string // LedgerRoom.Cursor of the last one seen
	Limit       int
}

// LedgerRoom is a room of the ledger; its bills are read apart.
type LedgerRoom struct {
	estate.Room
	Community string
	cursor    string
}

// Cursor is where the next page begins: by room the community's id and the room's
// code key, otherwise the sum or due day that the order goes by and the room's id.
func (l LedgerRoom) Cursor() string { return l.cursor }

// rooms returns the part of the filter that is about rooms called r.
func (f LedgerFilter) rooms(tx *store.Tx) (string, []any) {
	where, args := f.Scope.And()
	for _, c := range []struct{ column, value string }{
		{"r.community_id", f.CommunityID}, {"r.building", f.Building}, {"r.steward", f.Steward},
	} {
		if c.value != "" {
			where, args = where+" AND "+c.column+" = ?", append(args, c.value)
		}
	}
	text, more := estate.RoomText(tx, f.Text)
	return where + text, append(args, more...)
}

// bills returns the part of the filter that is about bills called b.
func (f LedgerFilter) bills(tx *store.Tx) (string, []any) {
	where, args := f.Band.where(tx.Today())
	where = "b.status IN ('unpaid','partial')" + where
	if f.Item != "" {
		where, args = where+" AND b.item = ?", append(args, f.Item)
	}
	return where, args
}

// Fits reports whether an open bill of one of the rooms is chosen, too.
func (f LedgerFilter) Fits(b *Bill, today models.Date) bool {
	return (f.Item == "" || f.Item == b.Item) && f.Band.Has(b.DueOn, today)
}

// LedgerRooms returns a page of the ledger's rooms. By room each page reads only
// what it shows; the other orders add up the open bills of the chosen rooms for
// each page, first or last alike.
func LedgerRooms(tx *store.Tx, f LedgerFilter) ([]LedgerRoom, error) {
	switch f.Sort {
	case LedgerByOwed, LedgerByOldest:
		return ledgerSummed(tx, f)
	}
	return ledgerByRoom(tx, f)
}

var sqlLedgerByRoom = "SELECT " + estate.RoomTable.Of("r") + " FROM rooms r" + store.ByCode + " WHERE r.community_id = ? AND r.code_key > ?"

// ledgerByRoom walks one community after the other along its codes: one index
// leads to the place where the page begins, whichever page it is.
func ledgerByRoom(tx *store.Tx, f LedgerFilter) ([]LedgerRoom, error) {
	communities, err := ledgerCommunities(tx, f)
	if err != nil {
		return nil, err
	}
	from, key, _ := strings.Cut(f.After, "/")
	where, args := f.rooms(tx)
	bills, billArgs := f.bills(tx)
	var out []LedgerRoom
	for _, c := range communities {
		if c.ID < from {
			continue
		}
		if c.ID > from {
			key = ""
		}
		all := append(append([]any{c.ID, key}, args...), billArgs...)
		list, err := store.Rows[estate.Room](tx, sqlLedgerByRoom+where+
			" AND EXISTS (SELECT 1 FROM bills b WHERE b.room_id = r.id AND "+bills+") ORDER BY r.code_key LIMIT ?", append(all, f.Limit-len(out))...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			out = append(out, LedgerRoom{r, c.Name, c.ID + "/" + r.CodeKey})
		}
		if len(out) >= f.Limit {
			break
		}
	}
	return out, nil
}

// ledgerCommunities returns those that the filter allows, by id.
func ledgerCommunities(tx *store.Tx, f LedgerFilter) ([]estate.Community, error) {
	q := store.G[estate.Community](tx).Order("id")
	if f.CommunityID != "" {
		q = q.Where("id = ?", f.CommunityID)
	}
	return q.Find(tx.Context())
}

// ledgerSummed orders rooms by a sum over their bills.
func ledgerSummed(tx *store.Tx, f LedgerFilter) ([]LedgerRoom, error) {
	key, order, beyond := "SUM(b.principal_fen - b.discount_fen - b.paid_principal_fen)", " DESC", "<"
	if f.Sort == LedgerByOldest {
		key, order, beyond = "MIN(b.due_on)", "", ">"
	}
	bills, args := f.bills(tx)
	rooms, more := f.rooms(tx)
	q := "SELECT b.room_id, " + key + " AS place FROM bills b" + store.ByRoom
	q, args = q+" WHERE "+estate.OfRooms(rooms)+bills+" GROUP BY b.room_id", append(more, args...)
	if value, id, ok := strings.Cut(f.After, "/"); ok {
		var v any = value // a due day is a text, a sum is a number
		if f.Sort == LedgerByOwed {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return nil, models.ErrNotFound
			}
			v = n
		}
		q, args = q+" HAVING "+key+" "+beyond+" ? OR ("+key+" = ? AND b.room_id > ?)", append(args, v, v, id)
	}
	list, err := store.Rows[placed](tx, q+" ORDER BY "+key+order+", b.room_id LIMIT ?", append(args, f.Limit)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return ledgerRoomsByID(tx, list)
}

// placed is a room and what the order of the ledger goes by, as text.
type placed struct {
	RoomID string
	Place  string
}

var sqlLedgerRooms = "SELECT " + estate.RoomTable.Of("r") + `, c.name AS community FROM rooms r JOIN communities c ON c.id = r.community_id
	WHERE r.id (IN)`

// ledgerRoomsByID returns the rooms in the order of the list.
func ledgerRoomsByID(tx *store.Tx, list []placed) ([]LedgerRoom, error) {
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.RoomID
	}
	rooms, err := store.RowsIn[LedgerRoom](tx, ids, nil, sqlLedgerRooms)
	if err != nil {
		return nil, err
	}
	known := store.Index(rooms, func(l *LedgerRoom) string { return l.ID })
	out := make([]LedgerRoom, len(list))
	for i, p := range list {
		out[i] = known[p.RoomID]
		out[i].cursor = p.Place + "/" + p.RoomID
	}
	return out, nil
}
