package intake

import (
	"cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// insert adds rooms with their owners and tenures.
func (t *roomTable) insert(c estate.Community, rows []roomRow) error {
	if len(rows) == 0 {
		return nil
	}
	rooms := make([]estate.Room, len(rows))
	for i := range rows {
		r := &rows[i].room
		r.ID, r.CreatedAt, r.UpdatedAt = models.NewID(), t.tx.Now, t.tx.Now
		r.Occupancy = cmp.Or(r.Occupancy, estate.Occupied)
		rooms[i] = *r
	}
	if err := estate.InsertRooms(t.tx, rooms); err != nil {
		return err
	}
	return t.insertOwners(c, rows)
}

// insertOwners adds the tenure of the owner that each row names, from the
// handover day or, without one, from the beginning. Rows without a name are
// skipped.
func (t *roomTable) insertOwners(c estate.Community, rows []roomRow) error {
	owners, err := t.ownersOf(c, rows)
	if err != nil {
		return err
	}
	var tenures []estate.Tenure
	for _, r := range rows {
		if r.owner == "" {
			continue
		}
		tenures = append(tenures, estate.Tenure{ID: models.NewID(), RoomID: r.room.ID, OwnerID: owners.idOf(r),
			Role: estate.TenureOwner, FromOn: r.room.HandedOverOn, CreatedAt: t.tx.Now})
	}
	if err := estate.InsertOwners(t.tx, owners.added); err != nil {
		return err
	}
	return estate.InsertTenures(t.tx, tenures)
}

// ownerBook finds the owners of a batch of rows and adds those that are
// missing.
type ownerBook struct {
	tx          *store.Tx
	communityID string
	ids         map[ownerKey]string
	added       []estate.Owner
}

// ownerKey is the same for two rows that name one person.
type ownerKey struct{ name, phoneIndex string }

// ownersOf looks up all owners that the rows name, in one statement.
func (t *roomTable) ownersOf(c estate.Community, rows []roomRow) (*ownerBook, error) {
	b := &ownerBook{tx: t.tx, communityID: c.ID, ids: map[ownerKey]string{}}
	var indexes []string
	for _, r := range rows {
		if r.owner != "" && r.phone != "" {
			indexes = append(indexes, estate.PhoneIndex(t.tx, r.phone))
		}
	}
	list, err := estate.OwnersByPhone(t.tx, c.ID, indexes)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		k := ownerKey{o.Name, o.PhoneIndex}
		b.ids[k] = cmp.Or(b.ids[k], o.ID) // the oldest one, if there are two
	}
	return b, nil
}

// idOf returns the id of the owner that a row names. Without a phone number
// nothing tells two persons of one name apart, so each room gets an owner of
// its own.
func (b *ownerBook) idOf(r roomRow) string {
	k := ownerKey{r.owner, estate.PhoneIndex(b.tx, r.phone)}
	if r.phone != "" && b.ids[k] != "" {
		return b.ids[k]
	}
	o := estate.NewOwner(b.tx, b.communityID, r.owner, r.phone)
	b.added = append(b.added, o)
	b.ids[k] = o.ID
	return o.ID
}
