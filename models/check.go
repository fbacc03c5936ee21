package models

import (
	"fmt"
	"strings"
)

// Violation is a row of the books that breaks an invariant.
type Violation struct {
	Rule    string // which invariant, in words
	Subject string // the row: a bill, an order …
	Figures string // what does not agree, in fen
}

// String is the violation on one line.
func (v Violation) String() string { return v.Rule + ": " + v.Subject + ": " + v.Figures }

// invariant is a query that gives a row for each violation: the subject and up to
// two figures that should be equal.
type invariant struct {
	rule  string
	query string
}

// The invariants that the database alone can prove. Each compares two ways to the
// same figure.
var invariants = []invariant{
	{"a bill's paid principal is what was paid before import plus its allocations",
		`SELECT b.id, b.paid_principal_fen, b.opening_paid_fen + COALESCE(SUM(a.principal_fen), 0) FROM bills b LEFT JOIN allocations a ON a.bill_id = b.id
		GROUP BY b.id, b.paid_principal_fen, b.opening_paid_fen HAVING b.paid_principal_fen <> b.opening_paid_fen + COALESCE(SUM(a.principal_fen), 0)`},
	{"a bill's paid late fee is the sum of its allocations",
		`SELECT b.id, b.paid_late_fee_fen, COALESCE(SUM(a.late_fee_fen), 0) FROM bills b LEFT JOIN allocations a ON a.bill_id = b.id
		GROUP BY b.id, b.paid_late_fee_fen HAVING b.paid_late_fee_fen <> COALESCE(SUM(a.late_fee_fen), 0)`},
	{"a bill is never overpaid and never negative",
		`SELECT id, paid_principal_fen, principal_fen - discount_fen FROM bills
		WHERE paid_principal_fen > principal_fen - discount_fen OR paid_principal_fen < opening_paid_fen OR paid_late_fee_fen < 0 OR principal_fen < 0 OR opening_paid_fen < 0`},
	{"a bill's status fits what is paid of its principal",
		`SELECT id, paid_principal_fen, principal_fen - discount_fen FROM bills
		WHERE (status = 'paid' AND paid_principal_fen <> principal_fen - discount_fen)
		OR (status = 'unpaid' AND (paid_principal_fen <> 0 OR paid_late_fee_fen <> 0))
		OR (status = 'partial' AND paid_principal_fen = 0 AND paid_late_fee_fen = 0)`},
	{"a payment is its allocations plus what went to prepayment",
		`SELECT p.id, p.amount_fen, COALESCE(a.s, 0) + COALESCE(e.s, 0) FROM payments p
		LEFT JOIN (SELECT payment_id, SUM(principal_fen + late_fee_fen) AS s FROM allocations GROUP BY payment_id) a ON a.payment_id = p.id
		LEFT JOIN (SELECT payment_id, SUM(amount_fen) AS s FROM prepaid_entries GROUP BY payment_id) e ON e.payment_id = p.id
		WHERE p.amount_fen <> COALESCE(a.s, 0) + COALESCE(e.s, 0)`},
	{"a paid order has exactly its payment",
		`SELECT o.no, o.amount_fen, COALESCE(p.amount_fen, 0) FROM orders o LEFT JOIN payments p ON p.order_no = o.no AND p.transaction_id = o.transaction_id
		WHERE o.status IN ('paid','refunding','refunded','part_refunded') AND COALESCE(p.amount_fen, 0) <> o.amount_fen`},
	{"a payment by WeChat belongs to a paid order",
		`SELECT p.id, p.amount_fen, 0 FROM payments p LEFT JOIN orders o ON o.no = p.order_no
		WHERE p.channel = 'wechat' AND (o.no IS NULL OR o.status NOT IN ('paid','refunding','refunded','part_refunded'))`},
	{"an order's lines and prepayment are its amount",
		`SELECT o.no, o.amount_fen, o.prepay_fen + COALESCE(SUM(l.principal_fen + l.late_fee_fen), 0) FROM orders o LEFT JOIN order_lines l ON l.order_no = o.no
		GROUP BY o.no, o.amount_fen, o.prepay_fen HAVING o.amount_fen <> o.prepay_fen + COALESCE(SUM(l.principal_fen + l.late_fee_fen), 0)`},
	{"a bill is held by an open order only, and by the one it is a line of",
		`SELECT l.open_bill_id, 0, 0 FROM order_lines l JOIN orders o ON o.no = l.order_no
		WHERE l.open_bill_id IS NOT NULL AND (l.open_bill_id <> l.bill_id OR o.status NOT IN ('pending','exception'))`},
	{"every bill of an open order is held by it",
		`SELECT l.bill_id, 0, 0 FROM orders o JOIN order_lines l ON l.order_no = o.no WHERE o.status = 'pending' AND l.open_bill_id IS NULL`},
	{"a room's prepayment is the sum of its entries",
		`SELECT r.id, r.prepaid_fen, COALESCE(SUM(e.amount_fen), 0) FROM rooms r LEFT JOIN prepaid_entries e ON e.room_id = r.id
		GROUP BY r.id, r.prepaid_fen HAVING r.prepaid_fen <> COALESCE(SUM(e.amount_fen), 0) OR r.prepaid_fen < 0`},
	{"a bill's receivable in the journal is the principal still owed",
		`SELECT b.id, b.principal_fen - b.discount_fen - b.paid_principal_fen, COALESCE(j.s, 0) FROM bills b
		LEFT JOIN (SELECT bill_id, SUM(CASE WHEN debit = 'receivable' THEN amount_fen ELSE 0 END) - SUM(CASE WHEN credit = 'receivable' THEN amount_fen ELSE 0 END) AS s
		FROM journal GROUP BY bill_id) j ON j.bill_id = b.id
		WHERE b.status <> 'void' AND b.principal_fen - b.discount_fen - b.paid_principal_fen <> COALESCE(j.s, 0)`},
	{"a bill's late fee income in the journal is the late fee paid",
		`SELECT b.id, b.paid_late_fee_fen, COALESCE(j.s, 0) FROM bills b
		LEFT JOIN (SELECT bill_id, SUM(amount_fen) AS s FROM journal WHERE credit = 'late_fee_income' GROUP BY bill_id) j ON j.bill_id = b.id
		WHERE b.paid_late_fee_fen <> COALESCE(j.s, 0)`},
	{"a room's prepayment in the journal is its balance",
		`SELECT r.id, r.prepaid_fen, COALESCE(j.s, 0) FROM rooms r
		LEFT JOIN (SELECT room_id, SUM(CASE WHEN credit = 'prepaid' THEN amount_fen ELSE 0 END) - SUM(CASE WHEN debit = 'prepaid' THEN amount_fen ELSE 0 END) AS s
		FROM journal GROUP BY room_id) j ON j.room_id = r.id
		WHERE r.prepaid_fen <> COALESCE(j.s, 0)`},
	{"a payment's money in the journal is the payment",
		`SELECT p.id, p.amount_fen, COALESCE(j.s, 0) FROM payments p
		LEFT JOIN (SELECT payment_id, SUM(amount_fen) AS s FROM journal WHERE debit = 'wechat_clearing' GROUP BY payment_id) j ON j.payment_id = p.id
		WHERE p.channel = 'wechat' AND p.amount_fen <> COALESCE(j.s, 0)`},
	{"a journal line is a positive amount between two accounts",
		`SELECT id, amount_fen, 0 FROM journal WHERE amount_fen <= 0 OR debit = credit`},
	{"an agreement to messages is the sum of its grants and uses",
		`SELECT user_id, SUM(remaining), SUM(delta) FROM (SELECT user_id, template, remaining, 0 AS delta FROM subscriptions
		UNION ALL SELECT user_id, template, 0, SUM(delta) FROM subscription_entries GROUP BY user_id, template) x
		GROUP BY user_id, template HAVING SUM(remaining) <> SUM(delta) OR SUM(remaining) < 0`},
}

// Check runs every invariant that the database alone can prove and gives the
// violations, all of them.
func (tx *Tx) Check() ([]Violation, error) {
	var out []Violation
	for _, inv := range invariants {
		err := tx.each(func(scan func(...any) error) error {
			var subject string
			var have, want int64
			if err := scan(&subject, &have, &want); err != nil {
				return err
			}
			out = append(out, Violation{Rule: inv.rule, Subject: subject, Figures: fmt.Sprintf("%d and %d", have, want)})
			return nil
		}, inv.query)
		if err != nil {
			return nil, fmt.Errorf("check that %s: %w", strings.ToLower(inv.rule), err)
		}
	}
	return out, nil
}
