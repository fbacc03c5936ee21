package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"wuyepay/models"
)

// Tx is a running transaction, or a plain reader as [DB.View] returns it.
//
// Its statements take MySQL's words; the dialect turns them into SQLite's. An error
// names the operation of the models that failed and the ids it was asked for.
type Tx struct {
	// Now is business time: one value for the whole transaction, truncated as the
	// database keeps it.
	Now models.Time

	ctx   context.Context
	db    *DB
	pool  *pool
	conn  gorm.ConnPool
	sqltx *sql.Tx // nil for a reader and for a single statement

	single bool // made by WriteOne: without a transaction, so for one statement
	spent  bool // that one statement was run

	queue      []deferred // statements to be sent together, see Defer
	queuedArgs int        // the number of their arguments
	failed     error      // of one of them: the transaction cannot go on
}

// Today returns the business day of Now.
func (tx *Tx) Today() models.Date { return tx.Now.Date() }

// Context returns the context that the transaction runs in.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Vault returns what seals personal data.
func (tx *Tx) Vault() *Vault { return tx.db.vault }

// Locking reports whether rows that are read FOR UPDATE stay locked: whether the
// transaction was begun by [DB.Write].
func (tx *Tx) Locking() bool { return tx.sqltx != nil }

// Gorm returns GORM on the connection of this transaction; [G] is its typed form.
//
// Without SkipHooks GORM would set updated_at in every update, and to real time in
// seconds, where the column holds business time in milliseconds.
func (tx *Tx) Gorm() *gorm.DB {
	s := tx.pool.gorm.Session(&gorm.Session{NewDB: true, Context: tx.ctx, SkipHooks: true})
	s.Statement.ConnPool = tx.conn
	if tx.single { // GORM may run more than one
		_ = s.AddError(errSecond)
	}
	if err := tx.flush(); err != nil {
		_ = s.AddError(err)
	}
	return s
}

// Create inserts a row through GORM, into the table of its type.
func (tx *Tx) Create(row any) error { return tx.Gorm().Create(row).Error }

// stmt returns the prepared form of a hot statement, or nil.
func (tx *Tx) stmt(query string) *sql.Stmt {
	st := tx.pool.hot[query]
	if st != nil && tx.sqltx != nil {
		return tx.sqltx.StmtContext(tx.ctx, st)
	}
	return st
}

// errSecond keeps a change of several statements from being made without a
// transaction around it.
var errSecond = errors.New("store: a second statement inside WriteOne")

// beforeStatement flushes deferred statements, so that statements run in the order in
// which they were called. In WriteOne it rejects a second one.
func (tx *Tx) beforeStatement() error {
	if tx.single && tx.spent {
		return errSecond
	}
	tx.spent = true
	return tx.flush()
}

// Exec runs a statement and returns the number of rows that it changed. On MySQL a
// row that is set to what it was already does not count.
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
		return 0, inOperation(err, args)
	}
	return res.RowsAffected()
}

// query runs a query and lets read take its rows.
func (tx *Tx) query(read func(rows *sql.Rows) error, query string, args ...any) error {
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
		return inOperation(err, args)
	}
	defer rows.Close()
	if err := read(rows); err != nil {
		return err
	}
	return inOperation(rows.Err(), args)
}

// QueryRow runs a query of which only the first row counts, and scans it. If there is
// none it returns [models.ErrNotFound].
func (tx *Tx) QueryRow(dest []any, query string, args ...any) error {
	found := false
	err := tx.query(func(rows *sql.Rows) error {
		if found = rows.Next(); !found {
			return nil
		}
		return rows.Scan(dest...)
	}, query, args...)
	if err == nil && !found {
		err = models.ErrNotFound
	}
	return err
}

// ExecGuarded runs a guarded update and reports whether it changed its one row. False
// means that the guard did not hold: for example, the order was no longer pending.
// More than one row is an error.
func (tx *Tx) ExecGuarded(query string, args ...any) (bool, error) {
	n, err := tx.Exec(query, args...)
	if err != nil {
		return false, err
	}
	if n > 1 {
		return false, inOperation(fmt.Errorf("a guarded update changed %d rows", n), args)
	}
	return n == 1, nil
}

// ExecOne is [Tx.ExecGuarded] where only a fault of ours can make the guard fail: that
// is an error, which names the rule and the row.
func (tx *Tx) ExecOne(query string, args ...any) error {
	ok, err := tx.ExecGuarded(query, args...)
	if err == nil && !ok {
		err = guardFailed(query, args)
	}
	return err
}

// IsDuplicate reports whether an error says that a statement broke a unique key.
func (tx *Tx) IsDuplicate(err error) bool { return tx.db.dialect.duplicate(err) }

func (tx *Tx) insertRows(verb, table, columns string, rows [][]any) (int64, error) {
	var total int64
	err := eachInsert(verb, table, columns, rows, func(query string, args ...any) error {
		added, err := tx.Exec(query, args...)
		total += added
		return err
	})
	return total, err
}
