package money_test

import (
	"errors"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// What a request finds that comes with a key somebody has used.
func TestBeginIdempotent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		age   time.Duration // of the key
		state string
		body  string
		ours  bool // the request is to be carried out
		want  error
	}{
		"running":                {0, money.KeyRunning, "hash", false, nil},
		"running, another body":  {0, money.KeyRunning, "other", false, money.ErrKeyReused},
		"stale":                  {2 * time.Minute, money.KeyRunning, "hash", true, nil},
		"stale, another body":    {2 * time.Minute, money.KeyRunning, "other", false, money.ErrKeyReused},
		"done":                   {2 * time.Minute, money.KeyDone, "hash", false, nil},
		"done, another body":     {0, money.KeyDone, "other", false, money.ErrKeyReused},
		"done long ago":          {money.IdempotencyKept + time.Minute, money.KeyDone, "other", true, nil},
		"nearly long ago":        {money.IdempotencyKept - time.Minute, money.KeyDone, "other", false, money.ErrKeyReused},
		"running since long ago": {money.IdempotencyKept + time.Minute, money.KeyRunning, "other", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			_, a := claimed(t, db, "key")
			if tt.state == money.KeyDone {
				modelstest.Write(t, db, func(tx *store.Tx) error { return money.FinishIdempotent(tx, a.UserID, a.Key, 200, a.Answer) })
			}
			set(t, db, "UPDATE idempotency_keys SET created_at = ?", models.At(time.Now().Add(-tt.age)))
			var known *money.IdempotencyKey
			err := write(db, func(tx *store.Tx) (err error) {
				known, err = money.BeginIdempotent(tx, a.UserID, a.Key, tt.body)
				return err
			})
			if !errors.Is(err, tt.want) || (known == nil && err == nil) != tt.ours {
				t.Fatalf("%+v, %v", known, err)
			}
			if known != nil && (known.State != tt.state || (known.Answer == a.Answer) != (tt.state == money.KeyDone)) {
				t.Errorf("it is known as %+v", known)
			}
			if tt.ours { // claimed anew: it runs
				modelstest.Write(t, db, func(tx *store.Tx) error { return money.FinishIdempotent(tx, a.UserID, a.Key, 201, "{}") })
			}
		})
	}
}

// A key belongs to a user, and an answer is kept once.
func TestKeysOfUsersAreApart(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	_, a := claimed(t, db, "key")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		fresh, err := money.ClaimIdempotent(tx, models.NewID(), a.Key, "hash")
		if !fresh {
			t.Error("another user's key is taken")
		}
		return err
	})
	finish := func() error {
		return write(db, func(tx *store.Tx) error { return money.FinishIdempotent(tx, a.UserID, a.Key, 200, a.Answer) })
	}
	is(t, "the first answer", finish(), nil)
	if err := finish(); err == nil {
		t.Error("a second answer was kept")
	}
}

// Keys are removed when they are past remembering, and not before.
func TestPurgeIdempotent(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	_, old := claimed(t, db, "old")
	_, fresh := claimed(t, db, "fresh")
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.FinishIdempotent(tx, fresh.UserID, fresh.Key, 200, "{}") })
	set(t, db, "UPDATE idempotency_keys SET created_at = ? WHERE idem_key = ?",
		models.At(time.Now().Add(-money.IdempotencyKept-time.Second)), "old")
	set(t, db, "UPDATE idempotency_keys SET created_at = ? WHERE idem_key = ?",
		models.At(time.Now().Add(-money.IdempotencyKept+time.Minute)), "fresh")
	for _, want := range []int64{1, 0} {
		modelstest.Write(t, db, func(tx *store.Tx) error {
			n, err := money.PurgeIdempotent(tx)
			if n != want {
				t.Errorf("%d removed, want %d", n, want)
			}
			return err
		})
	}
	if k := known(t, db, fresh); k == nil {
		t.Error("the fresh one is gone")
	}
	if k := known(t, db, old); k != nil {
		t.Errorf("the old one is still there: %+v", k)
	}
}
