package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"wuyepay/models"
)

// Prefixed puts the name of a table before each column of a list.
func Prefixed(table, columns string) string {
	parts := strings.Split(columns, ",")
	for i, p := range parts {
		parts[i] = table + "." + strings.TrimSpace(p)
	}
	return strings.Join(parts, ", ")
}

// Tx is a running transaction, or a plain reader given by [DB.View].
type Tx struct {
	// Now is business time, one value for the whole transaction, as the database
	// keeps it.
	Now models.Time

	ctx   context.Context
	db    *DB
	pool  *pool
	conn  gorm.ConnPool
	sqltx *sql.Tx // nil for a reader and for a single statement

	single bool // given by WriteOne: without a transaction, so for one statement
	spent  bool // that one statement was run

	queue      []deferred // statements to be sent together, see later
	queuedArgs int        // their arguments
	failed     error      // of one of them: the transaction cannot go on
}

// Today is the business day of Now.
func (tx *Tx) Today() models.Date { return tx.Now.Date() }

// Context is the context that the transaction runs in.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Gorm gives GORM on the connection of this transaction, for cold paths where its
// mapping is worth more than the time it takes.
func (tx *Tx) Gorm() *gorm.DB {
	s := tx.pool.gorm.Session(&gorm.Session{NewDB: true, Context: tx.ctx})
	s.Statement.ConnPool = tx.conn
	if tx.single { // GORM may run more than one
		_ = s.AddError(errSecond)
	}
	if err := tx.flush(); err != nil {
		_ = s.AddError(err)
	}
	return s
}

// Create inserts a row.
func (tx *Tx) Create(row any) error { return tx.Gorm().Create(row).Error }

// stmt gives the prepared form of a hot statement, or nil.
func (tx *Tx) stmt(query string) *sql.Stmt {
	st := tx.pool.hot[query]
	if st != nil && tx.sqltx != nil {
		return tx.sqltx.StmtContext(tx.ctx, st)
	}
	return st
}

// errSecond keeps a change of several statements from being made without a
// transaction around it.
var errSecond = errors.New("models: a second statement inside WriteOne")

// beforeStatement notes a statement; what waits goes before it.
func (tx *Tx) beforeStatement() error {
	if tx.single && tx.spent {
		return errSecond
	}
	tx.spent = true
	return tx.flush()
}

// Exec runs a statement and gives the number of rows it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if err := tx.beforeStatement(); err != nil {
		return 0, err
	}
	var res sql.Result
	var err error
	if st := tx.stmt(query); st != nil {
		res, err = st.ExecContext(tx.ctx, args...)
	} else {
		res, err = tx.conn.ExecContext(tx.ctx, tx.db.dialect.rewrite(query), args...)
	}
	if tx.db.dialect.matchless(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// query runs a statement that gives rows; each calls fn once a row, with a
// function that scans it.
func (tx *Tx) QueryRows(fn func(scan func(dest ...any) error) error, query string, args ...any) error {
	if err := tx.beforeStatement(); err != nil {
		return err
	}
	var rows *sql.Rows
	var err error
	if st := tx.stmt(query); st != nil {
		rows, err = st.QueryContext(tx.ctx, args...)
	} else {
		rows, err = tx.conn.QueryContext(tx.ctx, tx.db.dialect.rewrite(query), args...)
	}
	if tx.db.dialect.matchless(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// QueryRow runs a statement that gives at most one row of interest, and scans it.
// Without a row it gives [models.ErrNotFound].
func (tx *Tx) QueryRow(dest []any, query string, args ...any) error {
	found := false
	err := tx.QueryRows(func(scan func(...any) error) error {
		if found {
			return nil
		}
		found = true
		return scan(dest...)
	}, query, args...)
	if err != nil {
		return err
	}
	if !found {
		return models.ErrNotFound
	}
	return nil
}

// ExecGuarded runs a guarded update: true when it changed exactly one row, false when
// none answered the guard. More than one row is a fault of the guard.
func (tx *Tx) ExecGuarded(query string, args ...any) (bool, error) {
	n, err := tx.Exec(query, args...)
	if err != nil {
		return false, err
	}
	if n > 1 {
		return false, fmt.Errorf("models: guarded update changed %d rows", n)
	}
	return n == 1, nil
}

// ExecOne is guarded where nothing but a fault of ours can make the guard fail.
func (tx *Tx) ExecOne(query string, args ...any) error {
	ok, err := tx.ExecGuarded(query, args...)
	if err == nil && !ok {
		err = guardFailed(query)
	}
	return err
}

func guardFailed(query string) error {
	return errors.New("models: a guard failed that must hold: " + firstWords(query))
}

func firstWords(query string) string {
	return strings.Join(strings.Fields(query)[:min(4, len(strings.Fields(query)))], " ")
}

// IsDuplicate tells whether the statement broke a unique key.
func (tx *Tx) IsDuplicate(err error) bool { return tx.db.dialect.duplicate(err) }

// Placeholders gives n question marks, for IN lists: ?,?,?
func Placeholders(n int) string {
	if n == 0 {
		return "NULL" // IN (NULL) holds for nothing
	}
	return strings.Repeat("?,", n-1) + "?"
}

// Args turns a list into statement arguments.
func Args[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

const InsertInto = "INSERT INTO "

func insertSQL(verb, table, columns string, width, rows int) string {
	one := "(" + Placeholders(width) + "),"
	return verb + table + " (" + columns + ") VALUES " + strings.TrimSuffix(strings.Repeat(one, rows), ",")
}

// HotInserts registers the inserts of up to that many rows. Not more than a usual
// payment needs: each is prepared on each connection that has used it, and a MySQL
// server bounds the prepared statements of all its clients.
func HotInserts(table, columns string, rows int) {
	for n := 1; n <= rows; n++ {
		Hot(insertSQL(InsertInto, table, columns, strings.Count(columns, ",")+1, n))
	}
}

// rowsOfInsert is how many rows an insert has at most.
const rowsOfInsert = 500

// HotFullInsert registers the insert of as many rows as one takes, where a billing
// run writes thousands: prepared, the database need not read the text again.
func HotFullInsert(table, columns string) {
	Hot(insertSQL(InsertInto, table, columns, strings.Count(columns, ",")+1, rowsOfInsert))
}

// InsertRows inserts many rows with few statements. columns is "a, b, c"; rows
// hold the values in that order, all of one length. ignore leaves rows out that
// would break a unique key; the result is the number of rows inserted.
func (tx *Tx) InsertRows(ignore bool, table, columns string, rows [][]any) (int64, error) {
	var total int64
	verb := InsertInto
	if ignore {
		verb = tx.db.dialect.insertIgnore
	}
	err := EachInsert(verb, table, columns, rows, func(query string, args ...any) error {
		added, err := tx.Exec(query, args...)
		total += added
		return err
	})
	return total, err
}

// laterRows is insertRows with [Tx.Defer].
func (tx *Tx) DeferRows(table, columns string, rows [][]any) error {
	return EachInsert(InsertInto, table, columns, rows, tx.Defer)
}

// EachInsert gives the inserts that many rows take.
func EachInsert(verb, table, columns string, rows [][]any, run func(query string, args ...any) error) error {
	for len(rows) > 0 {
		width := len(rows[0])
		n := min(len(rows), 20_000/width, rowsOfInsert)
		args := make([]any, 0, n*width)
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if err := run(insertSQL(verb, table, columns, width, n), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Vault returns what seals personal data.
func (tx *Tx) Vault() *Vault { return tx.db.vault }

// Locking reports whether the transaction holds locks: it was begun by [DB.Write].
func (tx *Tx) Locking() bool { return tx.sqltx != nil }
