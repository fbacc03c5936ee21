package estate

import "wuyepay/models/store"

// OwnerTenure is a tenure together with who holds it.
type OwnerTenure struct {
	Tenure
	Owner Owner `gorm:"embedded;embeddedPrefix:o_"`
}

// OwnerTenuresOfRooms returns by room who owns it or owned it, the latest tenure first.
// Tenants are not among them: the owner is liable.
func OwnerTenuresOfRooms(tx *store.Tx, roomIDs []string) (map[string][]OwnerTenure, error) {
	list, err := store.RowsIn[OwnerTenure](tx, roomIDs, nil, "SELECT "+tenureTable.Of("t")+", "+ownerTable.As("o", "o_")+`
		FROM tenures t JOIN owners o ON o.id = t.owner_id WHERE t.role = 'owner' AND t.room_id (IN)
		ORDER BY t.room_id, t.from_on DESC, t.id DESC`)
	return store.Group(list, func(t *OwnerTenure) string { return t.RoomID }), err
}
