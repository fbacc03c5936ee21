package models

import "strings"

// RoomFilter chooses rooms for staff, in order of their code key.
type RoomFilter struct {
	Scope Scope
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
	OwedFen   Fen
}

// Cursor is where the next page begins.
func (l RoomLine) Cursor() string { return l.CodeKey + "/" + l.ID }

// RoomLines gives a page of rooms with owner and debt, in three statements however
// many rooms there are.
func (tx *Tx) RoomLines(f RoomFilter) ([]RoomLine, error) {
	scope, args := f.Scope.and()
	q := "SELECT " + prefixed("r", roomColumns) + ", c.name FROM rooms r JOIN communities c ON c.id = r.community_id WHERE 1 = 1" + scope
	where, more := tx.roomText(f.Text)
	q, args = q+where, append(args, more...)
	if f.After != "" {
		cut := strings.LastIndexByte(f.After, '/')
		if cut < 0 {
			return nil, ErrNotFound
		}
		key, id := f.After[:cut], f.After[cut+1:]
		q, args = q+" AND (r.code_key > ? OR (r.code_key = ? AND r.id > ?))", append(args, key, key, id)
	}
	var out []RoomLine
	err := tx.each(func(scan func(...any) error) error {
		out = append(out, RoomLine{})
		l := &out[len(out)-1]
		return scan(append(l.Room.dest(), &l.Community)...)
	}, q+" ORDER BY r.code_key, r.id LIMIT ?", append(args, f.Limit)...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, tx.fillLines(out)
}

func (tx *Tx) fillLines(lines []RoomLine) error {
	ids := make([]string, len(lines))
	for i := range lines {
		ids[i] = lines[i].ID
	}
	holdings, err := tx.HoldingsOfRooms(ids)
	if err != nil {
		return err
	}
	owed, err := tx.OwedPrincipals(ids)
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

// roomText is the condition by which a text finds rooms.
func (tx *Tx) roomText(text string) (string, []any) {
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
	args = append(args, today, today, "%"+likeText(text)+"%")
	switch plain := HalfWidth(text); {
	case len(plain) == 4 && allDigits(plain):
		owner, args = owner+" OR o.phone_last4 = ?", append(args, plain)
	case len(plain) >= 7 && allDigits(plain):
		owner, args = owner+" OR o.phone_index = ?", append(args, tx.PhoneIndex(plain))
	}
	either = append(either, `EXISTS (SELECT 1 FROM tenures t JOIN owners o ON o.id = t.owner_id
		WHERE t.room_id = r.id AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?) AND (`+owner+"))")
	return " AND (" + strings.Join(either, " OR ") + ")", args
}

// codePatterns gives the LIKE patterns by which a text finds code keys. 3栋 and
// 1201室 name whole parts; 3-2-12 may be the beginning of one that is still being
// typed.
func codePatterns(text string) []string {
	key := likeText(RoomKey(text))
	if key == "" {
		return nil
	}
	if strings.HasSuffix(roomWords.Replace(HalfWidth(text)), "-") {
		return []string{key, key + "-%", "%-" + key, "%-" + key + "-%"}
	}
	return []string{key + "%", "%-" + key + "%"}
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// prefixed puts the name of a table before each column of a list.
func prefixed(table, columns string) string {
	parts := strings.Split(columns, ",")
	for i, p := range parts {
		parts[i] = table + "." + strings.TrimSpace(p)
	}
	return strings.Join(parts, ", ")
}

// OwedPrincipals gives by room the principal of its unpaid and part-paid bills; a
// room that owes none is missing.
func (tx *Tx) OwedPrincipals(roomIDs []string) (map[string]Fen, error) {
	out := make(map[string]Fen, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.each(func(scan func(...any) error) error {
			var id string
			var owed Fen
			if err := scan(&id, &owed); err != nil {
				return err
			}
			out[id] = owed
			return nil
		}, "SELECT room_id, SUM(principal_fen - discount_fen - paid_principal_fen) FROM bills WHERE room_id IN ("+marks(n)+
			") AND status IN ('unpaid','partial') GROUP BY room_id", anys(roomIDs[:n])...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// ScopedRoom finds a room that the scope may see, with the name of its community;
// [ErrNotFound] whether it does not exist or is somebody else's.
func (tx *Tx) ScopedRoom(scope Scope, id string) (Room, string, error) {
	where, args := scope.and()
	var r Room
	var community string
	err := tx.one(append(r.dest(), &community), "SELECT "+prefixed("r", roomColumns)+
		", c.name FROM rooms r JOIN communities c ON c.id = r.community_id WHERE r.id = ?"+where, append([]any{id}, args...)...)
	return r, community, err
}

// Standing is what the scope's rooms come to today. OwedFen is principal only.
type Standing struct {
	Rooms     int64
	Owners    int64
	OwedFen   Fen
	OwedRooms int64
}

// StandingOf counts the scope's rooms, those who own them today, and what is owed.
func (tx *Tx) StandingOf(scope Scope) (Standing, error) {
	where, args := scope.and()
	today := tx.Today()
	var s Standing
	err := tx.one([]any{&s.Rooms}, "SELECT COUNT(*) FROM rooms r WHERE 1 = 1"+where, args...)
	if err == nil {
		err = tx.one([]any{&s.Owners}, `SELECT COUNT(DISTINCT t.owner_id) FROM tenures t JOIN rooms r ON r.id = t.room_id
			WHERE t.role = 'owner' AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?)`+where, append([]any{today, today}, args...)...)
	}
	if err == nil {
		err = tx.one([]any{&s.OwedRooms, &s.OwedFen}, `SELECT COUNT(DISTINCT b.room_id), COALESCE(SUM(b.principal_fen - b.discount_fen - b.paid_principal_fen), 0)
			FROM bills b`+byRoom+" WHERE "+ofRooms(where)+"b.status IN ('unpaid','partial')", args...)
	}
	return s, err
}
