package money_test

import (
	"context"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// claimed makes a pending order and claims a key for it.
func claimed(t *testing.T, db *store.DB, key string) (money.Order, money.StoredResponse) {
	t.Helper()
	r := modelstest.Room(t, db)
	u := modelstest.User(t, db, r)
	o := money.Order{
		No: models.NewID(), UserID: u.ID, RoomID: r.ID, CommunityID: r.CommunityID, Merchant: "main", MchID: "1900000001",
		AppID: u.AppID, OpenID: u.OpenID, AmountFen: 100, PrepayFen: 100, Status: money.OrderPending, Request: "{}",
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		o.QuotedOn, o.CreatedAt, o.UpdatedAt, o.ExpiresAt = tx.Today(), tx.Now, tx.Now, models.At(tx.Now.Add(time.Hour))
		o.NextCheckAt = o.ExpiresAt
		if _, err := money.ClaimIdempotent(tx, u.ID, key, "hash"); err != nil {
			return err
		}
		return money.InsertOrder(tx, &o, nil)
	})
	return o, money.StoredResponse{UserID: u.ID, Key: key, Status: 200, Answer: `{"body":{}}`}
}

// known is what a repeated request finds.
func known(t *testing.T, db *store.DB, a money.StoredResponse) (k *money.IdempotencyKey) {
	t.Helper()
	modelstest.Write(t, db, func(tx *store.Tx) (err error) {
		k, err = money.BeginIdempotent(tx, a.UserID, a.Key, "hash")
		return err
	})
	return k
}

// The prepay id and the answer are kept together, or neither is.
func TestKeepPlacedBothOrNeither(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(tx *store.Tx, o money.Order, a money.StoredResponse) error
		kept  bool
	}{
		{"as it nearly always is", nil, true},
		{"the order has ended", func(tx *store.Tx, o money.Order, _ money.StoredResponse) error {
			_, err := money.CloseOrder(tx, o.No, true, tx.Now)
			return err
		}, false},
		{"the key has its answer", func(tx *store.Tx, _ money.Order, a money.StoredResponse) error {
			return money.FinishIdempotent(tx, a.UserID, a.Key, 409, "{}")
		}, false},
		{"the key is gone", func(tx *store.Tx, _ money.Order, a money.StoredResponse) error {
			return money.ForgetIdempotent(tx, a.UserID, a.Key, "")
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			o, a := claimed(t, db, "key")
			if tt.spoil != nil {
				modelstest.Write(t, db, func(tx *store.Tx) error { return tt.spoil(tx, o, a) })
			}
			kept, err := money.SavePrepayResult(context.Background(), db, o.No, "wx1", a)
			if kept != tt.kept || (err != nil && tt.kept) {
				t.Fatalf("kept %v, %v", kept, err)
			}
			now, err := money.OrderByNo(db.View(context.Background()), o.No)
			if err != nil || (now.PrepayID == "wx1") != tt.kept || !now.PlacedAt.IsZero() != tt.kept {
				t.Errorf("prepay id %q, placed at %v, %v", now.PrepayID, now.PlacedAt, err)
			}
			if k := known(t, db, a); (k != nil && k.Answer == a.Answer && k.State == "done") != tt.kept {
				t.Errorf("the answer is %+v", k)
			}
		})
	}
}

// A request that ended in a fault frees its key, also when its own answer may have
// been kept; somebody else's answer stays.
func TestForgetIdempotent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, has, tried string
		forgotten        bool
	}{
		{"running", "", "", true},
		{"its own answer", `{"body":1}`, `{"body":1}`, true},
		{"the answer of another", `{"body":1}`, `{"body":2}`, false},
		{"nothing tried", `{"body":1}`, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			_, a := claimed(t, db, "key")
			modelstest.Write(t, db, func(tx *store.Tx) error {
				if tt.has != "" {
					if err := money.FinishIdempotent(tx, a.UserID, a.Key, 200, tt.has); err != nil {
						return err
					}
				}
				return money.ForgetIdempotent(tx, a.UserID, a.Key, tt.tried)
			})
			if k := known(t, db, a); (k == nil) != tt.forgotten {
				t.Errorf("the key is %+v", k)
			}
		})
	}
}
