package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Holds tells whether the tenure covers the day.
func (t Tenure) Holds(on models.Date) bool {
	return t.FromOn <= on && (t.ToOn.IsZero() || t.ToOn >= on)
}

// CorrectTenure writes another owner record or another first day into a tenure.
// It mends what was registered wrongly; a change of owner is a new tenure. The
// bills and the bindings in the name of the wrong record go with it.
func CorrectTenure(tx *store.Tx, t Tenure) error {
	var was Tenure
	err := tx.QueryRow(was.dest(), "SELECT "+tenureColumns+" FROM tenures WHERE id = ?", t.ID)
	if err == nil {
		err = tx.ExecOne("UPDATE tenures SET owner_id = ?, from_on = ? WHERE id = ?", t.OwnerID, t.FromOn, t.ID)
	}
	if err != nil || was.OwnerID == t.OwnerID {
		return err
	}
	for _, table := range []string{"bills", "bindings"} {
		if _, err := tx.Exec("UPDATE "+table+" SET owner_id = ? WHERE room_id = ? AND owner_id = ?", t.OwnerID, t.RoomID, was.OwnerID); err != nil {
			return err
		}
	}
	return nil
}

// Tenure says who holds a room from when to when, both days included; no end:
// still.
type Tenure struct {
	ID        string
	RoomID    string
	OwnerID   string
	Role      string
	FromOn    models.Date
	ToOn      models.Date
	CreatedAt models.Time
	Items     models.ItemList // what a tenant has agreed to pay; empty for an owner
}

// TenuresOfPhone gives, by room, how somebody who registered this phone holds it:
// as owner before as tenant. A former owner is among them as long as they owe
// something, unless they hold the room again.
func TenuresOfPhone(tx *store.Tx, phone string, on models.Date) (map[string]Tenure, error) {
	out := map[string]Tenure{}
	if phone == "" {
		return out, nil
	}
	rank := func(t Tenure) int {
		switch {
		case t.ID == "":
			return 0
		case !t.Holds(on):
			return 1
		case t.Role == TenureTenant:
			return 2
		}
		return 3
	}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var t Tenure
		if err := scan(t.dest()...); err != nil {
			return err
		}
		if rank(t) > rank(out[t.RoomID]) {
			out[t.RoomID] = t
		}
		return nil
	}, "SELECT "+store.Prefixed("t", tenureColumns)+` FROM owners o JOIN tenures t ON t.owner_id = o.id
		WHERE o.phone_index = ? AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ? OR EXISTS (SELECT 1 FROM bills b
		WHERE b.room_id = t.room_id AND b.owner_id = t.owner_id AND b.status IN ('unpaid','partial'))) ORDER BY t.from_on DESC, t.id DESC`,
		PhoneIndex(tx, phone), on, on)
	return out, err
}

// InsertTenures adds tenures.
func InsertTenures(tx *store.Tx, tenures []Tenure) error {
	rows := make([][]any, len(tenures))
	for i, t := range tenures {
		rows[i] = []any{t.ID, t.RoomID, t.OwnerID, t.Role, t.FromOn, t.ToOn, t.CreatedAt, t.Items}
	}
	_, err := tx.InsertRows(false, "tenures", tenureColumns, rows)
	return err
}

const tenureColumns = "id, room_id, owner_id, role, from_on, to_on, created_at, items"

func (t *Tenure) dest() []any {
	return []any{&t.ID, &t.RoomID, &t.OwnerID, &t.Role, &t.FromOn, &t.ToOn, &t.CreatedAt, &t.Items}
}

// TenuresOfRoom gives who holds or held the room, as owner or tenant, the latest
// first.
func TenuresOfRoom(tx *store.Tx, roomID string) ([]Tenure, error) {
	var out []Tenure
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Tenure{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+tenureColumns+" FROM tenures WHERE room_id = ? ORDER BY from_on DESC, id DESC", roomID)
	return out, err
}

// EndTenure ends a tenure on its last day, and lets the bindings in its name know.
func EndTenure(tx *store.Tx, t Tenure, last models.Date) error {
	if err := tx.ExecOne("UPDATE tenures SET to_on = ? WHERE id = ? AND to_on = ?", last, t.ID, t.ToOn); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE bindings SET until_on = ? WHERE room_id = ? AND owner_id = ?", last, t.RoomID, t.OwnerID)
	return err
}

// RoomsOfOwner gives the rooms that the owner holds or held, by code key.
func RoomsOfOwner(tx *store.Tx, ownerID string) ([]Room, error) {
	return Rooms(tx, "SELECT "+RoomColumns+" FROM rooms WHERE id IN (SELECT room_id FROM tenures WHERE owner_id = ?) ORDER BY code_key, id", ownerID)
}

// IsBound tells whether a user is bound to a room, in whatever name.
func IsBound(tx *store.Tx, userID, roomID string) (bool, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, "SELECT COUNT(*) FROM bindings WHERE user_id = ? AND room_id = ?", userID, roomID)
	return n > 0, err
}
