package models

import (
	"context"
	"errors"
	"slices"
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
