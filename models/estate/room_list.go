package estate

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// OfRooms is a condition on rooms called r as one on bills called b; none is none.
func OfRooms(rooms string) string {
	if rooms == "" {
		return ""
	}
	return "b.room_id IN (SELECT r.id FROM rooms r WHERE 1 = 1" + rooms + ") AND "
}

// RoomFilter chooses rooms for staff, in order of their code key.
type RoomFilter struct {
	Scope office.Scope
	Text  string // room in any spelling, part of the owner's name, last four digits or all of the phone; empty: all
	After string // RoomLine.Cursor of the last one seen
	Limit int
}

// RoomLine is a room as a list shows it. Owner is who holds it today, zero if
// nobody does; OwedFen is the principal of its unpaid and part-paid bills, without
// late fee.
type RoomLine struct {
	Room
	Community string
	Owner     Owner
	OwedFen   models.Fen
}

// Cursor is where the next page begins.
func (l RoomLine) Cursor() string { return l.CodeKey + "/" + l.ID }

// RoomLines gives a page of rooms with owner and debt, in three statements however
// many rooms there are.
func RoomLines(tx *store.Tx, f RoomFilter) ([]RoomLine, error) {
	scope, args := f.Scope.And()
	q := "SELECT " + store.Prefixed("r", RoomColumns) + ", c.name FROM rooms r JOIN communities c ON c.id = r.community_id WHERE 1 = 1" + scope
	where, more := RoomText(tx, f.Text)
	q, args = q+where, append(args, more...)
	if f.After != "" {
		cut := strings.LastIndexByte(f.After, '/')
		if cut < 0 {
			return nil, models.ErrNotFound
		}
		key, id := f.After[:cut], f.After[cut+1:]
		q, args = q+" AND (r.code_key > ? OR (r.code_key = ? AND r.id > ?))", append(args, key, key, id)
	}
	var out []RoomLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, RoomLine{})
		l := &out[len(out)-1]
		return scan(append(l.Room.Dest(), &l.Community)...)
	}, q+" ORDER BY r.code_key, r.id LIMIT ?", append(args, f.Limit)...)
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

// RoomText is the condition by which a text finds rooms.
func RoomText(tx *store.Tx, text string) (string, []any) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	var either []string
	var args []any
	for _, p := range codePatterns(text) {
		either, args = append(either, "r.code_key LIKE ? ESCAPE '!'"), append(args, p)
	}
	owner := "o.name LIKE ? ESCAPE '!'"
	today := tx.Today()
	args = append(args, today, today, "%"+store.Like(text)+"%")
	switch plain := models.HalfWidth(text); {
	case len(plain) == 4 && allDigits(plain):
		owner, args = owner+" OR o.phone_last4 = ?", append(args, plain)
	case len(plain) >= 7 && allDigits(plain):
		owner, args = owner+" OR o.phone_index = ?", append(args, PhoneIndex(tx, plain))
	}
	either = append(either, `EXISTS (SELECT 1 FROM tenures t JOIN owners o ON o.id = t.owner_id
		WHERE t.room_id = r.id AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?) AND (`+owner+"))")
	return " AND (" + strings.Join(either, " OR ") + ")", args
}

// codePatterns gives the LIKE patterns by which a text finds code keys. 3栋 and
// 1201室 name whole parts; 3-2-12 may be the beginning of one that is still being
// typed.
func codePatterns(text string) []string {
	key := store.Like(models.RoomKey(text))
	if key == "" {
		return nil
	}
	if strings.HasSuffix(models.RoomWords.Replace(models.HalfWidth(text)), "-") {
		return []string{key, key + "-%", "%-" + key, "%-" + key + "-%"}
	}
	return []string{key + "%", "%-" + key + "%"}
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// OwedPrincipals gives by room the principal of its unpaid and part-paid bills; a
// room that owes none is missing.
func OwedPrincipals(tx *store.Tx, roomIDs []string) (map[string]models.Fen, error) {
	out := make(map[string]models.Fen, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var id string
			var owed models.Fen
			if err := scan(&id, &owed); err != nil {
				return err
			}
			out[id] = owed
			return nil
		}, "SELECT room_id, SUM(principal_fen - discount_fen - paid_principal_fen) FROM bills WHERE room_id IN ("+store.Placeholders(n)+
			") AND status IN ('unpaid','partial') GROUP BY room_id", store.Args(roomIDs[:n])...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// ScopedRoom finds a room that the scope may see, with the name of its community;
// [models.ErrNotFound] whether it does not exist or is somebody else's.
func ScopedRoom(tx *store.Tx, scope office.Scope, id string) (Room, string, error) {
	where, args := scope.And()
	var r Room
	var community string
	err := tx.QueryRow(append(r.Dest(), &community), "SELECT "+store.Prefixed("r", RoomColumns)+
		", c.name FROM rooms r JOIN communities c ON c.id = r.community_id WHERE r.id = ?"+where, append([]any{id}, args...)...)
	return r, community, err
}

// Standing is what the scope's rooms come to today. OwedFen is principal only.
type Standing struct {
	Rooms     int64
	Owners    int64
	OwedFen   models.Fen
	OwedRooms int64
}

// StandingOf counts the scope's rooms, those who own them today, and what is owed.
func StandingOf(tx *store.Tx, scope office.Scope) (Standing, error) {
	where, args := scope.And()
	today := tx.Today()
	var s Standing
	err := tx.QueryRow([]any{&s.Rooms}, "SELECT COUNT(*) FROM rooms r WHERE 1 = 1"+where, args...)
	if err == nil {
		err = tx.QueryRow([]any{&s.Owners}, `SELECT COUNT(DISTINCT t.owner_id) FROM tenures t JOIN rooms r ON r.id = t.room_id
			WHERE t.role = 'owner' AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?)`+where, append([]any{today, today}, args...)...)
	}
	if err == nil {
		err = tx.QueryRow([]any{&s.OwedRooms, &s.OwedFen}, `SELECT COUNT(DISTINCT b.room_id), COALESCE(SUM(b.principal_fen - b.discount_fen - b.paid_principal_fen), 0)
			FROM bills b`+store.ByRoom+" WHERE "+OfRooms(where)+"b.status IN ('unpaid','partial')", args...)
	}
	return s, err
}
