package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BoundRoom is a room as a user sees it who is bound to it.
type BoundRoom struct {
	Room
	BillVisibility
	CommunityName string
	Merchant      string // that the community pays to; empty: the only or first one
	Settlement    string // the order in which money settles a bill of the community
	MerchantRules bool   // some fee items of the community are paid to other merchants
}

// PrepaidSeen returns the balance of prepayment as the user may see it. It is the
// owner's: a tenant and a former owner see 0.
func (b BoundRoom) PrepaidSeen(on models.Date) models.Fen {
	if !b.Owns(on) {
		return 0
	}
	return b.PrepaidFen
}

var boundRoomSelect = "SELECT " + RoomTable.Of("r") + ", " + BillVisibilityTable.Of("b") + `,
	c.name AS community_name, c.merchant, c.settlement,
	EXISTS (SELECT 1 FROM merchant_rules q WHERE q.community_id = c.id) AS merchant_rules
	FROM bindings b JOIN rooms r ON r.id = b.room_id JOIN communities c ON c.id = r.community_id WHERE b.user_id = ?`

var (
	sqlBoundRoom  = store.Hot(boundRoomSelect + " AND b.room_id = ?")
	sqlBoundRooms = store.Hot(boundRoomSelect + " ORDER BY b.created_at, r.code_key, r.id")
)

// BoundRoomOf returns a room if the user is bound to it. Otherwise it returns
// [models.ErrNotFound], whether the room exists or not.
func BoundRoomOf(tx *store.Tx, userID, roomID string) (BoundRoom, error) {
	return store.Row[BoundRoom](tx, sqlBoundRoom, userID, roomID)
}

// BoundRooms returns all rooms of a user, in the order of binding.
func BoundRooms(tx *store.Tx, userID string) ([]BoundRoom, error) {
	return store.Rows[BoundRoom](tx, sqlBoundRooms, userID)
}
