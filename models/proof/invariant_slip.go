package proof

func init() { invariants = append(invariants, slipInvariants...) }

// slipInvariants are those of 有偿服务单: a slip that the owner signed is charged once, by
// one bill, and nothing else is. What the lines of a slip come to is computed anew by the
// package that draws them.
var slipInvariants = []invariant{
	{"a slip is the sum of its lines, which are numbered from 0",
		`SELECT s.id, s.total_fen, COALESCE(SUM(l.amount_fen), 0) FROM slips s LEFT JOIN slip_lines l ON l.slip_id = s.id
		GROUP BY s.id, s.total_fen
		HAVING s.total_fen <> COALESCE(SUM(l.amount_fen), 0) OR COUNT(l.seq) = 0 OR MIN(l.seq) <> 0 OR MAX(l.seq) <> COUNT(l.seq) - 1`},
	{"a slip that is charged has its bill, of the same room, item and day",
		`SELECT s.id, 0, 0 FROM slips s
		LEFT JOIN bills b ON b.id = s.bill_id AND b.batch_id = s.id AND b.source = 'slip' AND b.room_id = s.room_id
		AND b.item = s.item AND b.period_start = s.worked_on AND b.period_end = s.worked_on
		WHERE s.status = 'charged' AND b.id IS NULL`},
	// The bill's principal may have been corrected since; the journal holds what was issued.
	{"the bill of a slip was issued for what was signed",
		`SELECT s.id, s.total_fen, COALESCE(SUM(j.amount_fen), 0) FROM slips s
		LEFT JOIN journal j ON j.bill_id = s.bill_id AND j.kind = 'bill_issue'
		WHERE s.status = 'charged'
		GROUP BY s.id, s.total_fen HAVING s.total_fen <> COALESCE(SUM(j.amount_fen), 0)`},
	{"a bill of a slip belongs to one that was signed",
		`SELECT b.id, b.principal_fen, 0 FROM bills b LEFT JOIN slips s ON s.bill_id = b.id AND s.status = 'charged'
		WHERE b.source = 'slip' AND s.id IS NULL`},
	{"only what was signed has a signature, and a paper is confirmed by another person",
		`SELECT id, 0, 0 FROM slips WHERE (status IN ('signed','charged')) <> (signed_at <> 0)
		OR (signed_at <> 0 AND (signed_id = '' OR digest = '')) OR (signed_at = 0 AND how <> '')
		OR (how = 'paper' AND (paper_no = '' OR (signed_kind = made_kind AND signed_id = made_id)))`},
}
