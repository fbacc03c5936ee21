package models

const tenureColumns = "id, room_id, owner_id, role, from_on, to_on, created_at, items"

func (t *Tenure) dest() []any {
	return []any{&t.ID, &t.RoomID, &t.OwnerID, &t.Role, &t.FromOn, &t.ToOn, &t.CreatedAt, &t.Items}
}

// TenuresOfRoom gives who holds or held the room, as owner or tenant, the latest
// first.
func (tx *Tx) TenuresOfRoom(roomID string) ([]Tenure, error) {
	var out []Tenure
	err := tx.each(func(scan func(...any) error) error {
		out = append(out, Tenure{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+tenureColumns+" FROM tenures WHERE room_id = ? ORDER BY from_on DESC, id DESC", roomID)
	return out, err
}

// EndTenure ends a tenure on its last day, and lets the bindings in its name know.
func (tx *Tx) EndTenure(t Tenure, last Date) error {
	if err := tx.must("UPDATE tenures SET to_on = ? WHERE id = ? AND to_on = ?", last, t.ID, t.ToOn); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE bindings SET until_on = ? WHERE room_id = ? AND owner_id = ?", last, t.RoomID, t.OwnerID)
	return err
}

// OwnerByID finds an owner.
func (tx *Tx) OwnerByID(id string) (Owner, error) {
	var o Owner
	return o, tx.one(o.dest(), "SELECT "+ownerColumns+" FROM owners WHERE id = ?", id)
}

// RenameOwner corrects an owner's name, guarded by the name that was read.
func (tx *Tx) RenameOwner(o *Owner, name string) error {
	if err := tx.must("UPDATE owners SET name = ?, updated_at = ? WHERE id = ? AND name = ?", name, tx.Now, o.ID, o.Name); err != nil {
		return err
	}
	o.Name, o.UpdatedAt = name, tx.Now
	return nil
}

// RoomsOfOwner gives the rooms that the owner holds or held, by code key.
func (tx *Tx) RoomsOfOwner(ownerID string) ([]Room, error) {
	return tx.rooms("SELECT "+roomColumns+" FROM rooms WHERE id IN (SELECT room_id FROM tenures WHERE owner_id = ?) ORDER BY code_key, id", ownerID)
}

// IsBound tells whether a user is bound to a room, in whatever name.
func (tx *Tx) IsBound(userID, roomID string) (bool, error) {
	n := 0
	err := tx.one([]any{&n}, "SELECT COUNT(*) FROM bindings WHERE user_id = ? AND room_id = ?", userID, roomID)
	return n > 0, err
}
