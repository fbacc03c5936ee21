package store_test

import (
	"context"
	"testing"
	"time"

	"wuyepay/models/modelstest"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// GORM sets no instant of its own: updated_at holds business time, and changes only
// where an update names it.
func TestGormSetsNoInstants(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	e := proof.CallbackEvent{Merchant: "main", NotificationID: "n", Reason: proof.EventMalformed}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		_, err := proof.KeepEvent(tx, &e)
		return err
	})
	clock.Advance(time.Hour)
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		return tx.Create(&proof.CallbackEvent{ID: "without-instants", Merchant: "main", NotificationID: "m"})
	})
	if err == nil {
		t.Error("a row without an instant of creation was taken")
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		if n, err := store.G[proof.CallbackEvent](tx).Where("id = ?", e.ID).Update(tx.Context(), "detail", "d"); err != nil || n != 1 {
			t.Errorf("%d rows, %v", n, err)
		}
		return nil
	})
	got, err := store.G[proof.CallbackEvent](db.View(context.Background())).Where("id = ?", e.ID).Take(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got.Detail != "d" || got.UpdatedAt != e.UpdatedAt || got.CreatedAt != e.CreatedAt {
		t.Errorf("after an update of the detail: %+v, was %+v", got, e)
	}
}
