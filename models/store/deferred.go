package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// The protocol of deferred statements.
//
// A booking writes about a dozen rows, and reads none of them again. Sent one by one,
// each costs a round trip to the database while the order and its bills are locked.
// Deferred, they are sent together.
//
// What may be deferred: a write whose outcome nothing else in the transaction asks for.
// An insert may be, and an update whose guard can fail only by a fault of the program
// ([Tx.DeferGuarded]) or whose duplicate ends the transaction ([Tx.DeferUnique]). An
// update whose row count decides what is done next may not.
//
// When it is sent: before the next statement that is not deferred, when the arguments
// reach maxDeferredArgs, and at the end of the transaction. So all statements run in the
// order in which they were called, and a read sees the writes before it. Fewer than
// minTogether go one by one as prepared statements; more go as text in one packet, which
// the server runs one after the other until one fails.
//
// What an error means: it may come as late as from the next statement or from the end of
// [DB.Write], and it ends the transaction. The statements behind the failed one were not
// run, so nothing may be added or committed: flush returns the first error for ever,
// even where the statement that it stood before would have accepted a failure of its own.
//
// Why COMMIT may ride along: the server runs it only if all statements before it
// succeeded, so that a failure commits nothing. A guard is not such a failure: an update
// that changes no row succeeds, and only its row count says so. If a guarded statement is
// in the packet, COMMIT is therefore sent by itself after the counts were looked at.
//
// SQLite has no round trip to save: there each statement runs at once.

// deferred is a statement that has not been sent yet.
type deferred struct {
	query  string
	args   []any
	guard  bool   // it must change exactly one row
	table  string // of the unique keys whose breach means exists, or empty
	exists error
}

const (
	// maxDeferredArgs bounds what one packet carries. A statement with more arguments
	// is sent by itself: for example, the lines of a billing run.
	maxDeferredArgs = 2000
	// minTogether is how many statements are worth sending as text: fewer cost less
	// as prepared ones, one by one.
	minTogether = 4
)

// Defer runs a statement whose outcome nothing else in the transaction asks for. On
// MySQL it is sent later, together with others: a payment is written in two round trips
// instead of thirteen. An error of the statement may come as late as from the end of the
// transaction.
func (tx *Tx) Defer(query string, args ...any) error {
	return tx.enqueue(deferred{query: query, args: args})
}

// DeferGuarded is [Tx.Defer] for [Tx.ExecOne]: a guarded update whose guard only a fault
// of ours can make fail. It keeps COMMIT from being sent along.
func (tx *Tx) DeferGuarded(query string, args ...any) error {
	return tx.enqueue(deferred{query: query, args: args, guard: true})
}

// DeferUnique is [Tx.Defer] where a row that breaks a unique key of the table (not its
// primary one) ends the transaction with the error exists.
func (tx *Tx) DeferUnique(table string, exists error, query string, args ...any) error {
	return tx.enqueue(deferred{query: query, args: args, table: table, exists: exists})
}

// enqueue keeps a statement to be sent later, or runs it where that saves nothing.
func (tx *Tx) enqueue(w deferred) error {
	if tx.sqltx == nil || !tx.db.dialect.batches {
		return tx.runDeferred(w)
	}
	if len(w.args) >= maxDeferredArgs { // many rows: better as a prepared statement
		return tx.runDeferred(w) // which flushes those before it
	}
	tx.queue = append(tx.queue, w)
	if tx.queuedArgs += len(w.args); tx.queuedArgs < maxDeferredArgs {
		return nil
	}
	return tx.flush()
}

// runDeferred runs a statement by itself, with what its error means.
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

// drain returns the statements that are not sent yet, and forgets them.
func (tx *Tx) drain() []deferred {
	list := tx.queue
	tx.queue, tx.queuedArgs = nil, 0
	return list
}

// flush sends the statements that are not sent yet. After an error it returns that error
// for ever: the statements behind the one that failed were not run.
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

// flushWithCommit is flush at the end of the transaction. COMMIT is sent along unless there
// is a guard to look at first, or too few statements to send together. committed reports
// whether it was; otherwise the caller commits.
func (tx *Tx) flushWithCommit() (committed bool, err error) {
	if tx.failed != nil || len(tx.queue) < minTogether || slices.ContainsFunc(tx.queue, func(w deferred) bool { return w.guard }) {
		return false, tx.flush()
	}
	if err := tx.ctx.Err(); err != nil {
		return false, err
	}
	// Like COMMIT alone this has no deadline: a context that ended while the answer is on
	// its way would leave the outcome unknown. The database ends each wait for a lock.
	err = tx.send(context.WithoutCancel(tx.ctx), tx.drain(), andCommit)
	var unknown *sentError
	var answered *mysql.MySQLError
	if errors.As(err, &unknown) && !errors.As(err, &answered) { // the connection broke, not a statement
		err = fmt.Errorf("commit (outcome unknown): %w", err)
	}
	return err == nil, err
}

// sentError is the error of statements that were sent: of one of them, if the database
// answered, or of the connection.
type sentError struct{ error }

func (e *sentError) Unwrap() error { return e.error }

// send sends statements in one packet, with tail behind them, and checks their guards.
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
		return fmt.Errorf("store: of %d statements sent together %d are answered", len(list), len(changed))
	}
	for i, w := range list {
		if w.guard && changed[i] != 1 {
			return guardFailed(w.query, w.args)
		}
	}
	return nil
}

// translate returns what the error of one of the statements means to the caller: the
// exists of the statement whose unique key was broken. MySQL does not say which statement
// failed, but names the key, and a unique key is named uq_, table, columns: for example,
// "Duplicate entry '…' for key 'uq_payments_order_no'".
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
