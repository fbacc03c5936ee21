package models_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	_ "wuyepay/models/desk" // every package of nouns brings its tables
	_ "wuyepay/models/fees"
	_ "wuyepay/models/messages"
	"wuyepay/models/modelstest"
	_ "wuyepay/models/money"
	_ "wuyepay/models/office"
	_ "wuyepay/models/proof"
	_ "wuyepay/models/receipts"
	"wuyepay/models/store"
)

// plumbing are the tables that hold no noun: each is read and written by one column or
// two where it is used.
var plumbing = map[string]string{
	"goose_db_version": "goose's own",
	"sqlite_sequence":  "SQLite's own, for goose's table",
	"meta":             "names and values about the database itself",
}

// TestMigratedSchemaMatchesModels holds the schema that the migrations make against the
// structs: every table has one that holds all of its columns, and no others. GORM names
// the table and the columns as the mapping does.
func TestMigratedSchemaMatchesModels(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	left, err := modelstest.Tables(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	left = slices.DeleteFunc(left, func(name string) bool { return plumbing[name] != "" })
	for _, table := range store.Tables {
		name, fields, err := modelstest.FieldColumns(reflect.New(table.Type).Interface())
		if err != nil {
			t.Fatalf("%s: %v", table.Type, err)
		}
		if mapped := strings.Split(table.Columns, ", "); !slices.Equal(slices.Sorted(slices.Values(mapped)), fields) {
			t.Errorf("%s: GORM has the columns %v, the mapping %v", table.Type, fields, mapped)
		}
		if partOfRow[table.Type] {
			continue
		}
		left = slices.DeleteFunc(left, func(has string) bool { return has == table.Name })
		columns, err := modelstest.Columns(ctx, db, table.Name)
		if err != nil {
			t.Fatalf("%s: %v", table.Type, err)
		}
		if diff := cmp.Diff(fields, columns); diff != "" || name != table.Name {
			t.Errorf("%s: fields of %s, GORM's table %s (-) and columns of the table (+) differ:\n%s", table.Name, table.Type, name, diff)
		}
	}
	if len(left) > 0 {
		t.Errorf("tables without a store.Table: %v", left)
	}
}

// A database that this program does not know is refused: that of a newer program,
// and that of a program from before the first release, whose numbers were higher.
func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	if err := db.Ready(ctx); err != nil {
		t.Fatalf("a migrated database must be ready: %v", err)
	}
	for _, version := range []int{99, 106, 9999} {
		if err := modelstest.Exec(ctx, db, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)", version); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = modelstest.Exec(ctx, db, "DELETE FROM goose_db_version WHERE version_id = ?", version) })
		_, migrated := db.Migrate(ctx)
		for door, err := range map[string]error{"Ready": db.Ready(ctx), "Migrate": migrated} {
			if !errors.Is(err, store.ErrSchemaNewer) {
				t.Errorf("%s at %d: want ErrSchemaNewer, have %v", door, version, err)
			} else if text := err.Error(); !strings.Contains(text, fmt.Sprintf("migration %d,", version)) || strings.Contains(text, "\n") {
				t.Errorf("%s at %d: %s", door, version, text)
			}
		}
	}
}

func TestEmptyDatabaseIsOlder(t *testing.T) {
	t.Parallel()
	db, err := store.Open(store.Config{Driver: "sqlite", DSN: t.TempDir() + "/empty.db"}, modelstest.DataKey, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Ready(context.Background()); !errors.Is(err, store.ErrSchemaOlder) {
		t.Errorf("want ErrSchemaOlder, have %v", err)
	}
}

func TestAnotherDataKeyAndAnotherModeAreRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := modelstest.NewConfig(t)
	other := append([]byte{9}, modelstest.DataKey[1:]...)
	db, err := store.Open(cfg, other, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Migrate(ctx); err == nil {
		t.Error("another data key was accepted")
	}
	if err := db.BindMode(ctx, true); err != nil {
		t.Fatal(err)
	}
	if err := db.BindMode(ctx, true); err != nil {
		t.Errorf("the same mode again: %v", err)
	}
	if err := db.BindMode(ctx, false); err == nil {
		t.Error("a sandbox database was accepted as live")
	}
}
