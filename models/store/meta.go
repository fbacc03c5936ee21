package store

import (
	"context"
	"errors"
	"fmt"

	"wuyepay/models"
)

// metaEquals keeps a fact about the database the first time, and tells ever after
// whether it is still the same.
func (tx *Tx) metaEquals(name, value string) (bool, error) {
	var have string
	err := tx.QueryRow([]any{&have}, "SELECT value FROM meta WHERE name = ?", name)
	if errors.Is(err, models.ErrNotFound) {
		_, err = tx.Exec("INSERT INTO meta (name, value) VALUES (?, ?)", name, value)
		if err == nil || !tx.IsDuplicate(err) {
			return true, err
		}
		err = tx.QueryRow([]any{&have}, "SELECT value FROM meta WHERE name = ?", name)
	}
	return have == value, err
}

// CheckDataKey refuses a data key other than the one the database was born with:
// phone numbers sealed with two keys could never be found again.
func (db *DB) CheckDataKey(ctx context.Context) error {
	return db.Write(ctx, func(tx *Tx) error {
		same, err := tx.metaEquals("data_key", db.vault.fingerprint())
		if err == nil && !same {
			err = errors.New("security.data_key_file: this database was made with another data key")
		}
		return err
	})
}

// BindMode fixes whether the database holds live money or the sandbox's, at first
// use, and refuses the other ever after: play money must not get into real books.
func (db *DB) BindMode(ctx context.Context, sandbox bool) error {
	mode := "live"
	if sandbox {
		mode = "sandbox"
	}
	return db.Write(ctx, func(tx *Tx) error {
		same, err := tx.metaEquals("mode", mode)
		if err == nil && !same {
			err = fmt.Errorf("sandbox.enabled: this database is not a %s database; use another one (database.dsn)", mode)
		}
		return err
	})
}
