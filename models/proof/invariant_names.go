package proof

func init() { invariants = append(invariants, nameInvariants...) }

// nameInvariants are those of names that come in several spellings. The unique keys of the
// database let no two spellings of one name in. What they cannot say is that a bill names
// its item as it is kept. And in a database from before names had keys, the second of two
// spellings was set apart: its key has a space, with the rest behind it, which no other key
// has. Such a row is harmless until both are charged.
var nameInvariants = []invariant{
	{"a bill names a fee item as its community keeps it",
		`SELECT DISTINCT b.item, 0, 0 FROM bills b LEFT JOIN fee_items f ON f.community_id = b.community_id AND f.item = b.item
		WHERE f.item IS NULL`},
	{"a tariff names a fee item as its community keeps it",
		`SELECT t.id, 0, 0 FROM tariffs t LEFT JOIN fee_items f ON f.community_id = t.community_id AND f.item = t.item
		WHERE f.item IS NULL`},
	{"a charge names a fee item as its community keeps it",
		`SELECT c.id, 0, 0 FROM charges c LEFT JOIN fee_items f ON f.community_id = c.community_id AND f.item = c.item
		WHERE f.item IS NULL`},
	{"a meter names a fee item as its community keeps it",
		`SELECT m.id, 0, 0 FROM meters m JOIN rooms r ON r.id = m.room_id
		LEFT JOIN fee_items f ON f.community_id = r.community_id AND f.item = m.item WHERE f.item IS NULL`},
	{"a room is billed once for the days of a fee item, in whatever spelling",
		`SELECT b.id, b.principal_fen, o.principal_fen FROM fee_items f
		JOIN fee_items k ON k.community_id = f.community_id AND k.item_key = SUBSTR(f.item_key, 1, INSTR(f.item_key, ' ') - 1)
		JOIN bills b ON b.community_id = f.community_id AND b.item = f.item AND b.status <> 'void'
		JOIN bills o ON o.room_id = b.room_id AND o.item = k.item AND o.status <> 'void'
		AND o.period_start <= b.period_end AND o.period_end >= b.period_start
		WHERE INSTR(f.item_key, ' ') > 0`},
	{"one tariff of a fee item and kind of room holds on a day, in whatever spelling",
		`SELECT t.id, 0, 0 FROM tariffs t JOIN fee_items f ON f.community_id = t.community_id AND f.item = t.item
		JOIN tariffs o ON o.community_id = t.community_id AND o.room_id = t.room_id AND o.id <> t.id
		AND (o.to_on = '' OR o.to_on >= t.from_on) AND (t.to_on = '' OR t.to_on >= o.from_on)
		JOIN fee_items k ON k.community_id = o.community_id AND k.item = o.item
		WHERE (INSTR(f.item_key, ' ') > 0 OR INSTR(t.kind_key, ' ') > 0)
		AND ` + wholeKey("f.item_key") + " = " + wholeKey("k.item_key") + " AND " +
			wholeKey("t.kind_key") + " = " + wholeKey("o.kind_key")},
	{"one meter of a number is in use, in whatever spelling",
		`SELECT m.id, 0, 0 FROM meters m JOIN meters o ON o.room_id = m.room_id AND o.item = m.item AND o.removed_on = ''
		AND o.serial_key = SUBSTR(m.serial_key, 1, INSTR(m.serial_key, ' ') - 1)
		WHERE INSTR(m.serial_key, ' ') > 0 AND m.removed_on = ''`},
}

// wholeKey is a key without what sets it apart, in SQL.
func wholeKey(column string) string {
	return "CASE WHEN INSTR(" + column + ", ' ') > 0 THEN SUBSTR(" + column + ", 1, INSTR(" + column + ", ' ') - 1) ELSE " + column + " END"
}
