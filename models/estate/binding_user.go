package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BoundUser is who may see a room on their phone and pay for it, as staff may know
// them: the phone number is masked.
type BoundUser struct {
	UserID      string
	PhoneMasked string // empty if they never gave it
	Source      string // phone or form
	Since       models.Time
	BillVisibility
}

// BoundUsers gives the users bound to a room, in the order of binding.
func BoundUsers(tx *store.Tx, roomID string) ([]BoundUser, error) {
	var out []BoundUser
	err := tx.QueryRows(func(scan func(...any) error) error {
		var b BoundUser
		var u User
		if err := scan(append([]any{&b.UserID, &u.PhoneCipher, &b.Source, &b.Since}, b.BillVisibility.Dest()...)...); err != nil {
			return err
		}
		phone, err := UserPhone(tx, u)
		if err != nil {
			return err
		}
		b.PhoneMasked = models.MaskPhone(phone)
		out = append(out, b)
		return nil
	}, "SELECT u.id, u.phone_cipher, b.source, b.created_at, "+store.Prefixed("b", SightColumns)+` FROM bindings b JOIN users u ON u.id = b.user_id
		WHERE b.room_id = ? ORDER BY b.created_at, b.id`, roomID)
	return out, err
}
