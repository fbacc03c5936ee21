package office

import (
	"errors"
	"time"

	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/store"
)

// CacheEntry is a value that replicas share for a while, for example the access token
// that WeChat issues to one caller at a time.
type CacheEntry struct {
	Name      string
	Value     string
	ExpiresAt models.Time // real time
}

var cacheTable = store.NewTable[CacheEntry]("cache_entries")

// CacheGet returns a shared value; ok is false if it is absent or has expired.
func CacheGet(tx *store.Tx, name string) (value string, ok bool, err error) {
	e, err := store.G[CacheEntry](tx).Where("name = ? AND expires_at > ?", name, models.RealNow()).Take(tx.Context())
	if errors.Is(err, models.ErrNotFound) {
		return "", false, nil
	}
	return e.Value, err == nil, err
}

// CacheSet shares a value for some real time, in the place of the one before.
func CacheSet(tx *store.Tx, name, value string, ttl time.Duration) error {
	until := models.At(models.RealNow().Add(ttl))
	err := cacheTable.Insert(tx, CacheEntry{Name: name, Value: value, ExpiresAt: until})
	if err != nil && tx.IsDuplicate(err) {
		_, err = store.G[CacheEntry](tx).Where("name = ?", name).
			Set(clause.Assignments(map[string]any{"value": value, "expires_at": until})).Update(tx.Context())
	}
	return err
}

// CacheDelete drops a value. An absent one is no error.
func CacheDelete(tx *store.Tx, name string) error {
	_, err := store.G[CacheEntry](tx).Where("name = ?", name).Delete(tx.Context())
	return err
}
