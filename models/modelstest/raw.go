package modelstest

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm/schema"

	"wuyepay/models/store"
)

// Columns returns the column names of a table as the database has them, in order of
// their names.
func Columns(ctx context.Context, db *store.DB, table string) ([]string, error) {
	rows, err := db.Raw().QueryContext(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	slices.Sort(cols)
	return cols, errors.Join(err, rows.Err())
}

// Tables returns the tables of the migrated schema, in order of their names.
func Tables(ctx context.Context, db *store.DB) (tables []string, err error) {
	conn, err := db.Raw().Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if db.OnMySQL() {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
	}
	tables, err = tablesOf(ctx, conn, query)
	slices.Sort(tables)
	return tables, err
}

// Exec runs a statement outside all rules.
func Exec(ctx context.Context, db *store.DB, query string, args ...any) error {
	_, err := db.Raw().ExecContext(ctx, query, args...)
	return err
}

// FieldColumns returns the table and the column names of a model as GORM has them.
func FieldColumns(model any) (string, []string, error) {
	s, err := schema.Parse(model, &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		return "", nil, err
	}
	cols := slices.Clone(s.DBNames)
	slices.Sort(cols)
	return s.Table, cols, nil
}

// Rows returns what a query finds, a text for each row, with blanks between its values.
func Rows(ctx context.Context, db *store.DB, query string) (out []string, err error) {
	rows, err := db.Raw().QueryContext(ctx, query)
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
