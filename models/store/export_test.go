package store

import (
	"context"
	"io/fs"
)

// ChecksHold is the decision by which Migrate refuses a TiDB.
var ChecksHold = checksHold

// MigrateFrom migrates as a program would that has the migrations of dir.
func (db *DB) MigrateFrom(ctx context.Context, dir fs.FS) (int, error) { return db.migrate(ctx, dir) }
