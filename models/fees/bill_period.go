package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BillSpan is that days of a room are billed for an item: all that a billing run
// asks about a bill. The unique key of the bills holds it, so a run that finds
// nothing to do never touches the bills themselves.
type BillSpan struct {
	RoomID string
	Item   string
	From   models.Date
	To     models.Date
}

// BillSpans gives the days that are billed, of bills that are not void, whose
// period touches the days from..to, by room, earliest first.
func BillSpans(tx *store.Tx, roomIDs []string, from, to models.Date) (map[string][]BillSpan, error) {
	out := make(map[string][]BillSpan, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 1000)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var s BillSpan
			if err := scan(&s.RoomID, &s.Item, &s.From, &s.To); err != nil {
				return err
			}
			out[s.RoomID] = append(out[s.RoomID], s)
			return nil
		}, "SELECT room_id, item, period_start, period_end FROM bills WHERE room_id IN ("+store.Placeholders(n)+
			") AND void_seq = 0 AND period_start <= ? AND period_end >= ? ORDER BY room_id, item, period_start", append(store.Args(roomIDs[:n]), to, from)...)
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
	From         models.Date
	To           models.Date
	PrincipalFen models.Fen
}

// PastBills gives the bills of the rooms that are not void and whose period ends
// before a day and begins on or after another, by room, latest first.
func PastBills(tx *store.Tx, roomIDs []string, since, before models.Date) (map[string][]PastBill, error) {
	out := make(map[string][]PastBill, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var b PastBill
			if err := scan(&b.RoomID, &b.Item, &b.From, &b.To, &b.PrincipalFen); err != nil {
				return err
			}
			out[b.RoomID] = append(out[b.RoomID], b)
			return nil
		}, "SELECT room_id, item, period_start, period_end, principal_fen FROM bills WHERE room_id IN ("+store.Placeholders(n)+
			") AND void_seq = 0 AND period_start >= ? AND period_end < ? ORDER BY room_id, period_start DESC", append(store.Args(roomIDs[:n]), since, before)...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// LatestBases gives by room the basis of its latest bill of an item that is not
// void. Rooms without one are missing.
func LatestBases(tx *store.Tx, roomIDs []string, item string) (map[string]string, error) {
	out := make(map[string]string, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var room, basis string
			if err := scan(&room, &basis); err != nil {
				return err
			}
			out[room] = basis
			return nil
		}, `SELECT b.room_id, b.basis FROM bills b WHERE b.room_id IN (`+store.Placeholders(n)+`) AND b.item = ? AND b.void_seq = 0
			AND b.source = 'run' ORDER BY b.room_id, b.period_start`, append(store.Args(roomIDs[:n]), item)...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// BillsFrom counts the bills of a tariff, not void, that are for days on or after a
// day.
func BillsFrom(tx *store.Tx, communityID, tariffID string, on models.Date) (int, error) {
	var n int
	err := tx.QueryRow([]any{&n}, "SELECT COUNT(*) FROM bills WHERE community_id = ? AND tariff_id = ? AND void_seq = 0 AND period_end >= ?", communityID, tariffID, on)
	return n, err
}
