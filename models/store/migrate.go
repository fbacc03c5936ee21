package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// The schema, numbered; both dialects have the same files. Those of the first
// release, an area each, make tables and indexes and nothing else. MySQL cannot take
// half a file back, so that there they make what is missing (IF NOT EXISTS); a later
// file is one change. A released file is never edited.
//
//go:embed migrations/sqlite/*.sql migrations/mysql/*.sql
var migrations embed.FS

// ErrSchemaNewer says that the database has migrations that this program does not
// know: those of a newer program, or, with higher numbers than today's, those of
// before the first release.
var ErrSchemaNewer = errors.New("the database schema is newer than this program, or from before the first release")

// ErrSchemaOlder says that migrations are missing.
var ErrSchemaOlder = errors.New("the database schema is older than this program; run the migrate command")

func (db *DB) migrationFiles() (fs.FS, error) {
	return fs.Sub(migrations, "migrations/"+db.dialect.name)
}

// newestMigration returns the version of a schema that has all migrations of dir.
func newestMigration(dir fs.FS) (int64, error) {
	list, err := fs.Glob(dir, "*.sql") // sorted
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(list[len(list)-1])
}

// Migrate brings the schema up to this program's and returns the number of
// migrations it ran. It refuses a schema that is newer, and a TiDB that ignores CHECK
// constraints. Each file is a transaction of its own where the database can take a
// CREATE TABLE back, with the note that it ran: after a crash Migrate goes on where
// it was.
func (db *DB) Migrate(ctx context.Context) (int, error) {
	dir, err := db.migrationFiles()
	if err != nil {
		return 0, err
	}
	return db.migrate(ctx, dir)
}

func (db *DB) migrate(ctx context.Context, dir fs.FS) (int, error) {
	newest, err := newestMigration(dir)
	if err != nil {
		return 0, err
	}
	if err := db.schemaAt(ctx, newest); errors.Is(err, ErrSchemaNewer) {
		return 0, err
	}
	up := db.migrateMySQL
	if db.dialect.name == "sqlite" {
		up = db.migrateSQLite
	}
	done, err := up(ctx, dir)
	if err != nil {
		return len(done), fmt.Errorf("migrate: %w", err)
	}
	return len(done), db.CheckDataKey(ctx)
}

func (db *DB) migrateMySQL(ctx context.Context, dir fs.FS) ([]*goose.MigrationResult, error) {
	if err := db.requireChecks(ctx); err != nil {
		return nil, err
	}
	store, err := database.NewStore(database.DialectMySQL, goose.DefaultTablename)
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider("", db.writer.sql, dir, goose.WithStore(mysqlStore{store}), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, err
	}
	return upFilling(ctx, p, dir, db.writer.sql)
}

// mysqlStore notes in the database which migrations ran. MySQL makes the table for it
// before the first row can be in it; goose, stopped in between, would never go on.
type mysqlStore struct{ database.Store }

// TableExists reports whether the table is there with its first row.
func (s mysqlStore) TableExists(ctx context.Context, db database.DBTxConn) (bool, error) {
	_, err := s.GetLatestVersion(ctx, db)
	return err == nil, nil // another error comes back with the next statement
}

// CreateVersionTable makes the table, unless it is there without a row.
func (s mysqlStore) CreateVersionTable(ctx context.Context, db database.DBTxConn) error {
	if _, err := s.GetLatestVersion(ctx, db); errors.Is(err, database.ErrVersionNotFound) {
		return nil
	}
	return s.Store.CreateVersionTable(ctx, db)
}

// SchemaCurrent reports whether the schema is this program's: nil, [ErrSchemaOlder]
// or an [ErrSchemaNewer].
func (db *DB) SchemaCurrent(ctx context.Context) error {
	dir, err := db.migrationFiles()
	if err != nil {
		return err
	}
	newest, err := newestMigration(dir)
	if err != nil {
		return err
	}
	return db.schemaAt(ctx, newest)
}

func (db *DB) schemaAt(ctx context.Context, newest int64) error {
	var have sql.NullInt64
	// Asked without goose, which would make its table in an empty database.
	err := db.reader.sql.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version").Scan(&have)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil, have.Int64 < newest:
		return ErrSchemaOlder
	case have.Int64 > newest:
		return fmt.Errorf("%w: it has migration %d, this program ends at %d; use the program that made it, or a new database",
			ErrSchemaNewer, have.Int64, newest)
	}
	return nil
}
