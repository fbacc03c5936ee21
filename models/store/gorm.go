package store

import (
	"errors"

	gormmysql "gorm.io/driver/mysql"
	"gorm.io/gorm"

	"wuyepay/models"
)

// G returns GORM's typed API on the connection of the transaction. What no benchmark
// shows to be hot is written with it: cold reads and writes, lists and filters of
// staff, settings. Deferred statements run before it.
//
//	tariffs, err := store.G[Tariff](tx).Where("community_id = ?", id).Order("item").Find(tx.Context())
//
// Its errors are those of the rest of the package: no row for First or Take is
// [models.ErrNotFound], a broken unique key is known to [Tx.IsDuplicate]. It sets no
// instants of its own: an update that is to change updated_at says so, and Create with
// an empty CreatedAt or UpdatedAt is an error. Three traps:
//
//   - Updates with a struct leaves out zero values, and does not apply serializers:
//     set columns with Set or Update, or use [Table.Update];
//   - the number of rows that Update returns counts rows that changed, in MySQL too;
//   - OnConflict reports one row for a duplicate on MariaDB: use [Table.InsertNew].
func G[T any](tx *Tx) gorm.Interface[T] { return gorm.G[T](tx.Gorm()) }

// gormError maps the errors of GORM to those of this package.
func gormError(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.ErrNotFound
	}
	return err
}

// Translate maps an error of a statement that GORM ran.
func (sqliteDialector) Translate(err error) error { return gormError(err) }

// mysqlDialector is GORM's own with our errors: the driver's codes are looked at in
// one place, see [Tx.IsDuplicate].
type mysqlDialector struct{ *gormmysql.Dialector }

// Translate maps an error of a statement that GORM ran.
func (mysqlDialector) Translate(err error) error { return gormError(err) }
