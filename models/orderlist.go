package models

// OrderFilter chooses orders for staff, newest first.
type OrderFilter struct {
	Scope  Scope
	Status string // empty: all
	On     Date   // day of creation; none: all
	Number string // order number or WeChat's transaction id, exactly; empty: all
	RoomID string // empty: of all rooms
	After  string // number of the last one seen
	Limit  int
}

// ListedOrder is an order with the room it pays for.
type ListedOrder struct {
	Order
	Room Room
}

func (o *ListedOrder) dest() []any { return append(o.Order.dest(), o.Room.dest()...) }

var listedOrderSelect = "SELECT " + prefixed("o", orderColumns) + ", " + prefixed("r", roomColumns) + " FROM orders o JOIN rooms r ON r.id = o.room_id WHERE "

// ListedOrders gives a page of orders, newest first.
func (tx *Tx) ListedOrders(f OrderFilter) ([]ListedOrder, error) {
	scope, args := f.Scope.and()
	q := listedOrderSelect + "1 = 1" + scope
	add := func(condition string, values ...any) { q, args = q+" AND "+condition, append(args, values...) }
	if f.Status != "" {
		add("o.status = ?", f.Status)
	}
	if !f.On.IsZero() {
		add("o.created_at >= ? AND o.created_at < ?", At(f.On.Start()), At((f.On + 1).Start()))
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
	var out []ListedOrder
	err := tx.each(func(scan func(...any) error) error {
		out = append(out, ListedOrder{})
		return scan(out[len(out)-1].dest()...)
	}, q+" ORDER BY o.no DESC LIMIT ?", append(args, f.Limit)...)
	return out, err
}

// ScopedOrder finds an order of a room that the scope may see; [ErrNotFound]
// whether it does not exist or is somebody else's.
func (tx *Tx) ScopedOrder(scope Scope, no string) (ListedOrder, error) {
	where, args := scope.and()
	var o ListedOrder
	return o, tx.one(o.dest(), listedOrderSelect+"o.no = ?"+where, append([]any{no}, args...)...)
}

// RoomsOfOrders gives by order number the room that the order pays for. A number
// that is no order of ours is missing.
func (tx *Tx) RoomsOfOrders(nos []string) (map[string]Room, error) {
	out := make(map[string]Room, len(nos))
	for len(nos) > 0 {
		n := min(len(nos), 500)
		err := tx.each(func(scan func(...any) error) error {
			var no string
			var r Room
			if err := scan(append([]any{&no}, r.dest()...)...); err != nil {
				return err
			}
			out[no] = r
			return nil
		}, "SELECT o.no, "+prefixed("r", roomColumns)+" FROM orders o JOIN rooms r ON r.id = o.room_id WHERE o.no IN ("+marks(n)+")", anys(nos[:n])...)
		if err != nil {
			return nil, err
		}
		nos = nos[n:]
	}
	return out, nil
}

// BillsByIDs gives bills by their ids; one that does not exist is missing.
func (tx *Tx) BillsByIDs(ids []string) (map[string]Bill, error) {
	out := make(map[string]Bill, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		list, err := tx.bills("SELECT "+billColumns+" FROM bills WHERE id IN ("+marks(n)+")", anys(ids[:n])...)
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			out[b.ID] = b
		}
		ids = ids[n:]
	}
	return out, nil
}
