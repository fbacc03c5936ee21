package models

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
}

const forUpdate = " FOR UPDATE"

// byRoom and byDue, after the bills table, have the database read an index that it
// would not choose itself. The one by room holds all that sums of arrears need:
// left alone, both would rather go by status and look up every row. Along the one
// by due day a page ends after its rows: MariaDB would rather sort all of them, or
// begin with the table that thenJoin joins.
const (
	byRoom   = " /* by room */"
	byDue    = " /* by due day */"
	thenJoin = " /* then */ JOIN"
)

// indexHints writes the hints in the words of a dialect.
func indexHints(before, after, join string) *strings.Replacer {
	return strings.NewReplacer(byRoom, before+"ix_bills_room_id_status_due_on"+after, byDue, before+"ix_bills_status_due_on_room_id"+after, thenJoin, join)
}

var (
	sqliteHints = indexHints(" INDEXED BY ", "", " CROSS JOIN")
	mysqlHints  = indexHints(" FORCE INDEX (", ")", " STRAIGHT_JOIN")
)

var sqliteDialect = dialect{
	name:         "sqlite",
	insertIgnore: "INSERT OR IGNORE INTO ",
	rewrite:      func(q string) string { return sqliteHints.Replace(strings.ReplaceAll(q, forUpdate, "")) },
	duplicate:    sqliteDuplicate,
	matchless:    func(error) bool { return false },
	retryable:    sqliteRetryable,
}

var mysqlDialect = dialect{
	name:         "mysql",
	insertIgnore: "INSERT IGNORE INTO ",
	rewrite:      mysqlHints.Replace,
	duplicate:    mysqlDuplicate,
	matchless:    mysqlMatchless,
	retryable:    mysqlRetryable,
}

// discardLogger keeps GORM from printing statements, whose values may be
// personal data. Errors are returned and logged by the caller.
var discardLogger = logger.Discard
