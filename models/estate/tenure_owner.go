package estate

import "wuyepay/models/store"

// OwnerTenure is a tenure together with who holds it.
type OwnerTenure struct {
	Tenure
	Owner Owner
}

// OwnerTenuresOfRooms gives by room who owns it or owned it, the latest tenure
// first. Tenants are not among them: liable is the owner.
func OwnerTenuresOfRooms(tx *store.Tx, roomIDs []string) (map[string][]OwnerTenure, error) {
	out := make(map[string][]OwnerTenure, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var h OwnerTenure
			t := &h.Tenure
			if err := scan(append(t.dest(), h.Owner.dest()...)...); err != nil {
				return err
			}
			out[h.RoomID] = append(out[h.RoomID], h)
			return nil
		}, `SELECT t.id, t.room_id, t.owner_id, t.role, t.from_on, t.to_on, t.created_at, t.items,
			o.id, o.community_id, o.name, o.phone_cipher, o.phone_index, o.phone_last4, o.created_at, o.updated_at
			FROM tenures t JOIN owners o ON o.id = t.owner_id
			WHERE t.role = 'owner' AND t.room_id IN (`+store.Placeholders(n)+`) ORDER BY t.room_id, t.from_on DESC, t.id DESC`, store.Args(roomIDs[:n])...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}
