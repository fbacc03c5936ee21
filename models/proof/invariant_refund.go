package proof

func init() { invariants = append(invariants, refundInvariants...) }

// refundInvariants are what refunds must agree with: the payment they return, the
// prepayment they hold, the state of the order and the journal. A refund is under way in
// the states sending, processing and abnormal. In abnormal, too, the money is held: the
// payer's account could not take it, and staff must act.
var refundInvariants = []invariant{
	// Refunds against their payment. The sums by payment are what stops a second refund
	// of the same money, so they must count the refunds that exist: one that is only asked
	// for is held already. No sum may exceed the payment.
	{"what goes back of a payment, and is under way, is what its refunds say",
		`SELECT s.payment_id, s.held_fen + s.refunded_fen, COALESCE(r.held, 0) + COALESCE(r.done, 0)
		FROM refund_sums s
		LEFT JOIN (SELECT payment_id,
		SUM(CASE WHEN status IN ('asked','sending','processing','abnormal') THEN amount_fen ELSE 0 END) AS held,
		SUM(CASE WHEN status = 'success' THEN amount_fen ELSE 0 END) AS done, COUNT(part) AS parts
		FROM refunds WHERE payment_id <> '' GROUP BY payment_id) r ON r.payment_id = s.payment_id
		WHERE s.held_fen <> COALESCE(r.held, 0) OR s.refunded_fen <> COALESCE(r.done, 0) OR s.parts <> COALESCE(r.parts, 0)`},
	{"no more goes back of a payment than came",
		`SELECT p.id, SUM(r.amount_fen), p.amount_fen FROM payments p JOIN refunds r ON r.payment_id = p.id
		LEFT JOIN refund_sums s ON s.payment_id = p.id
		WHERE r.status NOT IN ('rejected','closed')
		GROUP BY p.id, p.amount_fen
		HAVING SUM(r.amount_fen) > p.amount_fen OR MAX(COALESCE(s.amount_fen, 0)) <> p.amount_fen`},
	// A refund against its lines and its order. The lines say which bills are owed again
	// and what leaves prepayment. WeChat refunds a transaction, so order, payment and
	// transaction must belong together.
	{"a refund's lines are its amount",
		`SELECT r.no, r.amount_fen, COALESCE(SUM(l.principal_fen + l.late_fee_fen + l.prepaid_fen), 0)
		FROM refunds r LEFT JOIN refund_lines l ON l.refund_no = r.no
		GROUP BY r.no, r.amount_fen
		HAVING r.amount_fen <> COALESCE(SUM(l.principal_fen + l.late_fee_fen + l.prepaid_fen), 0)
		OR MAX(r.prepaid_fen) <> COALESCE(SUM(l.prepaid_fen), 0)`},
	{"a refund by WeChat is of its order's payment",
		`SELECT r.no, 0, 0 FROM refunds r
		LEFT JOIN payments p ON p.id = r.payment_id AND p.order_no = r.order_no AND p.transaction_id = r.transaction_id
		WHERE r.channel = 'wechat' AND p.id IS NULL`},
	// The state that an order should have. One refund under way makes it refunding,
	// whatever is done already; a refund that is only asked for changes nothing. For
	// example, of 100 yuan with 30 refunded and 20 under way, the order is refunding, and
	// part_refunded once the 20 have arrived or were closed.
	{"an order's state fits its refunds",
		`SELECT o.no, COALESCE(r.moving, 0), COALESCE(r.done, 0) FROM orders o
		LEFT JOIN (SELECT order_no, SUM(CASE WHEN status IN ('sending','processing','abnormal') THEN 1 ELSE 0 END) AS moving,
		SUM(CASE WHEN status = 'success' THEN amount_fen ELSE 0 END) AS done
		FROM refunds WHERE order_no <> '' GROUP BY order_no) r ON r.order_no = o.no
		WHERE o.status <> CASE WHEN COALESCE(r.moving, 0) > 0 THEN 'refunding' WHEN COALESCE(r.done, 0) = o.amount_fen THEN 'refunded'
		WHEN COALESCE(r.done, 0) > 0 THEN 'part_refunded'
		WHEN o.status IN ('refunding','refunded','part_refunded') THEN 'paid' ELSE o.status END`},
	// Refunds against the journal. Money leaves the account of WeChat only on success.
	// Prepayment leaves the room when the refund begins and is in transit until it ends,
	// so that it cannot be spent twice. What staff paid back by hand names no
	// payment and is compared by room.
	{"a refund's money in the journal left by its channel",
		`SELECT p.id, COALESCE(r.s, 0), COALESCE(j.s, 0) FROM payments p
		LEFT JOIN (SELECT payment_id, SUM(amount_fen) AS s FROM refunds WHERE status = 'success' AND channel = 'wechat'
		GROUP BY payment_id) r ON r.payment_id = p.id
		LEFT JOIN (SELECT payment_id, SUM(amount_fen) AS s FROM journal WHERE credit = 'wechat_clearing'
		GROUP BY payment_id) j ON j.payment_id = p.id
		WHERE COALESCE(r.s, 0) <> COALESCE(j.s, 0) AND p.channel = 'wechat'`},
	{"prepayment in transit is what refunds under way hold",
		`SELECT room_id, SUM(have), SUM(want)
		FROM (SELECT room_id, CASE WHEN credit = 'refund_in_transit' THEN amount_fen ELSE -amount_fen END AS have, 0 AS want
		FROM journal WHERE credit = 'refund_in_transit' OR debit = 'refund_in_transit' UNION ALL SELECT room_id, 0, prepaid_fen
		FROM refunds WHERE status IN ('sending','processing','abnormal')) x
		GROUP BY room_id
		HAVING SUM(have) <> SUM(want)`},
	{"money paid back by hand is in the journal",
		`SELECT room_id, SUM(have), SUM(want)
		FROM (SELECT room_id, amount_fen AS have, 0 AS want FROM journal WHERE credit = 'refund_by_hand'
		UNION ALL SELECT room_id, 0, amount_fen FROM refunds WHERE status = 'success' AND channel = 'hand') x
		GROUP BY room_id
		HAVING SUM(have) <> SUM(want)`},
	// Two persons decide a refund. The system alone may do both, as it does when money
	// that found no bill is sent back by policy.
	{"who asked for a refund did not approve it",
		`SELECT no, 0, 0 FROM refunds
		WHERE status <> 'asked'
		AND (decided_kind = '' OR (asked_kind <> 'system' AND decided_kind = asked_kind AND decided_id = asked_id))`},
}
