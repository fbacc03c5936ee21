package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// One statement is committed by itself; a second one would not be in the same
// transaction, so it is refused and changes nothing.
func TestWriteOneIsForOneStatement(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ctx := context.Background()
	claim := func(tx *store.Tx, key string) error {
		fresh, err := money.ClaimIdempotent(tx, "u", key, "h")
		if err == nil && !fresh {
			err = errors.New("the key was taken")
		}
		return err
	}
	if err := db.WriteOne(ctx, func(tx *store.Tx) error { return claim(tx, "first") }); err != nil {
		t.Fatal(err)
	}
	var taken bool
	err := db.WriteOne(ctx, func(tx *store.Tx) (err error) {
		fresh, err := money.ClaimIdempotent(tx, "u", "first", "h")
		taken = !fresh
		return err
	})
	if err != nil || !taken {
		t.Errorf("the first statement is not there: taken %v, %v", taken, err)
	}
	err = db.WriteOne(ctx, func(tx *store.Tx) error { return errors.Join(claim(tx, "second"), claim(tx, "third")) })
	if err == nil {
		t.Error("two statements without a transaction were let through")
	}
	if err := db.WriteOne(ctx, func(tx *store.Tx) error { return claim(tx, "third") }); err != nil {
		t.Errorf("the refused statement has left a row: %v", err)
	}
	err = db.WriteOne(ctx, func(tx *store.Tx) error {
		_, err := estate.CommunityByName(tx, "x") // read by GORM, which may run several statements
		return err
	})
	if err == nil || errors.Is(err, models.ErrNotFound) {
		t.Errorf("GORM inside WriteOne: %v", err)
	}
}

// Of many who claim a key at once, one gets it.
func TestClaimIdempotentHasOneWinner(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	var mu sync.Mutex
	winners := 0
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			err := db.WriteOne(context.Background(), func(tx *store.Tx) error {
				fresh, err := money.ClaimIdempotent(tx, "u", "key", "h")
				mu.Lock()
				defer mu.Unlock()
				if fresh {
					winners++
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if winners != 1 {
		t.Errorf("%d winners", winners)
	}
}

// A token signs in its user until it ends; nothing else does.
func TestUserOfToken(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	u := modelstest.User(t, db)
	var token, staff, expired string
	modelstest.Write(t, db, func(tx *store.Tx) (err error) {
		if token, _, err = office.StartSession(tx, office.SessionUser, u.ID, time.Hour); err != nil {
			return err
		}
		if staff, _, err = office.StartSession(tx, office.SessionStaff, u.ID, time.Hour); err != nil {
			return err
		}
		expired, _, err = office.StartSession(tx, office.SessionUser, u.ID, -time.Second)
		return err
	})
	view := db.View(context.Background())
	got, err := estate.UserOfToken(view, token)
	if err != nil || got.ID != u.ID || got.OpenID != u.OpenID {
		t.Errorf("user %q, %v", got.ID, err)
	}
	for name, bad := range map[string]string{"staff": staff, "expired": expired, "unknown": "x"} {
		if _, err := estate.UserOfToken(view, bad); !errors.Is(err, models.ErrUnauthorized) {
			t.Errorf("%s token: %v", name, err)
		}
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return office.EndSession(tx, token) })
	if _, err := estate.UserOfToken(view, token); !errors.Is(err, models.ErrUnauthorized) {
		t.Errorf("ended session: %v", err)
	}
}
