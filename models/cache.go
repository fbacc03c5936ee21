package models

import (
	"errors"
	"time"
)

// CacheEntry is a value that replicas share for a while.
type CacheEntry struct {
	Name      string
	Value     string
	ExpiresAt Time
}

// CacheGet gives a shared value; ok is false if it is absent or expired.
func (tx *Tx) CacheGet(name string) (value string, ok bool, err error) {
	err = tx.one([]any{&value}, "SELECT value FROM cache_entries WHERE name = ? AND expires_at > ?", name, RealNow())
	if errors.Is(err, ErrNotFound) {
		return "", false, nil
	}
	return value, err == nil, err
}

// CacheSet shares a value for some real time.
func (tx *Tx) CacheSet(name, value string, ttl time.Duration) error {
	until := At(RealNow().Add(ttl))
	_, err := tx.exec("INSERT INTO cache_entries (name, value, expires_at) VALUES (?,?,?)", name, value, until)
	if err != nil && tx.isDuplicate(err) {
		_, err = tx.exec("UPDATE cache_entries SET value = ?, expires_at = ? WHERE name = ?", value, until, name)
	}
	return err
}

// CacheDelete forgets a value.
func (tx *Tx) CacheDelete(name string) error {
	_, err := tx.exec("DELETE FROM cache_entries WHERE name = ?", name)
	return err
}
