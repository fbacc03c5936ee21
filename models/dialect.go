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

var sqliteDialect = dialect{
	name:         "sqlite",
	insertIgnore: "INSERT OR IGNORE INTO ",
	rewrite:      func(q string) string { return strings.ReplaceAll(q, forUpdate, "") },
	duplicate:    sqliteDuplicate,
	matchless:    func(error) bool { return false },
	retryable:    sqliteRetryable,
}

var mysqlDialect = dialect{
	name:         "mysql",
	insertIgnore: "INSERT IGNORE INTO ",
	rewrite:      func(q string) string { return q },
	duplicate:    mysqlDuplicate,
	matchless:    mysqlMatchless,
	retryable:    mysqlRetryable,
}

// discardLogger keeps GORM from printing statements, whose values may be
// personal data. Errors are returned and logged by the caller.
var discardLogger = logger.Discard
