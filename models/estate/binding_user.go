package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BoundUser is a user who may see a room on a phone and pay for it, as staff may know
// them: the phone number is masked.
type BoundUser struct {
	UserID      string
	PhoneMasked string // empty if they never gave it
	Source      string // phone or form
	Since       models.Time
	BillVisibility
}

// BoundUsers returns the users bound to a room, in the order of binding.
func BoundUsers(tx *store.Tx, roomID string) ([]BoundUser, error) {
	type row struct {
		BoundUser
		PhoneCipher []byte
	}
	var out []BoundUser
	err := store.Each(tx, func(b *row) error {
		phone, err := UserPhone(tx, User{PhoneCipher: b.PhoneCipher})
		if err != nil {
			return err
		}
		b.PhoneMasked = models.MaskPhone(phone)
		out = append(out, b.BoundUser)
		return nil
	}, "SELECT u.id AS user_id, u.phone_cipher, b.source, b.created_at AS since, "+BillVisibilityTable.Of("b")+`
		FROM bindings b JOIN users u ON u.id = b.user_id WHERE b.room_id = ? ORDER BY b.created_at, b.id`, roomID)
	return out, err
}
