package money

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// OrdersAtWechatOn gives the orders on the bills that may still be paid at WeChat
// Pay: those that hold a bill, and those that were closed here without WeChat's
// word.
func OrdersAtWechatOn(tx *store.Tx, billIDs []string) ([]string, error) {
	if len(billIDs) == 0 {
		return nil, nil
	}
	var out []string
	in := "(" + store.Placeholders(len(billIDs)) + ")"
	err := tx.QueryRows(func(scan func(...any) error) error {
		var no string
		if err := scan(&no); err != nil {
			return err
		}
		out = append(out, no)
		return nil
	}, "SELECT order_no FROM order_lines WHERE open_bill_id IN "+in+` UNION SELECT o.no FROM order_lines l JOIN orders o ON o.no = l.order_no
		WHERE l.bill_id IN `+in+" AND o.status = 'closed' AND o.closed_at_wechat = 0 ORDER BY 1", append(store.Args(billIDs), store.Args(billIDs)...)...)
	return out, err
}

// OrderFilter chooses orders for staff, newest first.
type OrderFilter struct {
	Scope  office.Scope
	Status string      // empty: all
	On     models.Date // day of creation; none: all
	Number string      // order number or WeChat's transaction id, exactly; empty: all
	RoomID string      // empty: of all rooms
	After  string      // number of the last one seen
	Limit  int
}

// ListedOrder is an order with the room it pays for.
type ListedOrder struct {
	Order
	Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`
}

var listedOrderSelect = "SELECT " + orderTable.Of("o") + ", " + estate.RoomTable.As("r", "r_") + " FROM orders o JOIN rooms r ON r.id = o.room_id WHERE "

// ListedOrders gives a page of orders, newest first.
func ListedOrders(tx *store.Tx, f OrderFilter) ([]ListedOrder, error) {
	scope, args := f.Scope.And()
	q := listedOrderSelect + "1 = 1" + scope
	add := func(condition string, values ...any) { q, args = q+" AND "+condition, append(args, values...) }
	if f.Status != "" {
		add("o.status = ?", f.Status)
	}
	if !f.On.IsZero() {
		add("o.created_at >= ? AND o.created_at < ?", models.At(f.On.Start()), models.At((f.On + 1).Start()))
	}
	if f.Number != "" {
		add("(o.no = ? OR o.transaction_id = ?)", f.Number, f.Number)
	}
	if f.RoomID != "" {
		add("o.room_id = ?", f.RoomID)
	}
	if f.After != "" {
		add("o.no < ?", f.After)
	}
	return store.Rows[ListedOrder](tx, q+" ORDER BY o.no DESC LIMIT ?", append(args, f.Limit)...)
}

// ScopedOrder finds an order of a room that the scope may see; [models.ErrNotFound]
// whether it does not exist or is somebody else's.
func ScopedOrder(tx *store.Tx, scope office.Scope, no string) (ListedOrder, error) {
	where, args := scope.And()
	return store.Row[ListedOrder](tx, listedOrderSelect+"o.no = ?"+where, append([]any{no}, args...)...)
}

// RoomsOfOrders gives by order number the room that the order pays for. A number
// that is no order of ours is missing.
func RoomsOfOrders(tx *store.Tx, nos []string) (map[string]estate.Room, error) {
	out := make(map[string]estate.Room, len(nos))
	for len(nos) > 0 {
		n := min(len(nos), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var no string
			var r estate.Room
			if err := scan(append([]any{&no}, r.Dest()...)...); err != nil {
				return err
			}
			out[no] = r
			return nil
		}, "SELECT o.no, "+store.Prefixed("r", estate.RoomColumns)+" FROM orders o JOIN rooms r ON r.id = o.room_id WHERE o.no IN ("+store.Placeholders(n)+")", store.Args(nos[:n])...)
		if err != nil {
			return nil, err
		}
		nos = nos[n:]
	}
	return out, nil
}
