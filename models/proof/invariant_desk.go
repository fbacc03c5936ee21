package proof

// moneyAccount is the account that a payment's money entered, in SQL: that of its
// channel, as [money.MoneyAccounts] has it. A channel without an account yields an empty
// text, which matches no journal line.
const moneyAccount = `CASE p.channel WHEN 'cash' THEN 'cash' WHEN 'card' THEN 'card_clearing' WHEN 'transfer' THEN 'bank'
	WHEN 'alipay' THEN 'alipay_clearing' WHEN 'cheque' THEN 'cheque_clearing' WHEN 'collection' THEN 'bank' ELSE '' END`

func init() { invariants = append(invariants, deskInvariants...) }

// deskInvariants are those of the desk, of what was undone there, and of bank
// collection. No outside bill proves these payments, as WeChat's does, so entry, payment,
// day and journal prove each other.
var deskInvariants = []invariant{
	// A payment and the entry of the cashier, in both directions. The voucher key is
	// unique and stands only while the payment does, so that a cheque entered wrongly can
	// be entered again under its number after the reversal.
	{"a payment of the desk has what was entered of it",
		`SELECT p.id, 0, 0 FROM payments p LEFT JOIN desk_entries e ON e.payment_id = p.id
		WHERE p.channel IN ('cash','card','transfer','alipay','cheque')
		AND (e.payment_id IS NULL OR e.channel <> p.channel OR e.room_id <> p.room_id OR e.community_id <> p.community_id
		OR e.day_on <> p.paid_on OR p.source <> 'desk')`},
	{"an entry of the desk is of a payment at the desk",
		`SELECT e.payment_id, 0, 0 FROM desk_entries e LEFT JOIN payments p ON p.id = e.payment_id
		WHERE p.id IS NULL OR p.source <> 'desk' OR p.order_no IS NOT NULL`},
	{"a voucher is held by the payment that stands under it",
		`SELECT e.payment_id, 0, 0 FROM desk_entries e
		LEFT JOIN payment_reversals v ON v.payment_id = e.payment_id
		WHERE (e.voucher_key IS NOT NULL AND (e.voucher_key <> e.voucher_no OR v.id IS NOT NULL))
		OR (e.voucher_key IS NULL AND e.voucher_no <> '' AND v.id IS NULL)`},
	// Payments and reversals against the journal. A payment is undone whole or not at
	// all: its money leaves the account that it entered, and its allocations and entries
	// of prepayment add up to 0, bill by bill and fee item by fee item.
	{"money of the desk and of the bank is in the journal",
		`SELECT p.id, p.amount_fen, COALESCE(SUM(j.amount_fen), 0) FROM payments p
		LEFT JOIN journal j ON j.payment_id = p.id AND j.debit = ` + moneyAccount + `
		WHERE p.channel <> 'wechat' GROUP BY p.id, p.amount_fen HAVING p.amount_fen <> COALESCE(SUM(j.amount_fen), 0)`},
	{"a payment that is undone is undone whole",
		`SELECT v.id, v.amount_fen, COALESCE(p.amount_fen, 0) FROM payment_reversals v
		LEFT JOIN payments p ON p.id = v.payment_id
		WHERE p.id IS NULL OR v.amount_fen <> p.amount_fen OR v.room_id <> p.room_id OR v.channel <> p.channel
		OR v.community_id <> p.community_id`},
	{"money of a payment that is undone leaves the journal",
		`SELECT p.id, COALESCE(v.amount_fen, 0), COALESCE(SUM(j.amount_fen), 0) FROM payments p
		LEFT JOIN payment_reversals v ON v.payment_id = p.id
		LEFT JOIN journal j ON j.payment_id = p.id AND j.credit = ` + moneyAccount + `
		AND j.kind IN ('reversal_principal','reversal_late_fee','reversal_prepaid')
		WHERE p.channel <> 'wechat' GROUP BY p.id, v.amount_fen HAVING COALESCE(v.amount_fen, 0) <> COALESCE(SUM(j.amount_fen), 0)`},
	{"nothing of a payment that is undone stays on a bill",
		`SELECT a.bill_id, SUM(a.principal_fen), SUM(a.late_fee_fen) FROM payment_reversals v
		JOIN allocations a ON a.payment_id = v.payment_id
		GROUP BY v.payment_id, a.bill_id
		HAVING SUM(a.principal_fen) <> 0 OR SUM(a.late_fee_fen) <> 0`},
	{"nothing of a payment that is undone stays in prepayment",
		`SELECT v.payment_id, SUM(e.amount_fen), 0 FROM payment_reversals v
		JOIN prepaid_entries e ON e.payment_id = v.payment_id
		GROUP BY v.payment_id, e.item
		HAVING SUM(e.amount_fen) <> 0`},
	// The days of a cashier, by channel. A reversal counts in the days of the cashier who
	// entered the payment, on the day of the entry or later, even if a manager reverses
	// it. A closed day has frozen its sums and counts; nothing may join it afterwards.
	{"an entry and a reversal count in a day of the cashier",
		`SELECT x.id, 0, 0
		FROM (SELECT payment_id AS id, community_id, staff_id, channel, day_on FROM desk_entries
		UNION ALL SELECT v.id, v.community_id, v.staff_id, v.channel, v.day_on FROM payment_reversals v
		JOIN desk_entries e ON e.payment_id = v.payment_id) x
		LEFT JOIN desk_days d ON d.community_id = x.community_id AND d.staff_id = x.staff_id AND d.channel = x.channel
		AND d.day_on = x.day_on
		WHERE d.id IS NULL`},
	{"a reversal counts in the days of whoever had entered the payment",
		`SELECT v.id, 0, 0 FROM payment_reversals v JOIN desk_entries e ON e.payment_id = v.payment_id
		WHERE v.staff_id <> e.staff_id OR v.day_on < e.day_on`},
	{"a closed day holds what was booked in it",
		`SELECT d.id, d.booked_fen, COALESCE(SUM(p.amount_fen), 0) FROM desk_days d
		LEFT JOIN desk_entries e ON e.community_id = d.community_id AND e.day_on = d.day_on AND e.staff_id = d.staff_id
		AND e.channel = d.channel
		LEFT JOIN payments p ON p.id = e.payment_id
		WHERE d.status = 'closed'
		GROUP BY d.id, d.booked_fen, d.booked_count
		HAVING d.booked_fen <> COALESCE(SUM(p.amount_fen), 0) OR d.booked_count <> COUNT(p.id)`},
	{"a closed day holds what was undone in it",
		`SELECT d.id, d.reversed_fen, COALESCE(SUM(v.amount_fen), 0) FROM desk_days d
		LEFT JOIN payment_reversals v ON v.community_id = d.community_id AND v.day_on = d.day_on AND v.staff_id = d.staff_id
		AND v.channel = d.channel
		WHERE d.status = 'closed'
		GROUP BY d.id, d.reversed_fen, d.reversed_count
		HAVING d.reversed_fen <> COALESCE(SUM(v.amount_fen), 0) OR d.reversed_count <> COUNT(v.id)`},

	// Bank collection: batch, lines, bills and payments. A bill is held for the bank
	// (open_bill_id) while its line waits. If the hold were missing, the owner could pay
	// by phone what the bank is about to collect.
	{"a batch of bank collection is the sum of its lines",
		`SELECT b.id, b.amount_fen, COALESCE(SUM(l.amount_fen), 0) FROM collection_batches b
		LEFT JOIN collection_lines l ON l.batch_id = b.id
		GROUP BY b.id, b.amount_fen, b.line_count, b.paid_count, b.paid_fen, b.failed_count, b.failed_fen
		HAVING b.amount_fen <> COALESCE(SUM(l.amount_fen), 0) OR b.line_count <> COUNT(l.id)
		OR b.paid_count <> SUM(CASE WHEN l.status = 'paid' THEN 1 ELSE 0 END)
		OR b.paid_fen <> SUM(CASE WHEN l.status = 'paid' THEN l.amount_fen ELSE 0 END)
		OR b.failed_count <> SUM(CASE WHEN l.status = 'failed' THEN 1 ELSE 0 END)
		OR b.failed_fen <> SUM(CASE WHEN l.status = 'failed' THEN l.amount_fen ELSE 0 END)`},
	{"a line of bank collection is the sum of its bills",
		`SELECT l.id, l.amount_fen, COALESCE(SUM(c.principal_fen + c.late_fee_fen), 0) FROM collection_lines l
		LEFT JOIN collection_bills c ON c.line_id = l.id
		GROUP BY l.id, l.amount_fen
		HAVING l.amount_fen <> COALESCE(SUM(c.principal_fen + c.late_fee_fen), 0)`},
	{"a line that the bank has collected has its payment",
		`SELECT l.id, l.amount_fen, COALESCE(p.amount_fen, 0) FROM collection_lines l
		LEFT JOIN payments p ON p.id = l.payment_id AND p.channel = 'collection' AND p.room_id = l.room_id
		WHERE l.status = 'paid' AND COALESCE(p.amount_fen, 0) <> l.amount_fen`},
	{"a payment by bank collection is of one line",
		`SELECT p.id, COUNT(l.id), 1 FROM payments p LEFT JOIN collection_lines l ON l.payment_id = p.id
		WHERE p.channel = 'collection'
		GROUP BY p.id
		HAVING COUNT(l.id) <> 1`},
	{"a bill is held for the bank while its line waits, and only then",
		`SELECT c.bill_id, 0, 0 FROM collection_bills c JOIN collection_lines l ON l.id = c.line_id
		WHERE (l.status = 'waiting' AND (c.open_bill_id IS NULL OR c.open_bill_id <> c.bill_id))
		OR (l.status <> 'waiting' AND c.open_bill_id IS NOT NULL)`},
	{"a line waits while its batch does, and no longer",
		`SELECT l.id, 0, 0 FROM collection_lines l JOIN collection_batches b ON b.id = l.batch_id
		WHERE (b.status = 'made' AND l.status <> 'waiting') OR (b.status = 'sent' AND l.status = 'cancelled')
		OR (b.status = 'answered' AND l.status NOT IN ('paid','failed')) OR (b.status = 'cancelled' AND l.status <> 'cancelled')`},
}
