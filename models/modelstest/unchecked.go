package modelstest

import (
	"context"
	"errors"
	"testing"

	"wuyepay/models/store"
)

var errUndo = errors.New("modelstest: undo")

// Unchecked runs fn in a transaction in which neither foreign keys nor CHECKs hold, so
// that a row can have any values, and undoes it. Unique keys and the types of columns
// hold as ever. It knows SQLite and MariaDB; MySQL has no such switch for CHECKs.
func Unchecked(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if !db.OnMySQL() {
		// A PRAGMA has no effect inside a transaction. There is one connection that
		// writes, so that the transaction runs on the one that is set here.
		sqliteChecks(t, db, false)
		defer sqliteChecks(t, db, true)
	}
	var failed error
	err := db.Write(ctx, func(tx *store.Tx) error {
		if db.OnMySQL() {
			if _, err := tx.Exec("SET foreign_key_checks = 0, check_constraint_checks = 0"); err != nil {
				return err
			}
			// The connection goes back into the pool as it was, whatever fn returns.
			defer func() {
				if _, err := tx.Exec("SET foreign_key_checks = 1, check_constraint_checks = 1"); err != nil {
					t.Error(err)
				}
			}()
		}
		failed = fn(tx)
		return errUndo
	})
	if failed != nil || !errors.Is(err, errUndo) {
		t.Fatal(errors.Join(failed, err))
	}
}

func sqliteChecks(t testing.TB, db *store.DB, on bool) {
	t.Helper()
	pragmas := []string{"PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"}
	if on {
		pragmas = []string{"PRAGMA foreign_keys = ON", "PRAGMA ignore_check_constraints = OFF"}
	}
	for _, p := range pragmas {
		if err := Exec(context.Background(), db, p); err != nil {
			t.Fatal(err)
		}
	}
}
