package models

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

// The schema, numbered, one statement a file where MySQL could not take the first
// half of a file back. A landed file is never edited; both dialects have the same
// files.
//
//go:embed migrations/sqlite/*.sql migrations/mysql/*.sql
var migrations embed.FS

// ErrSchemaNewer says that the database was migrated by a newer program.
var ErrSchemaNewer = errors.New("the database schema is newer than this program; use the newer program")

// ErrSchemaOlder says that migrations are missing.
var ErrSchemaOlder = errors.New("the database schema is older than this program; run the migrate command")

func (db *DB) migrationFiles() (fs.FS, error) {
	return fs.Sub(migrations, "migrations/"+db.dialect.name)
}

// newestMigration is the version that this program's schema has.
func (db *DB) newestMigration() (int64, error) {
	dir, err := db.migrationFiles()
	if err != nil {
		return 0, err
	}
	list, err := fs.Glob(dir, "*.sql") // sorted
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(list[len(list)-1])
}

// Migrate brings the schema up to this program's and gives the number of
// migrations it ran. It refuses a schema that is newer. Each file is a transaction
// of its own, with the note that it ran: after a crash Migrate goes on where it
// was.
func (db *DB) Migrate(ctx context.Context) (int, error) {
	if err := db.SchemaCurrent(ctx); errors.Is(err, ErrSchemaNewer) {
		return 0, err
	}
	dir, err := db.migrationFiles()
	if err != nil {
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
	p, err := goose.NewProvider(database.DialectMySQL, db.writer.sql, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, err
	}
	return p.Up(ctx)
}

// SchemaCurrent tells whether the schema is this program's: nil, [ErrSchemaOlder]
// or [ErrSchemaNewer].
func (db *DB) SchemaCurrent(ctx context.Context) error {
	newest, err := db.newestMigration()
	if err != nil {
		return err
	}
	var have sql.NullInt64
	// Asked without goose, which would make its table in an empty database.
	err = db.reader.sql.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version").Scan(&have)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil, have.Int64 < newest:
		return ErrSchemaOlder
	case have.Int64 > newest:
		return ErrSchemaNewer
	}
	return nil
}
