package models

import (
	"context"
	"database/sql/driver"
	"errors"
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
		return nil, errors.Join(errors.New("models: the MySQL driver's connection lacks a method"), conn.Close())
	}
	return txConn{full}, nil
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

type txConn struct{ mysqlConn }

// BeginTx sends nothing: the first statement begins the transaction.
func (c txConn) BeginTx(_ context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if opts != (driver.TxOptions{}) {
		return nil, errors.New("models: a transaction with options")
	}
	if !c.IsValid() {
		return nil, driver.ErrBadConn
	}
	return c, nil
}

// Commit ends the transaction that the connection is in.
func (c txConn) Commit() error { return c.end("COMMIT") }

// Rollback takes back the transaction that the connection is in.
func (c txConn) Rollback() error { return c.end("ROLLBACK") }

// end has no deadline, as the driver's own has none: the outcome counts.
func (c txConn) end(statement string) error {
	_, err := c.ExecContext(context.Background(), statement, nil)
	return err
}
