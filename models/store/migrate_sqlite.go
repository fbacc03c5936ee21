package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// migrateSQLite migrates over a connection of its own, without foreign keys: SQLite
// cannot change a CHECK or a UNIQUE, so that a migration makes the table anew, and
// dropping the old one would fail where other tables refer to its rows. All other
// connections keep their foreign keys. The writers wait meanwhile.
func (db *DB) migrateSQLite(ctx context.Context, dir fs.FS) (_ []*goose.MigrationResult, err error) {
	select {
	case db.queue <- struct{}{}:
		defer func() { <-db.queue }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	conn, err := sqliteConns(db.path, 1, "foreign_keys(0)")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	store, err := database.NewStore(database.DialectSQLite3, goose.DefaultTablename)
	if err != nil {
		return nil, err
	}
	newest, err := newestMigration(dir)
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider("", conn, dir, goose.WithStore(checkingStore{store, newest}), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, err
	}
	return upFilling(ctx, p, dir, conn)
}

// checkingStore notes in the database which migrations ran. With the newest it
// first looks whether all rows are there that others refer to, in the transaction
// of that migration: until they are, the schema does not count as current, whatever
// crashed in between.
type checkingStore struct {
	database.Store
	newest int64
}

// Insert notes that a migration ran.
func (s checkingStore) Insert(ctx context.Context, tx database.DBTxConn, req database.InsertRequest) error {
	if req.Version == s.newest {
		if err := checkForeignKeys(ctx, tx); err != nil {
			return err
		}
	}
	return s.Store.Insert(ctx, tx, req)
}

// maxBrokenKeys bounds how many broken references an error names.
const maxBrokenKeys = 5

// checkForeignKeys returns an error that names the rows that refer to one that is not
// there.
func checkForeignKeys(ctx context.Context, tx database.DBTxConn) error {
	rows, err := tx.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return fmt.Errorf("check of foreign keys: %w", err)
	}
	defer rows.Close()
	var broken []error
	for rows.Next() && len(broken) < maxBrokenKeys {
		var table, parent string
		var row sql.NullInt64
		var key int
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return fmt.Errorf("check of foreign keys: %w", err)
		}
		broken = append(broken, fmt.Errorf("row %d of table %s refers to a row of %s that is not there", row.Int64, table, parent))
	}
	return errors.Join(append(broken, rows.Err())...)
}
