package models

// Holding is a tenure together with who holds it.
type Holding struct {
	Tenure
	Owner Owner
}

// HoldingsOfRooms gives by room who owns it or owned it, the latest tenure
// first. Tenants are not among them: liable is the owner.
func (tx *Tx) HoldingsOfRooms(roomIDs []string) (map[string][]Holding, error) {
	out := make(map[string][]Holding, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.each(func(scan func(...any) error) error {
			var h Holding
			t := &h.Tenure
			if err := scan(append(t.dest(), h.Owner.dest()...)...); err != nil {
				return err
			}
			out[h.RoomID] = append(out[h.RoomID], h)
			return nil
		}, `SELECT t.id, t.room_id, t.owner_id, t.role, t.from_on, t.to_on, t.created_at, t.items,
			o.id, o.community_id, o.name, o.phone_cipher, o.phone_index, o.phone_last4, o.created_at, o.updated_at
			FROM tenures t JOIN owners o ON o.id = t.owner_id
			WHERE t.role = 'owner' AND t.room_id IN (`+marks(n)+`) ORDER BY t.room_id, t.from_on DESC, t.id DESC`, anys(roomIDs[:n])...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// Holds tells whether the tenure covers the day.
func (t Tenure) Holds(on Date) bool {
	return t.FromOn <= on && (t.ToOn.IsZero() || t.ToOn >= on)
}

// OwnersOfSeveral gives those of the owners who hold more than one room now.
func (tx *Tx) OwnersOfSeveral(ownerIDs []string) (map[string]bool, error) {
	out := map[string]bool{}
	for len(ownerIDs) > 0 {
		n := min(len(ownerIDs), 500)
		err := tx.each(func(scan func(...any) error) error {
			var id string
			if err := scan(&id); err != nil {
				return err
			}
			out[id] = true
			return nil
		}, "SELECT owner_id FROM tenures WHERE role = 'owner' AND to_on = '' AND owner_id IN ("+marks(n)+") GROUP BY owner_id HAVING COUNT(*) > 1", anys(ownerIDs[:n])...)
		if err != nil {
			return nil, err
		}
		ownerIDs = ownerIDs[n:]
	}
	return out, nil
}

// OwnersByPhone gives the community's owners whose phone has one of the indexes
// ([Tx.PhoneIndex]), oldest first.
func (tx *Tx) OwnersByPhone(communityID string, indexes []string) ([]Owner, error) {
	var out []Owner
	for len(indexes) > 0 {
		n := min(len(indexes), 500)
		err := tx.each(func(scan func(...any) error) error {
			var o Owner
			if err := scan(o.dest()...); err != nil {
				return err
			}
			// Not asked of the database: SQLite would go by the community and read it whole.
			if o.CommunityID == communityID {
				out = append(out, o)
			}
			return nil
		}, "SELECT "+ownerColumns+" FROM owners WHERE phone_index IN ("+marks(n)+") ORDER BY id", anys(indexes[:n])...)
		if err != nil {
			return nil, err
		}
		indexes = indexes[n:]
	}
	return out, nil
}

// SetOwnerPhone gives an owner another phone number (digits).
func (tx *Tx) SetOwnerPhone(o *Owner, phone string) error {
	v := tx.db.vault
	o.PhoneCipher, o.PhoneIndex, o.PhoneLast4, o.UpdatedAt = v.seal(phoneColumnOwner, phone), v.blind(phone), last4(phone), tx.Now
	return tx.must("UPDATE owners SET phone_cipher = ?, phone_index = ?, phone_last4 = ?, updated_at = ? WHERE id = ?",
		o.PhoneCipher, o.PhoneIndex, o.PhoneLast4, o.UpdatedAt, o.ID)
}

// CorrectTenure writes another owner record or another first day into a tenure.
// It mends what was registered wrongly; a change of owner is a new tenure. The
// bills and the bindings in the name of the wrong record go with it.
func (tx *Tx) CorrectTenure(t Tenure) error {
	var was Tenure
	err := tx.one(was.dest(), "SELECT "+tenureColumns+" FROM tenures WHERE id = ?", t.ID)
	if err == nil {
		err = tx.must("UPDATE tenures SET owner_id = ?, from_on = ? WHERE id = ?", t.OwnerID, t.FromOn, t.ID)
	}
	if err != nil || was.OwnerID == t.OwnerID {
		return err
	}
	for _, table := range []string{"bills", "bindings"} {
		if _, err := tx.exec("UPDATE "+table+" SET owner_id = ? WHERE room_id = ? AND owner_id = ?", t.OwnerID, t.RoomID, was.OwnerID); err != nil {
			return err
		}
	}
	return nil
}
