package office

import (
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// CacheEntry is a value that replicas share for a while.
type CacheEntry struct {
	Name      string
	Value     string
	ExpiresAt models.Time
}

// CacheGet gives a shared value; ok is false if it is absent or expired.
func CacheGet(tx *store.Tx, name string) (value string, ok bool, err error) {
	err = tx.QueryRow([]any{&value}, "SELECT value FROM cache_entries WHERE name = ? AND expires_at > ?", name, models.RealNow())
	if errors.Is(err, models.ErrNotFound) {
		return "", false, nil
	}
	return value, err == nil, err
}

// CacheSet shares a value for some real time.
func CacheSet(tx *store.Tx, name, value string, ttl time.Duration) error {
	until := models.At(models.RealNow().Add(ttl))
	_, err := tx.Exec("INSERT INTO cache_entries (name, value, expires_at) VALUES (?,?,?)", name, value, until)
	if err != nil && tx.IsDuplicate(err) {
		_, err = tx.Exec("UPDATE cache_entries SET value = ?, expires_at = ? WHERE name = ?", value, until, name)
	}
	return err
}

// CacheDelete forgets a value.
func CacheDelete(tx *store.Tx, name string) error {
	_, err := tx.Exec("DELETE FROM cache_entries WHERE name = ?", name)
	return err
}
