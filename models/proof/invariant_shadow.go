package proof

func init() { invariants = append(invariants, shadowInvariants...) }

// shadowInvariants prove that a comparison with the old system leaves nothing out: what was
// read of the file is in its lines, row by row and fen by fen, or was left out by name.
var shadowInvariants = []invariant{
	{"the rows of a comparison are those of its lines and those left out",
		`SELECT r.id, r.rows_read, r.rows_left_out + COALESCE(SUM(l.their_rows), 0) FROM shadow_runs r
		LEFT JOIN shadow_lines l ON l.run_id = r.id WHERE r.status = 'done'
		GROUP BY r.id, r.rows_read, r.rows_left_out HAVING r.rows_read <> r.rows_left_out + COALESCE(SUM(l.their_rows), 0)`},
	{"the amounts of the old system are those of the lines of the comparison",
		`SELECT r.id, r.theirs_fen, COALESCE(SUM(l.theirs_fen), 0) FROM shadow_runs r
		LEFT JOIN shadow_lines l ON l.run_id = r.id WHERE r.status = 'done'
		GROUP BY r.id, r.theirs_fen HAVING r.theirs_fen <> COALESCE(SUM(l.theirs_fen), 0)`},
	{"our amounts in a comparison are those of its lines",
		`SELECT r.id, r.ours_fen, COALESCE(SUM(l.ours_fen), 0) FROM shadow_runs r
		LEFT JOIN shadow_lines l ON l.run_id = r.id WHERE r.status = 'done'
		GROUP BY r.id, r.ours_fen HAVING r.ours_fen <> COALESCE(SUM(l.ours_fen), 0)`},
	{"a comparison has as many lines as it counts",
		`SELECT r.id, r.line_count, COUNT(l.seq) FROM shadow_runs r
		LEFT JOIN shadow_lines l ON l.run_id = r.id WHERE r.status = 'done'
		GROUP BY r.id, r.line_count HAVING r.line_count <> COUNT(l.seq)`},
	{"a comparison that is done has no row left",
		`SELECT r.id, COUNT(*), 0 FROM shadow_runs r JOIN shadow_rows w ON w.run_id = r.id WHERE r.status = 'done' GROUP BY r.id`},
}
