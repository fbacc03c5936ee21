package estate

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// RoomFilter chooses rooms for staff, in order of their code key.
type RoomFilter struct {
	Scope office.Scope
	Text  string // room in any spelling, part of the owner's name, last four digits or all of the phone; empty: all
	After string // RoomLine.Cursor of the last one seen
	Limit int
}

// RoomLine is a room as a list shows it. Owner is who owns it today, zero if nobody
// does; OwedFen is the principal of its unpaid and part-paid bills in fen, without
// late fee.
type RoomLine struct {
	Room
	Community string
	Owner     Owner
	OwedFen   models.Fen
}

// Cursor returns where the next page begins.
func (l RoomLine) Cursor() string { return l.CodeKey + "/" + l.ID }

var roomLineSelect = "SELECT " + RoomTable.Of("r") + ", c.name AS community FROM rooms r JOIN communities c ON c.id = r.community_id WHERE "

// RoomLines returns a page of rooms with owner and debt, in three statements however
// many rooms there are. A cursor that is none is [models.ErrNotFound].
func RoomLines(tx *store.Tx, f RoomFilter) ([]RoomLine, error) {
	scope, args := f.Scope.And()
	where, more := RoomText(tx, f.Text)
	q, args := roomLineSelect+"1 = 1"+scope+where, append(args, more...)
	if f.After != "" {
		cut := strings.LastIndexByte(f.After, '/')
		if cut < 0 {
			return nil, models.ErrNotFound
		}
		key, id := f.After[:cut], f.After[cut+1:]
		q, args = q+" AND (r.code_key > ? OR (r.code_key = ? AND r.id > ?))", append(args, key, key, id)
	}
	out, err := store.Rows[RoomLine](tx, q+" ORDER BY r.code_key, r.id LIMIT ?", append(args, f.Limit)...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, fillLines(tx, out)
}

func fillLines(tx *store.Tx, lines []RoomLine) error {
	ids := make([]string, len(lines))
	for i := range lines {
		ids[i] = lines[i].ID
	}
	holdings, err := OwnerTenuresOfRooms(tx, ids)
	if err != nil {
		return err
	}
	owed, err := OwedPrincipals(tx, ids)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		l.OwedFen = owed[l.ID]
		for _, h := range holdings[l.ID] {
			if h.Holds(tx.Today()) {
				l.Owner = h.Owner
				break
			}
		}
	}
	return nil
}

// ScopedRoom returns a room that the scope may see, with the name of its community. It
// returns [models.ErrNotFound] both if there is none and if it is somebody else's.
func ScopedRoom(tx *store.Tx, scope office.Scope, id string) (Room, string, error) {
	where, args := scope.And()
	l, err := store.Row[RoomLine](tx, roomLineSelect+"r.id = ?"+where, append([]any{id}, args...)...)
	return l.Room, l.Community, err
}
