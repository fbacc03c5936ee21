package money

import "wuyepay/models/store"

// orderInSight is the condition, on orders called o, that a user's binding to the
// room sees the order: it pays a bill that the binding sees ([fees.CanSee] in SQL),
// or it only prepays, and was made in the name of the same owner. Its arguments
// are the user and four line breaks: items of a tenant are a list of lines, and an
// item is found in it with a line break on either side.
const orderInSight = `EXISTS (SELECT 1 FROM bindings g WHERE g.user_id = ? AND g.room_id = o.room_id AND (
	EXISTS (SELECT 1 FROM order_lines l JOIN bills b ON b.id = l.bill_id WHERE l.order_no = o.no AND (
		(b.owner_id = g.owner_id AND g.owner_id <> '') OR (b.owner_id = '' AND g.role <> 'tenant' AND g.until_on = '')
		OR (g.role = 'tenant' AND b.period_start >= g.from_on AND (g.until_on = '' OR b.period_start <= g.until_on)
			AND (g.items = '' OR INSTR(CONCAT(?, g.items, ?), CONCAT(?, b.item, ?)) > 0))))
	OR (NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_no = o.no) AND g.role <> 'tenant'
		AND EXISTS (SELECT 1 FROM bindings m WHERE m.user_id = o.user_id AND m.room_id = o.room_id AND m.owner_id = g.owner_id))))`

// OrderInSight reports whether a user sees an order that somebody else made.
func OrderInSight(tx *store.Tx, userID, no string) (bool, error) {
	n, err := store.Row[int](tx, "SELECT COUNT(*) FROM orders o WHERE o.no = ? AND "+orderInSight, no, userID, "\n", "\n", "\n", "\n")
	return n > 0, err
}
