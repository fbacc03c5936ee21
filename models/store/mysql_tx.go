package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// txConnector makes the connections that transactions run on. Their sessions have
// autocommit off, so that a transaction begins by itself with its first statement,
// and START TRANSACTION, a round trip of its own, is not needed. Nothing else may
// use them: a statement without COMMIT after it would hold its locks.
type txConnector struct{ driver.Connector }

// Connect makes a connection.
func (c txConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(mysqlConn)
	if !ok {
		return nil, errors.Join(errors.New("store: the MySQL driver's connection lacks a method"), conn.Close())
	}
	return &txConn{mysqlConn: full}, nil
}

// mysqlConn is all that database/sql makes use of in the driver's connection.
type mysqlConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type txConn struct {
	mysqlConn
	committed bool // the last statements had andCommit behind them
}

// andCommit ends statements sent together that end their transaction.
const andCommit = "; COMMIT"

// changedKey is the context's key of a *[]int64 that takes the number of rows that
// each of several statements sent together changed.
type changedKey struct{}

// ExecContext runs a statement, or several.
func (c *txConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	res, err := c.mysqlConn.ExecContext(ctx, query, args)
	if err != nil {
		return res, err
	}
	c.committed = strings.HasSuffix(query, andCommit)
	if changed, ok := ctx.Value(changedKey{}).(*[]int64); ok {
		if all, ok := res.(mysql.Result); ok {
			*changed = all.AllRowsAffected()
		}
	}
	return res, nil
}

// BeginTx sends nothing: the first statement begins the transaction.
func (c *txConn) BeginTx(_ context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if opts != (driver.TxOptions{}) {
		return nil, errors.New("store: a transaction with options")
	}
	if !c.IsValid() {
		return nil, driver.ErrBadConn
	}
	c.committed = false
	return c, nil
}

// Commit ends the transaction that the connection is in, unless its last statements
// did so.
func (c *txConn) Commit() error {
	if c.committed {
		return nil
	}
	return c.end("COMMIT")
}

// Rollback takes back the transaction that the connection is in.
func (c *txConn) Rollback() error { return c.end("ROLLBACK") }

// end has no deadline, as the driver's own has none: the outcome counts.
func (c *txConn) end(statement string) error {
	_, err := c.mysqlConn.ExecContext(context.Background(), statement, nil)
	return err
}
