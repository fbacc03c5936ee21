package estate

import (
	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Roles of a [Tenure].
const (
	TenureOwner  = "owner"
	TenureTenant = "tenant"
)

// Tenure says who holds a room from when to when, as owner or as tenant. Both days
// are included. No first day means from the beginning, no last day means still.
type Tenure struct {
	ID        string
	RoomID    string
	OwnerID   string
	Role      string
	FromOn    models.Date
	ToOn      models.Date
	CreatedAt models.Time
	Items     models.ItemList // that a tenant agreed to pay; empty for an owner
}

var tenureTable = store.NewTable[Tenure]("tenures")

// Holds reports whether the tenure covers the day. For example, a tenure until 14
// March holds on 14 March and not on 15 March.
func (t Tenure) Holds(on models.Date) bool {
	return t.FromOn <= on && (t.ToOn.IsZero() || t.ToOn >= on)
}

// InsertTenures adds tenures.
func InsertTenures(tx *store.Tx, tenures []Tenure) error { return tenureTable.Insert(tx, tenures...) }

// TenuresOfRoom returns who holds or held the room, as owner or tenant, the latest
// first.
func TenuresOfRoom(tx *store.Tx, roomID string) ([]Tenure, error) {
	return store.G[Tenure](tx).Where("room_id = ?", roomID).Order("from_on DESC, id DESC").Find(tx.Context())
}

// TenuresOfPhone returns, by room, how somebody who registered this phone holds it: as
// owner before as tenant. A former owner is among them as long as they owe something
// in the room, unless they hold it again. An empty phone holds nothing.
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
	return out, store.Each(tx, func(t *Tenure) error {
		if rank(*t) > rank(out[t.RoomID]) {
			out[t.RoomID] = *t
		}
		return nil
	}, "SELECT "+tenureTable.Of("t")+` FROM owners o JOIN tenures t ON t.owner_id = o.id
		WHERE o.phone_index = ? AND t.from_on <= ? AND (t.to_on = '' OR t.to_on >= ? OR EXISTS (SELECT 1 FROM bills b
		WHERE b.room_id = t.room_id AND b.owner_id = t.owner_id AND b.status IN ('unpaid','partial'))) ORDER BY t.from_on DESC, t.id DESC`,
		PhoneIndex(tx, phone), on, on)
}

// EndTenure ends a tenure on its last day. The bindings in the holder's name keep that
// day, too.
func EndTenure(tx *store.Tx, t Tenure, last models.Date) error {
	if err := tx.ExecOne("UPDATE tenures SET to_on = ? WHERE id = ? AND to_on = ?", last, t.ID, t.ToOn); err != nil {
		return err
	}
	_, err := store.G[Binding](tx).Where("room_id = ? AND owner_id = ?", t.RoomID, t.OwnerID).
		Set(clause.Assignments(map[string]any{"until_on": last})).Update(tx.Context())
	return err
}

// CorrectTenure writes another owner record or another first day into a tenure. It
// mends what was registered wrongly; a change of owner is a new tenure. The bills and
// the bindings in the name of the wrong record follow.
func CorrectTenure(tx *store.Tx, t Tenure) error {
	was, err := store.G[Tenure](tx).Where("id = ?", t.ID).Take(tx.Context())
	if err == nil {
		err = tx.ExecOne("UPDATE tenures SET owner_id = ?, from_on = ? WHERE id = ?", t.OwnerID, t.FromOn, t.ID)
	}
	if err != nil || was.OwnerID == t.OwnerID {
		return err
	}
	for _, table := range []string{"bills", "bindings"} {
		_, err := tx.Exec("UPDATE "+table+" SET owner_id = ? WHERE room_id = ? AND owner_id = ?", t.OwnerID, t.RoomID, was.OwnerID)
		if err != nil {
			return err
		}
	}
	return nil
}
