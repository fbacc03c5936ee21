package estate

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Standing is what the rooms of a scope add up to today. OwedFen is principal only.
type Standing struct {
	Rooms     int64
	Owners    int64 // who own a room today; one who owns several counts once
	OwedFen   models.Fen
	OwedRooms int64
}

// StandingOf counts the scope's rooms, those who own them today, and what is owed.
func StandingOf(tx *store.Tx, scope office.Scope) (Standing, error) {
	where, args := scope.And()
	today := tx.Today()
	// What is owed comes first: it is the statement that fills two fields.
	s, err := store.Row[Standing](tx, `SELECT COUNT(DISTINCT b.room_id) AS owed_rooms,
		COALESCE(SUM(b.principal_fen - b.discount_fen - b.paid_principal_fen), 0) AS owed_fen
		FROM bills b`+store.ByRoom+" WHERE "+OfRooms(where)+"b.status IN ('unpaid','partial')", args...)
	if err == nil {
		s.Rooms, err = store.Row[int64](tx, "SELECT COUNT(*) FROM rooms r WHERE 1 = 1"+where, args...)
	}
	if err == nil {
		s.Owners, err = store.Row[int64](tx, `SELECT COUNT(DISTINCT t.owner_id) FROM tenures t JOIN rooms r ON r.id = t.room_id
			WHERE t.role = 'owner' AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ?)`+where, append([]any{today, today}, args...)...)
	}
	return s, err
}

// OfRooms turns a condition on rooms called r, as [office.Scope.And] returns it, into
// one on bills called b, with AND behind it. No condition stays none.
func OfRooms(rooms string) string {
	if rooms == "" {
		return ""
	}
	return "b.room_id IN (SELECT r.id FROM rooms r WHERE 1 = 1" + rooms + ") AND "
}

// OwedPrincipals returns by room the principal in fen of its unpaid and part-paid
// bills. A room that owes none is missing.
func OwedPrincipals(tx *store.Tx, roomIDs []string) (map[string]models.Fen, error) {
	type owed struct {
		RoomID  string
		OwedFen models.Fen
	}
	out := make(map[string]models.Fen, len(roomIDs))
	return out, store.EachIn(tx, roomIDs, func(o *owed) error {
		out[o.RoomID] = o.OwedFen
		return nil
	}, nil, `SELECT room_id, SUM(principal_fen - discount_fen - paid_principal_fen) AS owed_fen FROM bills
		WHERE room_id (IN) AND status IN ('unpaid','partial') GROUP BY room_id`)
}
