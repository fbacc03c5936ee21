package models

// BillSpan is that days of a room are billed for an item: all that a billing run
// asks about a bill. The unique key of the bills holds it, so a run that finds
// nothing to do never touches the bills themselves.
type BillSpan struct {
	RoomID string
	Item   string
	From   Date
	To     Date
}

// BillSpans gives the days that are billed, of bills that are not void, whose
// period touches the days from..to, by room, earliest first.
func (tx *Tx) BillSpans(roomIDs []string, from, to Date) (map[string][]BillSpan, error) {
	out := make(map[string][]BillSpan, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 1000)
		err := tx.each(func(scan func(...any) error) error {
			var s BillSpan
			if err := scan(&s.RoomID, &s.Item, &s.From, &s.To); err != nil {
				return err
			}
			out[s.RoomID] = append(out[s.RoomID], s)
			return nil
		}, "SELECT room_id, item, period_start, period_end FROM bills WHERE room_id IN ("+marks(n)+
			") AND void_seq = 0 AND period_start <= ? AND period_end >= ? ORDER BY room_id, item, period_start", append(anys(roomIDs[:n]), to, from)...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// PastBill is what an earlier bill came to.
type PastBill struct {
	RoomID       string
	Item         string
	From         Date
	To           Date
	PrincipalFen Fen
}

// PastBills gives the bills of the rooms that are not void and whose period ends
// before a day and begins on or after another, by room, latest first.
func (tx *Tx) PastBills(roomIDs []string, since, before Date) (map[string][]PastBill, error) {
	out := make(map[string][]PastBill, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.each(func(scan func(...any) error) error {
			var b PastBill
			if err := scan(&b.RoomID, &b.Item, &b.From, &b.To, &b.PrincipalFen); err != nil {
				return err
			}
			out[b.RoomID] = append(out[b.RoomID], b)
			return nil
		}, "SELECT room_id, item, period_start, period_end, principal_fen FROM bills WHERE room_id IN ("+marks(n)+
			") AND void_seq = 0 AND period_start >= ? AND period_end < ? ORDER BY room_id, period_start DESC", append(anys(roomIDs[:n]), since, before)...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// TenureSpan is who holds a room from when to when, both days included; no end:
// still.
type TenureSpan struct {
	OwnerID string
	From    Date
	To      Date
}

// Holds tells whether the span covers the day.
func (t TenureSpan) Holds(on Date) bool { return t.From <= on && (t.To.IsZero() || t.To >= on) }

// TenureSpans gives by room who owns it or owned it, the latest first: what
// [Tx.HoldingsOfRooms] gives, without the people.
func (tx *Tx) TenureSpans(roomIDs []string) (map[string][]TenureSpan, error) {
	out := make(map[string][]TenureSpan, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.each(func(scan func(...any) error) error {
			var room string
			var t TenureSpan
			if err := scan(&room, &t.OwnerID, &t.From, &t.To); err != nil {
				return err
			}
			out[room] = append(out[room], t)
			return nil
		}, "SELECT room_id, owner_id, from_on, to_on FROM tenures WHERE role = 'owner' AND room_id IN ("+marks(n)+
			") ORDER BY room_id, from_on DESC, id DESC", anys(roomIDs[:n])...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// RoomsBetween gives a community's rooms in order of their code key: those after
// one key, up to and including another (empty: to the end), at most limit.
func (tx *Tx) RoomsBetween(communityID, afterKey, lastKey string, limit int) ([]Room, error) {
	if lastKey == "" {
		return tx.RoomsPage(communityID, afterKey, limit)
	}
	return tx.rooms("SELECT "+roomColumns+" FROM rooms"+byCode+" WHERE community_id = ? AND code_key > ? AND code_key <= ? ORDER BY code_key LIMIT ?",
		communityID, afterKey, lastKey, limit)
}

// LatestBases gives by room the basis of its latest bill of an item that is not
// void. Rooms without one are missing.
func (tx *Tx) LatestBases(roomIDs []string, item string) (map[string]string, error) {
	out := make(map[string]string, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.each(func(scan func(...any) error) error {
			var room, basis string
			if err := scan(&room, &basis); err != nil {
				return err
			}
			out[room] = basis
			return nil
		}, `SELECT b.room_id, b.basis FROM bills b WHERE b.room_id IN (`+marks(n)+`) AND b.item = ? AND b.void_seq = 0
			AND b.source = 'run' ORDER BY b.room_id, b.period_start`, append(anys(roomIDs[:n]), item)...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// BillsFrom counts the bills of a tariff, not void, that are for days on or after a
// day.
func (tx *Tx) BillsFrom(communityID, tariffID string, on Date) (int, error) {
	var n int
	err := tx.one([]any{&n}, "SELECT COUNT(*) FROM bills WHERE community_id = ? AND tariff_id = ? AND void_seq = 0 AND period_end >= ?", communityID, tariffID, on)
	return n, err
}
