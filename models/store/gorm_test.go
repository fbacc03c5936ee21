package store_test

import (
	"context"
	"errors"
	"testing"

	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// An id comes from an address that anybody may type. MariaDB refuses to compare a
// column of ASCII ids with another text; to the caller that is a row that is not there.
func TestGormFindsNothingByATextThatIsNoID(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		at := store.G[estate.Room](tx).Where("id = ?", "三栋")
		if _, err := at.Take(tx.Context()); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("Take: %v", err)
		}
		if list, err := at.Find(tx.Context()); err != nil || len(list) != 0 {
			t.Errorf("Find: %d rooms, %v", len(list), err)
		}
		if n, err := at.Set(clause.Assignments(map[string]any{"steward": "x"})).Update(tx.Context()); err != nil || n != 0 {
			t.Errorf("Update: %d rooms, %v", n, err)
		}
		return nil
	})
	if got, err := store.G[estate.Room](db.View(context.Background())).Where("id = ?", room.ID).Take(context.Background()); err != nil ||
		got.Steward != room.Steward {
		t.Errorf("the room %v, %v", got, err)
	}
}
