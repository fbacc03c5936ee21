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

	_ "wuyepay/models/desk" // each package registers its tables
	_ "wuyepay/models/estate"
	"wuyepay/models/fees"
	_ "wuyepay/models/messages"
	"wuyepay/models/modelstest"
	_ "wuyepay/models/money"
	_ "wuyepay/models/office"
	_ "wuyepay/models/proof"
	_ "wuyepay/models/receipts"
	"wuyepay/models/store"
)

func pending() (list []store.TableInfo) {
	for _, m := range []any{fees.Tariff{}, fees.MeterMultiplier{}, fees.MeterUsage{}, fees.Meter{}, fees.Reading{}, fees.Bill{}, fees.BillingRun{},
		fees.BillingBatch{}, fees.BillingOddity{}, fees.Charge{}, fees.ChargeLine{}, fees.Request{}, fees.BillEntry{}, fees.Plan{}, fees.PlanBill{}, fees.PlanPart{}} {
		name, _, _ := modelstest.FieldColumns(m)
		list = append(list, store.TableInfo{Name: name, Type: reflect.TypeOf(m)})
	}
	return list
}

// TestStructsAndTables holds the structs against the schema: a table has a struct with a
// field for each of its columns, by the name that GORM derives; a struct that is only a
// part of a table has no field without a column.
func TestStructsAndTables(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if db.OnMySQL() {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
	}
	names, err := modelstest.Rows(ctx, db, query)
	if err != nil {
		t.Fatal(err)
	}
	columns, whole := map[string][]string{}, map[string]bool{"meta": true, "goose_db_version": true, "request_bills": true} // kept by store
	for _, table := range names {
		if columns[table], err = modelstest.Columns(ctx, db, table); err != nil {
			t.Fatal(err)
		}
	}
	for _, kept := range append(pending(), store.Tables...) {
		table, fields, err := modelstest.FieldColumns(reflect.New(kept.Type).Interface())
		if err != nil {
			t.Fatalf("%s: %v", kept.Type, err)
		}
		have := columns[kept.Name]
		for _, f := range fields {
			if !slices.Contains(have, f) {
				t.Errorf("%s has a field for the column %s, the table %s has none", kept.Type, f, kept.Name)
			}
		}
		if len(fields) == len(have) {
			whole[kept.Name] = true
			if table != kept.Name {
				t.Errorf("%s is kept in %s, GORM would look in %s: it needs a method TableName", kept.Type, kept.Name, table)
			}
		}
	}
	for _, table := range names {
		if !whole[table] {
			t.Errorf("no struct has all columns of the table %s: %v", table, columns[table])
		}
	}
	if len(names) < 60 {
		t.Errorf("a schema of %d tables", len(names))
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
	for _, version := range []int{33, 106, 9999} {
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
