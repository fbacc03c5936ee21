package models

// BoundUser is who may see a room on their phone and pay for it, as staff may know
// them: the phone number is masked.
type BoundUser struct {
	UserID      string
	PhoneMasked string // empty if they never gave it
	Role        string
	Source      string // phone or form
	Since       Time
}

// BoundUsers gives the users bound to a room, in the order of binding.
func (tx *Tx) BoundUsers(roomID string) ([]BoundUser, error) {
	var out []BoundUser
	err := tx.each(func(scan func(...any) error) error {
		var b BoundUser
		var u User
		if err := scan(&b.UserID, &u.PhoneCipher, &b.Role, &b.Source, &b.Since); err != nil {
			return err
		}
		phone, err := tx.UserPhone(u)
		if err != nil {
			return err
		}
		b.PhoneMasked = MaskPhone(phone)
		out = append(out, b)
		return nil
	}, `SELECT u.id, u.phone_cipher, b.role, b.source, b.created_at FROM bindings b JOIN users u ON u.id = b.user_id
		WHERE b.room_id = ? ORDER BY b.created_at, b.id`, roomID)
	return out, err
}
