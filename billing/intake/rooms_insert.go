package intake

import (
	"cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// insert adds rooms with their owners and tenures. A room whose row has no state is
// entered as occupied. Nothing is audited room by room: [Import] records the file.
func (t *roomTable) insert(c estate.Community, rows []roomRow) error {
	if len(rows) == 0 {
		return nil
	}
	rooms := make([]estate.Room, len(rows))
	for i := range rows {
		// r points into rows, so that insertOwners finds the ids of the new rooms.
		r := &rows[i].room
		r.ID, r.CreatedAt, r.UpdatedAt = models.NewID(), t.tx.Now, t.tx.Now
		r.Occupancy = cmp.Or(r.Occupancy, estate.Occupied)
		rooms[i] = *r
	}
	if err := estate.InsertRooms(t.tx, rooms); err != nil {
		return err
	}
	for i := range rooms {
		t.addsRows("rooms", rooms[i].ID)
	}
	return t.insertOwners(c, rows)
}

// insertOwners adds the tenure of the owner that each row names, from the handover day
// or, without one, from the beginning. Rows without a name are skipped. Owners are
// inserted before the tenures that refer to them.
func (t *roomTable) insertOwners(c estate.Community, rows []roomRow) error {
	owners, err := t.ownersOf(c, rows)
	if err != nil {
		return err
	}
	var tenures []estate.Tenure
	for _, r := range rows {
		// Without an owner nobody is liable for the bills of the room; read has warned.
		if r.owner == "" {
			continue
		}
		tenures = append(tenures, estate.Tenure{ID: models.NewID(), RoomID: r.room.ID, OwnerID: owners.idOf(r),
			Role: estate.TenureOwner, FromOn: r.room.HandedOverOn, CreatedAt: t.tx.Now})
	}
	if err := estate.InsertOwners(t.tx, owners.added); err != nil {
		return err
	}
	t.addsOwners(owners.added)
	for _, n := range tenures {
		t.addsRows("tenures", n.ID)
	}
	return estate.InsertTenures(t.tx, tenures)
}

// addsOwners notes owners that the pass has added.
func (t *roomTable) addsOwners(owners []estate.Owner) {
	for _, o := range owners {
		t.addsRows("owners", o.ID)
	}
}

// ownerBook finds the owners of a batch of rows and collects in added those that are
// missing, for the caller to insert. Rows of one batch share a new owner.
type ownerBook struct {
	tx          *store.Tx
	communityID string
	ids         map[ownerKey]string
	added       []estate.Owner
}

// ownerKey is the same for two rows that name one person: name is [models.PersonKey] of
// the name. It has the blind index of the
// phone number, because the books keep the number itself encrypted.
type ownerKey struct{ name, phoneIndex string }

// ownersOf looks up all owners that the rows name, in one statement.
func (t *roomTable) ownersOf(c estate.Community, rows []roomRow) (*ownerBook, error) {
	b := &ownerBook{tx: t.tx, communityID: c.ID, ids: map[ownerKey]string{}}
	var indexes []string
	for _, r := range rows {
		// Without a phone number idOf always adds an owner.
		if r.owner != "" && r.phone != "" {
			indexes = append(indexes, estate.PhoneIndex(t.tx, r.phone))
		}
	}
	list, err := estate.OwnersByPhone(t.tx, c.ID, indexes)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		k := ownerKey{models.PersonKey(o.Name), o.PhoneIndex}
		b.ids[k] = cmp.Or(b.ids[k], o.ID) // the oldest one, if there are two
	}
	return b, nil
}

// idOf returns the id of the owner that a row names. Without a phone number two persons
// of one name cannot be distinguished, so each room has an owner of its own.
func (b *ownerBook) idOf(r roomRow) string {
	k := ownerKey{models.PersonKey(r.owner), estate.PhoneIndex(b.tx, r.phone)}
	if r.phone != "" && b.ids[k] != "" {
		return b.ids[k]
	}
	o := estate.NewOwner(b.tx, b.communityID, r.owner, r.phone)
	b.added = append(b.added, o)
	b.ids[k] = o.ID
	return o.ID
}
