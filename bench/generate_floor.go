package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"wuyepay/models/store"
)

// copier is the floor of billing. It copies the rows that a run has made into the twin.
// Only the INSERTs are timed, not the reads between them.
type copier struct {
	from, to *sql.DB
	last     map[string]any // the highest id copied, by table
}

func newCopier(ctx context.Context, from, to store.Config) (*copier, error) {
	c := &copier{last: map[string]any{}}
	var err error
	if c.from, err = openRaw(from); err != nil {
		return nil, err
	}
	if c.to, err = openRaw(to); err != nil {
		return nil, errors.Join(err, c.from.Close())
	}
	c.to.SetMaxOpenConns(1)
	return c, errors.Join(c.from.PingContext(ctx), c.to.PingContext(ctx))
}

func (c *copier) close() error { return errors.Join(c.from.Close(), c.to.Close()) }

// perInsert is how many rows one INSERT takes.
const perInsert = 500

// fill copies the rows that were added to a table since the last call, in order of id.
// Each statement is a transaction of its own.
func (c *copier) fill(ctx context.Context, table string) (rows int, took time.Duration, err error) {
	for {
		names, args, err := c.next(ctx, table)
		if err != nil || len(args) == 0 {
			return rows, took, err
		}
		n := len(args) / len(names)
		one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(names)), ",") + "),"
		//nolint:gosec // the table and its columns are the schema's
		q := "INSERT INTO " + table + " (" + strings.Join(names, ",") + ") VALUES " + strings.TrimSuffix(strings.Repeat(one, n), ",")
		begun := time.Now()
		if _, err := c.to.ExecContext(ctx, q, args...); err != nil {
			return rows, took, fmt.Errorf("floor, %s: %w", table, err)
		}
		took += time.Since(begun)
		rows += n
		if n < perInsert {
			return rows, took, nil
		}
	}
}

// next reads the rows for one statement. Their first column is the id.
func (c *copier) next(ctx context.Context, table string) (names []string, args []any, err error) {
	where, from := "", []any{}
	if last, ok := c.last[table]; ok {
		where, from = " WHERE id > ?", []any{last}
	}
	list, err := c.from.QueryContext(ctx, fmt.Sprintf("SELECT * FROM %s%s ORDER BY id LIMIT %d", table, where, perInsert), from...)
	if err != nil {
		return nil, nil, err
	}
	defer list.Close()
	if names, err = list.Columns(); err != nil {
		return nil, nil, err
	}
	for list.Next() {
		values, dest := make([]any, len(names)), make([]any, len(names))
		for i := range dest {
			dest[i] = &values[i]
		}
		if err := list.Scan(dest...); err != nil {
			return nil, nil, err
		}
		for i, v := range values {
			if text, ok := v.([]byte); ok { // the driver would send bytes as binary
				values[i] = string(text)
			}
		}
		c.last[table] = values[0]
		args = append(args, values...)
	}
	return names, args, list.Err()
}
