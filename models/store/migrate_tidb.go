package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// requireChecks refuses a server that would take our CHECK constraints and not hold
// to them.
func (db *DB) requireChecks(ctx context.Context) error {
	var version, name, value string
	if err := db.writer.sql.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return fmt.Errorf("version of the server: %w", err)
	}
	err := db.writer.sql.QueryRowContext(ctx, "SHOW GLOBAL VARIABLES LIKE 'tidb_enable_check_constraint'").Scan(&name, &value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("variables of the server: %w", err)
	}
	return checksHold(version, value)
}

// checksHold returns an error if a server of that version, with that value of
// tidb_enable_check_constraint, ignores CHECK constraints. The value is empty where
// the server does not know the variable: TiDB knows it, and CHECK, since 7.2. Only
// TiDB is looked at.
func checksHold(version, value string) error {
	if !strings.Contains(version, "TiDB") {
		return nil
	}
	switch strings.ToUpper(value) {
	case "ON", "1":
		return nil
	case "":
		return fmt.Errorf("TiDB (%s) has no CHECK constraints before 7.2: use a newer TiDB", version)
	}
	return fmt.Errorf("TiDB (%s) ignores CHECK constraints: run SET GLOBAL tidb_enable_check_constraint = ON, then migrate again", version)
}
