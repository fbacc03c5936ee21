package proof

import (
	"fmt"
	"strings"

	"wuyepay/models/store"
)

// Violation is a row of the books that breaks an invariant.
type Violation struct {
	Rule    string // which invariant, in words
	Subject string // the row: a bill, an order …
	Figures string // the two figures that do not agree: fen, a count or a version
}

// String returns the violation on one line, for logs and the command line.
func (v Violation) String() string { return v.Rule + ": " + v.Subject + ": " + v.Figures }

// invariant is a query that returns a row for each violation: the subject and two figures
// that should be equal, in this order, or 0 and 0 where there is nothing to compare.
type invariant struct {
	rule  string
	query string
}

// The invariants that the database alone can prove. Each compares two ways to the same
// figure, or looks for a row that must not exist. They repeat the states as text, and use
// no code of the packages that write the tables, so that a fault there cannot hide
// itself here.
var invariants = []invariant{
	// Bills against their allocations. A bill carries its paid sums in columns, which
	// every payment changes; the allocations are the record behind them. What was paid
	// before import (opening_paid_fen) has no allocation. The most that can be paid is
	// the principal less the discount. A bill is partial with no principal paid when
	// late fee alone was paid.
	{"a bill's paid principal is what was paid before import plus its allocations",
		`SELECT b.id, b.paid_principal_fen, b.opening_paid_fen + COALESCE(SUM(a.principal_fen), 0) FROM bills b
		LEFT JOIN allocations a ON a.bill_id = b.id
		GROUP BY b.id, b.paid_principal_fen, b.opening_paid_fen
		HAVING b.paid_principal_fen <> b.opening_paid_fen + COALESCE(SUM(a.principal_fen), 0)`},
	{"a bill's paid late fee is the sum of its allocations",
		`SELECT b.id, b.paid_late_fee_fen, COALESCE(SUM(a.late_fee_fen), 0) FROM bills b
		LEFT JOIN allocations a ON a.bill_id = b.id
		GROUP BY b.id, b.paid_late_fee_fen
		HAVING b.paid_late_fee_fen <> COALESCE(SUM(a.late_fee_fen), 0)`},
	{"a bill is never overpaid and never negative",
		`SELECT id, paid_principal_fen, principal_fen - discount_fen FROM bills
		WHERE paid_principal_fen > principal_fen - discount_fen OR paid_principal_fen < opening_paid_fen OR paid_late_fee_fen < 0
		OR principal_fen < 0 OR opening_paid_fen < 0`},
	{"a bill's status fits what is paid of its principal",
		`SELECT id, paid_principal_fen, principal_fen - discount_fen FROM bills
		WHERE (status = 'paid' AND paid_principal_fen <> principal_fen - discount_fen)
		OR (status = 'unpaid' AND (paid_principal_fen <> 0 OR paid_late_fee_fen <> 0))
		OR (status = 'partial' AND paid_principal_fen = 0 AND paid_late_fee_fen = 0)`},
	// A payment against what became of it. Each fen settles a bill, is in prepayment, or
	// went back. A refund counts in full once it has succeeded, because only then are its
	// allocations taken back; while it is under way only its part of prepayment is gone.
	// The allocations and entries of a reversed payment add up to 0, and its reversal
	// takes their place. The second figure that is shown leaves the reversal out.
	{"a payment is its allocations plus what went to prepayment and what went back",
		`SELECT p.id, p.amount_fen, COALESCE(a.s, 0) + COALESCE(e.s, 0) + COALESCE(r.s, 0) FROM payments p
		LEFT JOIN (SELECT payment_id, SUM(principal_fen + late_fee_fen) AS s FROM allocations
		GROUP BY payment_id) a ON a.payment_id = p.id
		LEFT JOIN (SELECT payment_id, SUM(amount_fen) AS s FROM prepaid_entries GROUP BY payment_id) e ON e.payment_id = p.id
		LEFT JOIN (SELECT payment_id, SUM(CASE WHEN status = 'success' THEN amount_fen
		WHEN status IN ('sending','processing','abnormal') THEN prepaid_fen ELSE 0 END) AS s
		FROM refunds GROUP BY payment_id) r ON r.payment_id = p.id
		WHERE p.amount_fen <> COALESCE(a.s, 0) + COALESCE(e.s, 0) + COALESCE(r.s, 0) + COALESCE((SELECT v.amount_fen
		FROM payment_reversals v WHERE v.payment_id = p.id), 0)`},
	// Orders against payments. Order and payment must name the same transaction: a payer
	// may pay one order twice, and the second transaction must not pass for the first.
	{"a paid order has exactly its payment",
		`SELECT o.no, o.amount_fen, COALESCE(p.amount_fen, 0) FROM orders o
		LEFT JOIN payments p ON p.order_no = o.no AND p.transaction_id = o.transaction_id
		WHERE o.status IN ('paid','refunding','refunded','part_refunded') AND COALESCE(p.amount_fen, 0) <> o.amount_fen`},
	{"a payment by WeChat belongs to a paid order",
		`SELECT p.id, p.amount_fen, 0 FROM payments p LEFT JOIN orders o ON o.no = p.order_no
		WHERE p.channel = 'wechat' AND (o.no IS NULL OR o.status NOT IN ('paid','refunding','refunded','part_refunded'))`},
	{"an order's lines and prepayment are its amount",
		`SELECT o.no, o.amount_fen, o.prepay_fen + COALESCE(SUM(l.principal_fen + l.late_fee_fen), 0)
		FROM orders o LEFT JOIN order_lines l ON l.order_no = o.no
		GROUP BY o.no, o.amount_fen, o.prepay_fen
		HAVING o.amount_fen <> o.prepay_fen + COALESCE(SUM(l.principal_fen + l.late_fee_fen), 0)`},
	// The hold that keeps a bill out of a second order (open_bill_id, which is unique). A
	// hold that is left over would make the bill impossible to pay, a hold that is missing
	// would let it be paid twice. An order in exception may hold its bills or not.
	{"a bill is held by an open order only, and by the one it is a line of",
		`SELECT l.open_bill_id, 0, 0 FROM order_lines l JOIN orders o ON o.no = l.order_no
		WHERE l.open_bill_id IS NOT NULL AND (l.open_bill_id <> l.bill_id OR o.status NOT IN ('pending','exception'))`},
	{"every bill of an open order is held by it",
		`SELECT l.bill_id, 0, 0 FROM orders o JOIN order_lines l ON l.order_no = o.no
		WHERE o.status = 'pending' AND l.open_bill_id IS NULL`},
	// Prepayment, which stands three times: in the room, by fee item, and as entries. The
	// room and the balances are what payments read and lock; the entries are the record.
	// Moves between fee items are compared with the moves as they were asked for.
	{"a room's prepayment is the sum of its entries",
		`SELECT r.id, r.prepaid_fen, COALESCE(SUM(e.amount_fen), 0) FROM rooms r
		LEFT JOIN prepaid_entries e ON e.room_id = r.id
		GROUP BY r.id, r.prepaid_fen
		HAVING r.prepaid_fen <> COALESCE(SUM(e.amount_fen), 0) OR r.prepaid_fen < 0`},
	{"a room's prepayment is the sum of its balances by fee item",
		`SELECT r.id, r.prepaid_fen, COALESCE(SUM(b.amount_fen), 0) FROM rooms r
		LEFT JOIN prepaid_balances b ON b.room_id = r.id
		GROUP BY r.id, r.prepaid_fen
		HAVING r.prepaid_fen <> COALESCE(SUM(b.amount_fen), 0)`},
	{"a balance of prepayment is the sum of the entries of its fee item",
		`SELECT room_id, SUM(have), SUM(want)
		FROM (SELECT room_id, item, amount_fen AS have, 0 AS want FROM prepaid_balances
		UNION ALL SELECT room_id, item, 0, SUM(amount_fen) FROM prepaid_entries GROUP BY room_id, item) x
		GROUP BY room_id, item
		HAVING SUM(have) <> SUM(want)`},
	{"prepayment moved between fee items leaves one and enters the other",
		`SELECT room_id, SUM(have), SUM(want)
		FROM (SELECT room_id, item, amount_fen AS have, 0 AS want FROM prepaid_entries WHERE kind = 'move'
		UNION ALL SELECT room_id, to_item, 0, amount_fen FROM prepaid_moves UNION ALL SELECT room_id, from_item, 0, -amount_fen
		FROM prepaid_moves) x
		GROUP BY room_id, item
		HAVING SUM(have) <> SUM(want)`},
	// Meter usage. A usage counts unless its bill is void: a bill that is voided and
	// issued anew leaves two usages of one reading, of which one counts.
	{"a reading is counted at most once",
		`SELECT u.reading_id, COUNT(*), 1 FROM meter_usages u LEFT JOIN bills b ON b.id = u.bill_id
		WHERE u.bill_id = '' OR b.status <> 'void'
		GROUP BY u.reading_id
		HAVING COUNT(*) > 1`},
	// A withdrawn reading counts nothing: it is in no bill that stands, and none of its
	// usage waits for later usage. Two persons have withdrawn it.
	{"a withdrawn reading is in no bill that stands",
		`SELECT u.reading_id, 0, 0 FROM meter_usages u JOIN readings r ON r.id = u.reading_id
		LEFT JOIN bills b ON b.id = u.bill_id
		WHERE r.withdrawal_id <> '' AND (u.waiting = 1 OR b.status <> 'void')`},
	{"a reading is withdrawn by two persons",
		`SELECT r.id, 0, 0 FROM readings r LEFT JOIN reading_withdrawals w ON w.id = r.withdrawal_id
		WHERE r.withdrawal_id <> '' AND (w.id IS NULL OR w.meter_id <> r.meter_id OR w.status <> 'approved'
		OR w.decided_kind = '' OR (w.decided_kind = w.asked_kind AND w.decided_id = w.asked_id))`},
	{"an approved withdrawal has withdrawn its reading",
		`SELECT w.id, 0, 0 FROM reading_withdrawals w JOIN readings r ON r.id = w.reading_id
		WHERE w.status = 'approved' AND r.withdrawal_id <> w.id`},
	{"usage goes into a bill of its room and fee item",
		`SELECT u.id, 0, 0 FROM meter_usages u LEFT JOIN bills b ON b.id = u.bill_id
		WHERE u.bill_id <> '' AND (b.id IS NULL OR b.room_id <> u.room_id OR b.item <> u.item)`},
	// Bills against the journal. What owners owe by their bills must be the balance of
	// the account receivable, bill by bill. A void bill owes nothing, and what was paid
	// of it must have left it, except what was paid before import: that never entered
	// these books.
	{"a bill's receivable in the journal is the principal still owed",
		`SELECT b.id, b.principal_fen - b.discount_fen - b.paid_principal_fen, COALESCE(j.s, 0) FROM bills b
		LEFT JOIN (SELECT bill_id, SUM(CASE WHEN debit = 'receivable' THEN amount_fen ELSE 0 END)
		- SUM(CASE WHEN credit = 'receivable' THEN amount_fen ELSE 0 END) AS s
		FROM journal GROUP BY bill_id) j ON j.bill_id = b.id
		WHERE b.status <> 'void' AND b.principal_fen - b.discount_fen - b.paid_principal_fen <> COALESCE(j.s, 0)`},
	{"a void bill has no receivable in the journal and keeps no money",
		`SELECT b.id, b.paid_principal_fen - b.opening_paid_fen + b.paid_late_fee_fen, COALESCE(j.s, 0)
		FROM bills b
		LEFT JOIN (SELECT bill_id, SUM(CASE WHEN debit = 'receivable' THEN amount_fen ELSE 0 END)
		- SUM(CASE WHEN credit = 'receivable' THEN amount_fen ELSE 0 END) AS s
		FROM journal GROUP BY bill_id) j ON j.bill_id = b.id
		WHERE b.status = 'void'
		AND (b.paid_principal_fen <> b.opening_paid_fen OR b.paid_late_fee_fen <> 0 OR COALESCE(j.s, 0) <> 0)`},
	{"a bill's principal is what was issued plus its corrections",
		`SELECT b.id, b.principal_fen - b.opening_paid_fen, COALESCE(j.s, 0) + COALESCE(e.s, 0) FROM bills b
		LEFT JOIN (SELECT bill_id, SUM(amount_fen) AS s FROM journal WHERE kind IN ('bill_issue','bill_opening')
		GROUP BY bill_id) j ON j.bill_id = b.id
		LEFT JOIN (SELECT bill_id, SUM(principal_fen) AS s FROM bill_entries WHERE kind = 'correction'
		GROUP BY bill_id) e ON e.bill_id = b.id
		WHERE b.principal_fen - b.opening_paid_fen <> COALESCE(j.s, 0) + COALESCE(e.s, 0)`},
	// The columns of a bill against the entries that changed them. Discounts and waivers
	// are negative in the entries and positive in the bill. A waiver has no line in the
	// journal, because late fee enters it only when it is paid.
	{"a bill's discount is the sum of its discount entries",
		`SELECT b.id, b.discount_fen, COALESCE(e.s, 0) FROM bills b
		LEFT JOIN (SELECT bill_id, -SUM(principal_fen) AS s FROM bill_entries WHERE kind = 'discount'
		GROUP BY bill_id) e ON e.bill_id = b.id
		WHERE b.discount_fen <> COALESCE(e.s, 0)`},
	{"a bill's waived late fee is the sum of its waiver entries",
		`SELECT b.id, b.waived_late_fee_fen, COALESCE(e.s, 0) FROM bills b
		LEFT JOIN (SELECT bill_id, -SUM(late_fee_fen) AS s FROM bill_entries WHERE kind = 'waiver'
		GROUP BY bill_id) e ON e.bill_id = b.id
		WHERE b.waived_late_fee_fen <> COALESCE(e.s, 0)`},
	{"a bill counts its entries, and a void one has its entry",
		`SELECT b.id, b.entry_count, COALESCE(e.n, 0) FROM bills b
		LEFT JOIN (SELECT bill_id, COUNT(*) AS n, SUM(CASE WHEN kind = 'void' THEN 1 ELSE 0 END) AS v FROM bill_entries
		GROUP BY bill_id) e ON e.bill_id = b.id
		WHERE b.entry_count <> COALESCE(e.n, 0) OR COALESCE(e.v, 0) <> CASE WHEN b.status = 'void' THEN 1 ELSE 0 END`},
	{"an entry of the principal is in the journal",
		`SELECT e.bill_id, e.s, COALESCE(j.s, 0)
		FROM (SELECT bill_id, SUM(principal_fen) AS s FROM bill_entries GROUP BY bill_id) e
		LEFT JOIN (SELECT bill_id, SUM(CASE WHEN debit = 'receivable' THEN amount_fen ELSE -amount_fen END) AS s FROM journal
		WHERE kind IN ('bill_correction','bill_discount','bill_void') GROUP BY bill_id) j ON j.bill_id = e.bill_id
		WHERE e.s <> COALESCE(j.s, 0)`},
	// Two persons for what changes a debt. The system may approve an entry of its own; an
	// entry without an approver is wrong in any case, and so is a request that was decided
	// by nobody.
	{"who asked for an entry did not approve it",
		`SELECT id, 0, 0 FROM bill_entries
		WHERE approved_kind = '' OR (asked_kind <> 'system' AND approved_kind = asked_kind AND approved_id = asked_id)`},
	{"who asked for a request did not decide it",
		`SELECT id, 0, 0 FROM requests
		WHERE status <> 'open' AND (decided_kind = '' OR (decided_kind = asked_kind AND decided_id = asked_id))`},
	// A bill that is marked as disputed has an open dispute behind its mark. The parts of
	// an instalment plan add up to the bills that it covers, principal and late fee.
	{"a disputed bill has an open dispute",
		`SELECT b.id, b.disputed, COUNT(q.id) FROM bills b LEFT JOIN request_bills rb ON rb.bill_id = b.id
		LEFT JOIN requests q ON q.id = rb.request_id AND q.kind = 'dispute' AND q.status = 'open'
		WHERE b.disputed = 1
		GROUP BY b.id, b.disputed
		HAVING COUNT(q.id) = 0`},
	{"the parts of a plan are what it covers",
		`SELECT p.id, p.total_fen, COALESCE(x.s, 0) FROM plans p
		LEFT JOIN (SELECT plan_id, SUM(amount_fen) AS s FROM plan_parts GROUP BY plan_id) x ON x.plan_id = p.id
		LEFT JOIN (SELECT plan_id, SUM(principal_fen + late_fee_fen) AS s FROM plan_bills GROUP BY plan_id) y ON y.plan_id = p.id
		WHERE p.total_fen <> COALESCE(x.s, 0) OR p.total_fen <> COALESCE(y.s, 0)`},
	{"a bill is in one active plan at most",
		`SELECT b.bill_id, COUNT(*), 1 FROM plan_bills b JOIN plans p ON p.id = b.plan_id
		WHERE p.status = 'active'
		GROUP BY b.bill_id
		HAVING COUNT(*) > 1`},
	// Sums kept by bill, room and payment against the journal, for the accounts that the
	// rules above do not reach: late fee, prepayment, and money taken by WeChat. Money of
	// the other channels is in deskInvariants.
	{"a bill's late fee income in the journal is the late fee paid",
		`SELECT b.id, b.paid_late_fee_fen, COALESCE(j.s, 0) FROM bills b
		LEFT JOIN (SELECT bill_id, SUM(CASE WHEN credit = 'late_fee_income' THEN amount_fen ELSE 0 END)
		- SUM(CASE WHEN debit = 'late_fee_income' THEN amount_fen ELSE 0 END) AS s
		FROM journal GROUP BY bill_id) j ON j.bill_id = b.id
		WHERE b.paid_late_fee_fen <> COALESCE(j.s, 0)`},
	{"a room's prepayment in the journal is its balance",
		`SELECT r.id, r.prepaid_fen, COALESCE(j.s, 0) FROM rooms r
		LEFT JOIN (SELECT room_id, SUM(CASE WHEN credit = 'prepaid' THEN amount_fen ELSE 0 END)
		- SUM(CASE WHEN debit = 'prepaid' THEN amount_fen ELSE 0 END) AS s
		FROM journal GROUP BY room_id) j ON j.room_id = r.id
		WHERE r.prepaid_fen <> COALESCE(j.s, 0)`},
	{"a payment's money in the journal is the payment",
		`SELECT p.id, p.amount_fen, COALESCE(j.s, 0) FROM payments p
		LEFT JOIN (SELECT payment_id, SUM(amount_fen) AS s FROM journal WHERE debit = 'wechat_clearing'
		GROUP BY payment_id) j ON j.payment_id = p.id
		WHERE p.channel = 'wechat' AND p.amount_fen <> COALESCE(j.s, 0)`},
	// Payments against the messages that announced them. Evidence is erased by age, and
	// ids ascend with time, so payments older than the oldest evidence are left out.
	{"a payment that WeChat told us of has its evidence, as far back as evidence is kept",
		`SELECT p.id, p.amount_fen, 0 FROM payments p
		WHERE p.source IN ('callback','query') AND p.id > (SELECT MIN(id) FROM evidence)
		AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.order_no = p.order_no AND e.verdict IN ('booked','surplus'))`},
	// Transfers of a room. From the day of the transfer on, bills and tenure are the new
	// owner's, and the former owner's bindings have ended. Prepayment that stays with the
	// former owner is owed to them in the journal until it is returned. An owner who sold
	// the room and bought it back is not a former owner: hence NOT EXISTS.
	{"a bill of the days after a transfer is not the former owner's",
		`SELECT b.id, 0, 0 FROM transfers t
		JOIN bills b ON b.room_id = t.room_id AND b.owner_id = t.from_owner_id AND b.period_start >= t.transfer_on
		WHERE b.status <> 'void'
		AND NOT EXISTS (SELECT 1 FROM transfers n
		WHERE n.room_id = t.room_id AND n.to_owner_id = t.from_owner_id AND n.transfer_on > t.transfer_on
		AND n.transfer_on <= b.period_start)`},
	{"prepayment that a transfer leaves with the former owner is owed to them in the journal",
		`SELECT room_id, SUM(want), SUM(have)
		FROM (SELECT room_id, prepaid_fen AS want, 0 AS have FROM transfers WHERE prepaid_to = 'former'
		UNION ALL SELECT room_id, 0, CASE WHEN debit = 'prepaid' AND credit = 'former_owner' THEN amount_fen ELSE 0 END FROM journal
		WHERE kind = 'prepaid_former') x
		GROUP BY room_id
		HAVING SUM(want) <> SUM(have)`},
	{"no more is given back to the former owners of a room than is owed to them",
		`SELECT room_id, SUM(CASE WHEN credit = 'former_owner' THEN amount_fen ELSE -amount_fen END), 0
		FROM journal
		WHERE debit = 'former_owner' OR credit = 'former_owner'
		GROUP BY room_id
		HAVING SUM(CASE WHEN credit = 'former_owner' THEN amount_fen ELSE -amount_fen END) < 0`},
	{"a binding in the name of a former owner has ended",
		`SELECT g.id, 0, 0 FROM transfers t
		JOIN bindings g ON g.room_id = t.room_id AND g.owner_id = t.from_owner_id
		WHERE g.until_on = '' AND g.role <> 'tenant'
		AND NOT EXISTS (SELECT 1 FROM transfers n
		WHERE n.room_id = t.room_id AND n.to_owner_id = t.from_owner_id AND n.transfer_on > t.transfer_on)`},
	{"the former owner's days end where the new owner's begin",
		`SELECT t.id, COUNT(f.id), COUNT(o.id) FROM transfers t
		LEFT JOIN tenures f ON f.room_id = t.room_id AND f.owner_id = t.from_owner_id AND f.role = 'owner'
		AND f.from_on < t.transfer_on AND (f.to_on = '' OR f.to_on >= t.transfer_on)
		LEFT JOIN tenures o ON o.room_id = t.room_id AND o.owner_id = t.to_owner_id AND o.role = 'owner'
		AND o.from_on = t.transfer_on
		GROUP BY t.id
		HAVING COUNT(f.id) > 0 OR COUNT(o.id) = 0`},
	// Billing runs and charges against the bills that came of them. A run also counts its
	// bills that are void by now. A part of a charge that came to 0 fen has no bill.
	{"a billing run has issued the bills that it counts",
		`SELECT r.id, r.issued_bills, COUNT(b.id) FROM billing_runs r LEFT JOIN bills b ON b.batch_id = r.id
		GROUP BY r.id, r.issued_bills
		HAVING r.issued_bills <> COUNT(b.id)`},
	{"a charge is what its parts add up to",
		`SELECT c.id, c.total_fen, COALESCE(SUM(l.amount_fen), 0) FROM charges c
		LEFT JOIN charge_lines l ON l.charge_id = c.id
		GROUP BY c.id, c.total_fen
		HAVING c.total_fen <> COALESCE(SUM(l.amount_fen), 0)`},
	{"every part of an issued charge has its bill",
		`SELECT l.bill_id, l.amount_fen, 0 FROM charges c JOIN charge_lines l ON l.charge_id = c.id
		LEFT JOIN bills b ON b.id = l.bill_id AND b.batch_id = c.id
		WHERE c.status IN ('issued','voiding','void') AND l.amount_fen > 0 AND b.id IS NULL`},
	// Receipts. Numbers are unique in a series, which is a community and a year; so a
	// series has no gap when it begins at 1 and has as many numbers as its highest one.
	// A refund makes the receipt void, and the next version stands for what is left, if
	// anything is. A receipt without a number yet is not counted (seq is NULL).
	{"receipts are numbered from 1 without gaps, up to the counter of their series",
		`SELECT CONCAT(x.community_id, '/', x.series_year), x.n, x.last_seq
		FROM (SELECT k.community_id, k.series_year, COUNT(p.seq) AS n, COALESCE(MIN(p.seq), 1) AS low,
		COALESCE(MAX(p.seq), 0) AS high, k.last_seq
		FROM receipt_counters k LEFT JOIN receipts p ON p.community_id = k.community_id AND p.series_year = k.series_year
		GROUP BY k.community_id, k.series_year, k.last_seq) x
		WHERE x.n <> x.last_seq OR x.high <> x.last_seq OR x.low <> 1
		UNION ALL SELECT p.id, p.seq, 0 FROM receipts p
		LEFT JOIN receipt_counters k ON k.community_id = p.community_id AND k.series_year = p.series_year
		WHERE p.seq IS NOT NULL AND k.last_seq IS NULL`},
	{"a receipt is its payment less what was refunded of it",
		`SELECT r.id, r.amount_fen, COALESCE(p.amount_fen, 0) - r.refunded_fen FROM receipts r
		LEFT JOIN payments p ON p.id = r.payment_id
		WHERE r.amount_fen <> COALESCE(p.amount_fen, 0) - r.refunded_fen`},
	{"only the latest receipt of a payment stands, and each replaces the void one before it",
		`SELECT r.id, r.version, COALESCE(o.version, 0) FROM receipts r
		LEFT JOIN receipts o ON o.payment_id = r.payment_id AND o.version = r.version - 1
		WHERE (r.version = 1 AND r.replaces_id <> '')
		OR (r.version > 1 AND (o.id IS NULL OR o.status <> 'void' OR r.replaces_id <> o.id OR o.refunded_fen >= r.refunded_fen))`},
	{"a payment booked since there are receipts has one",
		`SELECT p.id, p.amount_fen, 0 FROM payments p LEFT JOIN receipts r ON r.payment_id = p.id
		WHERE r.id IS NULL AND p.booked_at > (SELECT MIN(created_at) FROM receipts)`},
	// Findings and the money that was booked from them. A transaction of WeChat's that is
	// both a payment and a booking would be in the books twice. Suspense is what has been
	// booked without a room and has not been moved to one.
	{"a resolved finding names who and when",
		`SELECT id, 0, 0 FROM findings
		WHERE (resolution <> 'open' AND (resolved_by = '' OR resolved_at = 0)) OR (resolution = 'open' AND resolved_at <> 0)
		OR (resolution = 'accepted' AND reason = '')`},
	{"a finding booked as surplus has its booking, and no other has one",
		`SELECT f.id, f.theirs_fen, COALESCE(b.amount_fen, 0) FROM findings f
		LEFT JOIN finding_bookings b ON b.finding_id = f.id
		WHERE COALESCE(b.amount_fen, 0) <> CASE WHEN f.resolution IN ('surplus_room','suspense') THEN f.theirs_fen ELSE 0 END`},
	{"money booked from findings is in the journal",
		`SELECT merchant, SUM(have), SUM(want)
		FROM (SELECT merchant, room_id, amount_fen AS have, 0 AS want FROM finding_bookings
		UNION ALL SELECT merchant, room_id, 0, amount_fen FROM journal WHERE kind IN ('finding_surplus','finding_suspense')) x
		GROUP BY merchant, room_id
		HAVING SUM(have) <> SUM(want)`},
	{"suspense in the journal is the money whose owner is not known",
		`SELECT merchant, SUM(have), SUM(want)
		FROM (SELECT merchant, amount_fen AS have, 0 AS want FROM finding_bookings WHERE room_id = '' AND to_at = 0
		UNION ALL SELECT merchant, 0, CASE WHEN credit = 'suspense' THEN amount_fen ELSE -amount_fen END FROM journal
		WHERE credit = 'suspense' OR debit = 'suspense') x
		GROUP BY merchant
		HAVING SUM(have) <> SUM(want)`},
	{"a transaction of WeChat's is money once",
		`SELECT b.id, b.amount_fen, p.amount_fen FROM finding_bookings b JOIN payments p ON p.transaction_id = b.transaction_id`},
	{"a signed day has no open findings and names who signed it",
		`SELECT r.bill_on, COUNT(f.id), 0 FROM reconciliations r
		LEFT JOIN findings f ON f.merchant = r.merchant AND f.bill_on = r.bill_on AND f.resolution = 'open'
		WHERE r.signed_at <> 0
		GROUP BY r.merchant, r.bill_on, r.signed_id, r.signed_name
		HAVING COUNT(f.id) > 0 OR r.signed_id = '' OR r.signed_name = ''`},
	// The rest: orders made through a shared link, requests for tax invoices, the form of
	// a journal line, and agreements to messages, whose remaining count must be the sum
	// of grants and uses. A request that was refused frees its payment for another one.
	{"an order made by a share is its payer's, and pays bills of the share only",
		`SELECT so.order_no, 0, 0 FROM share_orders so
		LEFT JOIN orders o ON o.no = so.order_no AND o.user_id = so.user_id AND o.prepay_fen = 0
		WHERE o.no IS NULL
		UNION ALL SELECT l.bill_id, 0, 0 FROM share_orders so JOIN order_lines l ON l.order_no = so.order_no
		LEFT JOIN share_bills b ON b.share_id = so.share_id AND b.bill_id = l.bill_id
		WHERE b.bill_id IS NULL`},
	{"a tax invoice is asked for no more than its payment, once",
		`SELECT i.id, i.amount_fen, COALESCE(p.amount_fen, 0) FROM invoice_requests i
		LEFT JOIN payments p ON p.id = i.payment_id
		WHERE i.amount_fen > COALESCE(p.amount_fen, 0) OR (i.status = 'refused') <> (i.active IS NULL) OR i.active <> i.payment_id`},
	{"a journal line is a positive amount between two accounts",
		`SELECT id, amount_fen, 0 FROM journal WHERE amount_fen <= 0 OR debit = credit`},
	{"an agreement to messages is the sum of its grants and uses",
		`SELECT user_id, SUM(remaining), SUM(delta)
		FROM (SELECT user_id, template, remaining, 0 AS delta FROM subscriptions UNION ALL SELECT user_id, template, 0, SUM(delta)
		FROM subscription_entries GROUP BY user_id, template) x
		GROUP BY user_id, template
		HAVING SUM(remaining) <> SUM(delta) OR SUM(remaining) < 0`},
}

// Check runs every invariant that the database alone can prove and returns all
// violations. It returns an error only if a query fails, with the rule that it was
// proving. It changes nothing and reads whole tables, so it belongs in tests, commands
// and jobs, not in requests.
func Check(tx *store.Tx) ([]Violation, error) {
	type figures struct {
		Subject string
		Have    int64
		Want    int64
	}
	var out []Violation
	for _, inv := range invariants {
		err := store.Each(tx, func(f *figures) error {
			out = append(out, Violation{Rule: inv.rule, Subject: f.Subject, Figures: fmt.Sprintf("%d and %d", f.Have, f.Want)})
			return nil
		}, "WITH violations (subject, have, want) AS ("+inv.query+") SELECT subject, have, want FROM violations")
		if err != nil {
			return nil, fmt.Errorf("check that %s: %w", strings.ToLower(inv.rule), err)
		}
	}
	return out, nil
}
