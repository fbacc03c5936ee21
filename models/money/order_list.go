package money

import (
	"gorm.io/gorm"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// OrdersOfUser returns a page of orders, newest first: those the user made, and those
// of others that [OrderInSight] lets them see, so that a parent sees what a child
// paid. after is the number of the last order of the page before; empty: the first.
func OrdersOfUser(tx *store.Tx, userID, after string, limit int) ([]Order, error) {
	q := "SELECT " + orderTable.Of("o") + ` FROM orders o
		WHERE (o.user_id = ? OR o.room_id IN (SELECT room_id FROM bindings WHERE user_id = ?)) AND (o.user_id = ? OR ` + orderInSight + ")"
	args := []any{userID, userID, userID, userID, "\n", "\n", "\n", "\n"}
	if after != "" {
		q, args = q+" AND o.no < ?", append(args, after)
	}
	return store.Rows[Order](tx, q+" ORDER BY o.no DESC LIMIT ?", append(args, limit)...)
}

// OrderFilter chooses orders for staff, newest first.
type OrderFilter struct {
	Scope  office.Scope
	Status string      // empty: all
	On     models.Date // day of creation; none: all
	Number string      // order number or WeChat's transaction id, exactly; empty: all
	RoomID string      // empty: of all rooms
	After  string      // number of the last one seen; empty: from the newest on
	Limit  int
}

// ListedOrder is an order with the room it pays for.
type ListedOrder struct {
	Order
	Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`
}

// listedOrders selects the orders of rooms that the scope may see, with their rooms.
func listedOrders(tx *store.Tx, scope office.Scope) gorm.ChainInterface[ListedOrder] {
	where, args := scope.And()
	return store.G[ListedOrder](tx).Table("orders o JOIN rooms r ON r.id = o.room_id").
		Select(orderTable.Of("o")+", "+estate.RoomTable.As("r", "r_")).Where("1 = 1"+where, args...)
}

// ListedOrders returns a page of orders, newest first.
func ListedOrders(tx *store.Tx, f OrderFilter) ([]ListedOrder, error) {
	q := listedOrders(tx, f.Scope)
	if f.Status != "" {
		q = q.Where("o.status = ?", f.Status)
	}
	if !f.On.IsZero() {
		q = q.Where("o.created_at >= ? AND o.created_at < ?", models.At(f.On.Start()), models.At((f.On + 1).Start()))
	}
	if f.Number != "" {
		q = q.Where("o.no = ? OR o.transaction_id = ?", f.Number, f.Number)
	}
	if f.RoomID != "" {
		q = q.Where("o.room_id = ?", f.RoomID)
	}
	if f.After != "" {
		q = q.Where("o.no < ?", f.After)
	}
	return q.Order("o.no DESC").Limit(f.Limit).Find(tx.Context())
}

// ScopedOrder returns an order of a room that the scope may see;
// [models.ErrNotFound] whether it does not exist or is somebody else's.
func ScopedOrder(tx *store.Tx, scope office.Scope, no string) (ListedOrder, error) {
	return listedOrders(tx, scope).Where("o.no = ?", no).Take(tx.Context())
}

// RoomsOfOrders returns by order number the room that the order pays for. A number
// that is no order of these books is missing.
func RoomsOfOrders(tx *store.Tx, nos []string) (map[string]estate.Room, error) {
	type orderRoom struct {
		No   string
		Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`
	}
	out := make(map[string]estate.Room, len(nos))
	err := store.EachIn(tx, nos, func(o *orderRoom) error {
		out[o.No] = o.Room
		return nil
	}, nil, "SELECT o.no, "+estate.RoomTable.As("r", "r_")+" FROM orders o JOIN rooms r ON r.id = o.room_id WHERE o.no (IN)")
	return out, err
}
