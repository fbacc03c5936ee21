package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// openSQLite opens one writing connection, behind a first-come queue, and a few
// reading ones. One writer behind a queue waits at worst some tens of
// milliseconds at 32 writers; many connections that poll for the lock wait for
// seconds.
func (db *DB) openSQLite(path string) error {
	if path == "" || strings.HasPrefix(path, ":memory:") || strings.ContainsAny(path, "?#") {
		return fmt.Errorf("database.dsn: want the path of a file")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("database.dsn: %w", err)
	}
	open := func(conns int, params ...string) (*pool, error) {
		s, err := sqliteConns(path, conns, append(params, "foreign_keys(1)")...)
		if err != nil {
			return nil, err
		}
		return newPool(s, sqliteDialector{conn: s})
	}
	var err error
	if db.writer, err = open(1); err != nil {
		return err
	}
	// The first connection makes the file; without it the readers could not open.
	if err := db.writer.sql.Ping(); err != nil {
		return errors.Join(fmt.Errorf("open database: %w", err), db.writer.close())
	}
	if db.reader, err = open(max(4, runtime.NumCPU()), "query_only(1)"); err != nil {
		return errors.Join(err, db.writer.close())
	}
	db.txs, db.dialect = db.writer, sqliteDialect
	db.queue = make(chan struct{}, 1)
	db.path = path
	return nil
}

// sqliteConns opens connections to the file, with pragmas besides those that all of
// them have.
func sqliteConns(path string, conns int, params ...string) (*sql.DB, error) {
	common := []string{"journal_mode(WAL)", "busy_timeout(5000)", "synchronous(FULL)", "cache_size(-16000)"}
	q := url.Values{"_pragma": append(common, params...), "_txlock": {"immediate"}}
	s, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s.SetMaxOpenConns(conns)
	s.SetMaxIdleConns(conns)
	return s, nil
}

func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

func sqliteDuplicate(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || code == sqlite3.SQLITE_CONSTRAINT_UNIQUE
}

func sqliteRetryable(err error) bool {
	code := sqliteCode(err) & 0xff // the low byte is the primary result code
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
}

// sqliteDialector is GORM's door to SQLite over the pure-Go driver. The dialector
// that GORM ships imports a C driver; the pure-Go one wraps an older copy of the
// driver. The schema comes from migrations, so that little is needed here.
type sqliteDialector struct{ conn *sql.DB }

func (sqliteDialector) Name() string { return "sqlite" }

func (d sqliteDialector) Initialize(db *gorm.DB) error {
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{LastInsertIDReversed: true})
	db.ConnPool = d.conn
	db.ClauseBuilders["FOR"] = func(clause.Clause, clause.Builder) {} // no row locks in SQLite
	return nil
}

func (d sqliteDialector) Migrator(db *gorm.DB) gorm.Migrator {
	return migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d}}
}

func (sqliteDialector) DataTypeOf(*schema.Field) string { return "" } // migrations make the columns

func (sqliteDialector) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

func (sqliteDialector) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { _ = w.WriteByte('?') }

func (sqliteDialector) QuoteTo(w clause.Writer, name string) {
	_, _ = w.WriteString("`" + strings.ReplaceAll(name, ".", "`.`") + "`")
}

func (sqliteDialector) Explain(query string, vars ...any) string {
	return logger.ExplainSQL(query, nil, `"`, vars...)
}
