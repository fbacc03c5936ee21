package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// deferred is a statement that has not been sent yet.
type deferred struct {
	query  string
	args   []any
	guard  bool   // it must change exactly one row
	table  string // of the unique keys whose breach means exists, or empty
	exists error
}

const (
	// maxWaitingArgs bounds what one packet carries.
	maxDeferredArgs = 2000
	// minTogether is how many statements are worth sending as text: fewer cost less
	// as prepared ones, one by one.
	minTogether = 4
)

// Defer runs a statement whose outcome nothing else in the transaction asks for.
// On MySQL it is sent together with those that follow, and with COMMIT behind them
// if none is guarded: a payment is written in two round trips instead of thirteen.
// Whatever is read or run at once goes after all that waits, so that the order stays
// as written; only an error may come as late as from the end of the transaction.
func (tx *Tx) Defer(query string, args ...any) error {
	return tx.enqueue(deferred{query: query, args: args})
}

// laterMust is later for [Tx.ExecOne].
func (tx *Tx) DeferGuarded(query string, args ...any) error {
	return tx.enqueue(deferred{query: query, args: args, guard: true})
}

// DeferUnique is later where a row that breaks a unique key of the table (not its
// primary one) ends the transaction with the error exists.
func (tx *Tx) DeferUnique(table string, exists error, query string, args ...any) error {
	return tx.enqueue(deferred{query: query, args: args, table: table, exists: exists})
}

func (tx *Tx) enqueue(w deferred) error {
	if tx.sqltx == nil || !tx.db.dialect.batches {
		return tx.runDeferred(w)
	}
	if len(w.args) >= maxDeferredArgs { // many rows: better as a prepared statement
		return tx.runDeferred(w) // after what waits
	}
	tx.queue = append(tx.queue, w)
	if tx.queuedArgs += len(w.args); tx.queuedArgs < maxDeferredArgs {
		return nil
	}
	return tx.flush()
}

// runDeferred runs a statement by itself.
func (tx *Tx) runDeferred(w deferred) error {
	if w.guard {
		return tx.ExecOne(w.query, w.args...)
	}
	_, err := tx.Exec(w.query, w.args...)
	if err != nil && w.table != "" && tx.IsDuplicate(err) {
		return w.exists
	}
	return err
}

// drain gives what waits.
func (tx *Tx) drain() []deferred {
	list := tx.queue
	tx.queue, tx.queuedArgs = nil, 0
	return list
}

// flush sends what waits. An error ends the transaction, whatever becomes of the
// statement that it stood before: those behind the one that failed were not run.
func (tx *Tx) flush() error {
	if tx.failed != nil {
		return tx.failed
	}
	list := tx.drain()
	if len(list) >= minTogether {
		tx.failed = tx.send(tx.ctx, list, "")
		return tx.failed
	}
	for _, w := range list {
		if tx.failed = tx.runDeferred(w); tx.failed != nil {
			return tx.failed
		}
	}
	return nil
}

// flushWithCommit sends what waits at the end of the transaction. COMMIT goes with it if there
// is no guard to look at before; then the transaction is committed.
func (tx *Tx) flushWithCommit() (committed bool, err error) {
	if tx.failed != nil || len(tx.queue) < minTogether || slices.ContainsFunc(tx.queue, func(w deferred) bool { return w.guard }) {
		return false, tx.flush()
	}
	if err := tx.ctx.Err(); err != nil {
		return false, err
	}
	// Like COMMIT alone this has no deadline: the outcome counts. The database ends
	// each wait for a lock.
	err = tx.send(context.WithoutCancel(tx.ctx), tx.drain(), andCommit)
	var unknown *sentError
	var said *mysql.MySQLError
	if errors.As(err, &unknown) && !errors.As(err, &said) {
		err = fmt.Errorf("commit (outcome unknown): %w", err)
	}
	return err == nil, err
}

// sentError is what the database, or the way to it, answered.
type sentError struct{ error }

func (e *sentError) Unwrap() error { return e.error }

// send sends statements in one packet.
func (tx *Tx) send(ctx context.Context, list []deferred, tail string) error {
	texts := make([]string, len(list))
	var args []any
	for i, w := range list {
		texts[i] = tx.db.dialect.rewrite(w.query)
		args = append(args, w.args...)
	}
	var changed []int64
	ctx = context.WithValue(ctx, changedKey{}, &changed)
	if _, err := tx.sqltx.ExecContext(ctx, strings.Join(texts, "; ")+tail, args...); err != nil {
		return translate(list, err)
	}
	if len(changed) < len(list) {
		return fmt.Errorf("models: of %d statements sent together %d are answered", len(list), len(changed))
	}
	for i, w := range list {
		if w.guard && changed[i] != 1 {
			return guardFailed(w.query, w.args)
		}
	}
	return nil
}

// translate is what the error of one of the statements says to the caller. Which it
// was is known by the name of the key, uq_ and the table's name.
func translate(list []deferred, err error) error {
	if mysqlDuplicate(err) {
		_, text := mysqlCode(err)
		key := text[strings.LastIndex(text, "for key")+1:]
		for _, w := range list {
			if w.table != "" && strings.Contains(key, "uq_"+w.table+"_") {
				return w.exists
			}
		}
	}
	return &sentError{err}
}
