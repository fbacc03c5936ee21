package models

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm/schema"
)

// Columns gives the column names of a table as the database has them.
func (db *DB) Columns(ctx context.Context, table string) ([]string, error) {
	rows, err := db.reader.sql.QueryContext(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	slices.Sort(cols)
	return cols, errors.Join(err, rows.Err())
}

// Exec runs a statement outside all rules.
func (db *DB) Exec(ctx context.Context, query string, args ...any) error {
	_, err := db.writer.sql.ExecContext(ctx, query, args...)
	return err
}

// FieldColumns gives the table and the column names of a model.
func FieldColumns(model any) (string, []string, error) {
	s, err := schema.Parse(model, &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		return "", nil, err
	}
	cols := slices.Clone(s.DBNames)
	slices.Sort(cols)
	return s.Table, cols, nil
}

// Rows gives what a query finds, a row a text, with blanks between its values.
func (db *DB) Rows(ctx context.Context, query string) (out []string, err error) {
	rows, err := db.reader.sql.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, dest := make([]sql.NullString, len(cols)), make([]any, len(cols))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		texts := make([]string, len(cols))
		for i, v := range values {
			texts[i] = v.String
		}
		out = append(out, strings.Join(texts, " "))
	}
	return out, rows.Err()
}

// ChecksHold is the decision by which Migrate refuses a TiDB.
var ChecksHold = checksHold

// MigrateFrom migrates as a program would that has the migrations of dir.
func (db *DB) MigrateFrom(ctx context.Context, dir fs.FS) (int, error) { return db.migrate(ctx, dir) }
