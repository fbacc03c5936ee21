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
	list, err := store.G[row](tx).Table("bindings b JOIN users u ON u.id = b.user_id").
		Select("u.id AS user_id, u.phone_cipher, b.source, b.created_at AS since, "+BillVisibilityTable.Of("b")).
		Where("b.room_id = ?", roomID).Order("b.created_at, b.id").Find(tx.Context())
	if err != nil {
		return nil, err
	}
	out := make([]BoundUser, len(list))
	for i, b := range list {
		phone, err := UserPhone(tx, User{PhoneCipher: b.PhoneCipher})
		if err != nil {
			return nil, err
		}
		out[i] = b.BoundUser
		out[i].PhoneMasked = models.MaskPhone(phone)
	}
	return out, nil
}
