package proof

func init() { invariants = append(invariants, foreignInvariants...) }

// foreignInvariants are those of what another business takes by a shared merchant number.
var foreignInvariants = []invariant{
	{"what another business took is a part of WeChat's bill of the day",
		`SELECT f.bill_on, f.paid_fen + f.refunds_fen, COALESCE(r.theirs_fen + r.their_refunds_fen, 0) FROM foreign_days f
		LEFT JOIN reconciliations r ON r.merchant = f.merchant AND r.bill_on = f.bill_on
		WHERE r.merchant IS NULL OR f.payments > r.theirs_count OR f.paid_fen > r.theirs_fen OR f.refunds > r.their_refunds
		OR f.refunds_fen > r.their_refunds_fen`},
}
