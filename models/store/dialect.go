package store

import (
	"strings"

	"gorm.io/gorm/logger"
)

// dialect is all that differs between SQLite and MySQL outside the migrations.
type dialect struct {
	name         string // sqlite or mysql, also the folder of migrations
	insertIgnore string
	// rewrite turns our SQL into the dialect's: SQLite has no FOR UPDATE, and needs
	// none because a write transaction holds the whole database.
	rewrite   func(query string) string
	duplicate func(error) bool
	// matchless knows the refusal to compare a column of ids, which is ASCII, with a
	// text that is not: no row can answer, and that is no fault.
	matchless func(error) bool
	retryable func(error) bool
	// batches: statements that wait are sent in one packet, see [Tx.Defer].
	batches bool
}

// ForUpdate, at the end of a query, locks the rows that it reads. In SQLite a write
// transaction holds the whole database, and nothing more is needed.
const ForUpdate = " FOR UPDATE"

// byRoom and byDue, after the bills table, have the database read an index that it
// would not choose itself. The one by room holds all that sums of arrears need:
// left alone, both would rather go by status and look up every row. Along the one
// by due day a page ends after its rows: MariaDB would rather sort all of them, or
// begin with the table that thenJoin joins. byCode, after the rooms table, has a page
// of a community's rooms begin at its code: MariaDB would rather read the community
// from its first room on, so that each page took longer than the one before.
const (
	ByCode   = " /* by code */"
	ByRoom   = " /* by room */"
	ByDue    = " /* by due day */"
	ThenJoin = " /* then */ JOIN"
)

// DayNumber, before a date in parentheses, is its number: the difference of two is a number
// of days.
const DayNumber = "/* day number */"

// OrKeep, after an insert, leaves a row as it is that has the same key already.
const OrKeep = " /* or keep the row */"

// words writes the hints, and orKeep, in the words of a dialect.
func words(before, after, code, join, keep, day string) *strings.Replacer {
	return strings.NewReplacer(ByRoom, before+"ix_bills_room_id_status_due_on"+after, ByDue, before+"ix_bills_status_due_on_room_id"+after,
		ByCode, code, ThenJoin, join, OrKeep, keep, DayNumber, day)
}

var (
	sqliteWords = words(" INDEXED BY ", "", "", " CROSS JOIN", " ON CONFLICT DO NOTHING", "julianday")
	mysqlWords  = words(" FORCE INDEX (", ")", " FORCE INDEX (uq_rooms_community_id_code_key)", " STRAIGHT_JOIN",
		" ON DUPLICATE KEY UPDATE id = id", "TO_DAYS")
)

var sqliteDialect = dialect{
	name:         "sqlite",
	insertIgnore: "INSERT OR IGNORE INTO ",
	rewrite:      func(q string) string { return sqliteWords.Replace(strings.ReplaceAll(q, ForUpdate, "")) },
	duplicate:    sqliteDuplicate,
	matchless:    func(error) bool { return false },
	retryable:    sqliteRetryable,
}

var mysqlDialect = dialect{
	name:         "mysql",
	insertIgnore: "INSERT IGNORE INTO ",
	rewrite:      mysqlWords.Replace,
	duplicate:    mysqlDuplicate,
	matchless:    mysqlMatchless,
	retryable:    mysqlRetryable,
	batches:      true,
}

// discardLogger keeps GORM from printing statements, whose values may be
// personal data. Errors are returned and logged by the caller.
var discardLogger = logger.Discard
