package models

// BoundUser is who may see a room on their phone and pay for it, as staff may know
// them: the phone number is masked.
type BoundUser struct {
	UserID      string
	PhoneMasked string // empty if they never gave it
	Source      string // phone or form
	Since       Time
	Sight
}

// BoundUsers gives the users bound to a room, in the order of binding.
func (tx *Tx) BoundUsers(roomID string) ([]BoundUser, error) {
	var out []BoundUser
	err := tx.each(func(scan func(...any) error) error {
		var b BoundUser
		var u User
		if err := scan(append([]any{&b.UserID, &u.PhoneCipher, &b.Source, &b.Since}, b.Sight.dest()...)...); err != nil {
			return err
		}
		phone, err := tx.UserPhone(u)
		if err != nil {
			return err
		}
		b.PhoneMasked = MaskPhone(phone)
		out = append(out, b)
		return nil
	}, "SELECT u.id, u.phone_cipher, b.source, b.created_at, "+prefixed("b", sightColumns)+` FROM bindings b JOIN users u ON u.id = b.user_id
		WHERE b.room_id = ? ORDER BY b.created_at, b.id`, roomID)
	return out, err
}
