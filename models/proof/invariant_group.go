package proof

func init() { invariants = append(invariants, groupInvariants...) }

// groupInvariants are those of 合并收款: one sum over the rooms of a party is the sum of a
// payment for each room, and is undone whole or not at all.
var groupInvariants = []invariant{
	{"a group of payments is the sum of its payments, which are numbered from 0",
		`SELECT g.id, g.amount_fen, COALESCE(SUM(p.amount_fen), 0) FROM desk_groups g
		LEFT JOIN desk_group_payments gp ON gp.group_id = g.id LEFT JOIN payments p ON p.id = gp.payment_id
		GROUP BY g.id, g.amount_fen, g.payments
		HAVING g.amount_fen <> COALESCE(SUM(p.amount_fen), 0) OR COUNT(p.id) <> g.payments OR g.payments = 0
		OR MIN(gp.seq) <> 0 OR MAX(gp.seq) <> g.payments - 1`},
	{"the payments of a group have one channel, day and cashier, and no surplus",
		`SELECT gp.payment_id, 0, 0 FROM desk_group_payments gp JOIN desk_groups g ON g.id = gp.group_id
		LEFT JOIN payments p ON p.id = gp.payment_id LEFT JOIN desk_entries e ON e.payment_id = gp.payment_id
		WHERE p.id IS NULL OR e.payment_id IS NULL OR p.channel <> g.channel OR p.community_id <> g.community_id
		OR p.paid_on <> g.day_on OR e.day_on <> g.day_on OR e.staff_id <> g.staff_id OR p.surplus_fen <> 0`},
	{"a group of payments has one payment a room",
		`SELECT gp.group_id, COUNT(*), COUNT(DISTINCT p.room_id) FROM desk_group_payments gp JOIN payments p ON p.id = gp.payment_id
		GROUP BY gp.group_id HAVING COUNT(*) <> COUNT(DISTINCT p.room_id)`},
	{"a group of payments is undone whole or not at all",
		`SELECT gp.group_id, COUNT(v.id), COUNT(*) FROM desk_group_payments gp
		LEFT JOIN payment_reversals v ON v.payment_id = gp.payment_id
		GROUP BY gp.group_id HAVING COUNT(v.id) <> 0 AND COUNT(v.id) <> COUNT(*)`},
}
