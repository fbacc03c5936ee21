package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// waiting is a statement that has not been sent yet.
type waiting struct {
	query  string
	args   []any
	guard  bool   // it must change exactly one row
	table  string // of the unique keys whose breach means exists, or empty
	exists error
}

const (
	// maxWaitingArgs bounds what one packet carries.
	maxWaitingArgs = 2000
	// minTogether is how many statements are worth sending as text: fewer cost less
	// as prepared ones, one by one.
	minTogether = 4
)

// later runs a statement whose outcome nothing else in the transaction asks for.
// On MySQL it is sent together with those that follow, and with COMMIT behind them
// if none is guarded: a payment is written in two round trips instead of thirteen.
// Whatever is read or run at once goes after all that waits, so that the order stays
// as written; only an error may come as late as from the end of the transaction.
func (tx *Tx) later(query string, args ...any) error {
	return tx.wait(waiting{query: query, args: args})
}

// laterMust is later for [Tx.must].
func (tx *Tx) laterMust(query string, args ...any) error {
	return tx.wait(waiting{query: query, args: args, guard: true})
}

// laterUnique is later where a row that breaks a unique key of the table (not its
// primary one) ends the transaction with the error exists.
func (tx *Tx) laterUnique(table string, exists error, query string, args ...any) error {
	return tx.wait(waiting{query: query, args: args, table: table, exists: exists})
}

func (tx *Tx) wait(w waiting) error {
	if tx.sqltx == nil || !tx.db.dialect.batches {
		return tx.runWaiting(w)
	}
	if len(w.args) >= maxWaitingArgs { // many rows: better as a prepared statement
		return tx.runWaiting(w) // after what waits
	}
	tx.queue = append(tx.queue, w)
	if tx.queued += len(w.args); tx.queued < maxWaitingArgs {
		return nil
	}
	return tx.flush()
}

// runWaiting runs a statement by itself.
func (tx *Tx) runWaiting(w waiting) error {
	if w.guard {
		return tx.must(w.query, w.args...)
	}
	_, err := tx.exec(w.query, w.args...)
	if err != nil && w.table != "" && tx.isDuplicate(err) {
		return w.exists
	}
	return err
}

// take gives what waits.
func (tx *Tx) take() []waiting {
	list := tx.queue
	tx.queue, tx.queued = nil, 0
	return list
}

// flush sends what waits. An error ends the transaction, whatever becomes of the
// statement that it stood before: those behind the one that failed were not run.
func (tx *Tx) flush() error {
	if tx.failed != nil {
		return tx.failed
	}
	list := tx.take()
	if len(list) >= minTogether {
		tx.failed = tx.send(tx.ctx, list, "")
		return tx.failed
	}
	for _, w := range list {
		if tx.failed = tx.runWaiting(w); tx.failed != nil {
			return tx.failed
		}
	}
	return nil
}

// end sends what waits at the end of the transaction. COMMIT goes with it if there
// is no guard to look at before; then the transaction is committed.
func (tx *Tx) end() (committed bool, err error) {
	if tx.failed != nil || len(tx.queue) < minTogether || slices.ContainsFunc(tx.queue, func(w waiting) bool { return w.guard }) {
		return false, tx.flush()
	}
	if err := tx.ctx.Err(); err != nil {
		return false, err
	}
	// Like COMMIT alone this has no deadline: the outcome counts. The database ends
	// each wait for a lock.
	err = tx.send(context.WithoutCancel(tx.ctx), tx.take(), andCommit)
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
func (tx *Tx) send(ctx context.Context, list []waiting, tail string) error {
	texts := make([]string, len(list))
	var args []any
	for i, w := range list {
		texts[i] = tx.db.dialect.rewrite(w.query)
		args = append(args, w.args...)
	}
	var changed []int64
	ctx = context.WithValue(ctx, changedKey{}, &changed)
	if _, err := tx.sqltx.ExecContext(ctx, strings.Join(texts, "; ")+tail, args...); err != nil {
		return meaning(list, err)
	}
	if len(changed) < len(list) {
		return fmt.Errorf("models: of %d statements sent together %d are answered", len(list), len(changed))
	}
	for i, w := range list {
		if w.guard && changed[i] != 1 {
			return guardFailed(w.query)
		}
	}
	return nil
}

// meaning is what the error of one of the statements says to the caller. Which it
// was is known by the name of the key, uq_ and the table's name.
func meaning(list []waiting, err error) error {
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
