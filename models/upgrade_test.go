package models_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// former is a room that changed hands before, with bindings of a former owner by
// phone, of one by form, of a tenant, and of a room that nobody holds.
var former = []string{
	`INSERT INTO owners (id, community_id, name, phone_index, created_at, updated_at) SELECT 'OWNER-BEFORE', id, '前业主', 'before', 1, 1 FROM communities`,
	`INSERT INTO owners (id, community_id, name, phone_index, created_at, updated_at) SELECT 'TENANT', id, '租户', '', 1, 1 FROM communities`,
	`UPDATE tenures SET from_on = '2026-02-01' WHERE room_id = '` + room102 + `'`,
	`INSERT INTO tenures (id, room_id, owner_id, role, from_on, to_on, created_at) VALUES ('T1', '` + room102 + `', 'OWNER-BEFORE', 'owner', '', '2026-01-31', 1),
		('T2', '` + room102 + `', 'TENANT', 'tenant', '2026-02-10', '2026-12-31', 1)`,
	`INSERT INTO rooms (id, community_id, code, code_key, occupancy, created_at, updated_at) SELECT 'UNSOLD', id, '9-9-999', '9-9-999', 'unsold', 1, 1 FROM communities`,
	`INSERT INTO users (id, app_id, openid, phone_index, created_at, updated_at) VALUES
		('BY-PHONE', 'a', 'p', 'before', 1, 1), ('BY-FORM', 'a', 'f', '', 1, 1), ('LODGER', 'a', 't', '', 1, 1), ('NOBODY', 'a', 'n', '', 1, 1)`,
	// 1772244000000 is 2026-02-28; 1769874400000 is 2026-01-31, 23:46 in Shanghai.
	`INSERT INTO bindings (id, user_id, room_id, role, source, created_at) VALUES
		('B1', 'BY-PHONE', '` + room102 + `', 'owner', 'phone', 1772244000000), ('B2', 'BY-FORM', '` + room102 + `', 'family', 'form', 1769874400000),
		('B3', 'LODGER', '` + room102 + `', 'tenant', 'phone', 1772244000000), ('B4', 'NOBODY', 'UNSOLD', 'owner', 'form', 1772244000000)`,
}

const (
	room101 = "01M803N064W85YX68B3VHG72ZA"
	room102 = "01M803N064W85YX68B3WMET8W9"
)

func TestUpgrade(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, err := models.Open(modelstest.Old(t, former...), modelstest.DataKey, modelstest.NewClock(modelstest.Start).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if n, err := db.Migrate(ctx); err != nil || n == 0 {
		t.Fatalf("%d migrations, %v", n, err)
	}
	if n, err := db.Migrate(ctx); err != nil || n != 0 {
		t.Errorf("again: %d migrations, %v", n, err)
	}
	if err := db.Warm(ctx); err != nil {
		t.Fatal(err)
	}
	violations, err := db.View(ctx).Check()
	if err != nil || len(violations) != 0 {
		t.Errorf("%v %v", violations, err)
	}
	for _, c := range []struct{ query, want string }{
		{"SELECT user_id, role, owner_id, from_on, until_on FROM bindings ORDER BY id", `
			01M803N06C6RXMCT21XDEC142K owner 01M803N064W85YX68B3YGPR19B  ; 01M803N06C6RXMCT21XERX1JXB owner 01M803N064W85YX68B448A3V0A  ;
			BY-PHONE owner OWNER-BEFORE  2026-01-31; BY-FORM family OWNER-BEFORE  2026-01-31; LODGER tenant TENANT 2026-02-10 2026-12-31; NOBODY owner   `},
		{"SELECT room_id, item, amount_fen FROM prepaid_balances ORDER BY id", room101 + "  20467; " + room102 + "  1000"},
		{"SELECT kind, item, amount_fen FROM prepaid_entries ORDER BY id", "topup  50000; offset  -518; offset  -29015; topup  1000"},
		{"SELECT m.serial, r.read_on, r.multiplier FROM readings r JOIN meters m ON m.id = r.meter_id WHERE m.multiplier <> '1' ORDER BY m.serial, r.read_on",
			"E1 2026-02-27 40; E1 2026-02-28 40; W2 2026-02-28 1.5; W3 2026-02-28 10"},
		{"SELECT m.serial, r.read_on, u.quantity, b.item, u.period_start, u.waiting FROM meter_usages u JOIN readings r ON r.id = u.reading_id JOIN meters m ON m.id = r.meter_id" +
			" JOIN bills b ON b.id = u.bill_id AND b.room_id = u.room_id ORDER BY m.serial, r.read_on",
			`E1 2026-02-27 1050 电费 2026-02-01 0; W1 2026-02-14 12.25 水费 2026-02-01 0; W1 2026-02-28 17.7 水费 2026-02-01 0; W1 2026-03-10 1.5 水费 2026-03-01 0;
			W2 2026-02-28 225.00015 水费 2026-02-01 0; W3 2026-02-28 122 水费 2026-02-01 0`},
		{"SELECT item, room_kind, room_id, cycle_start, due_after_days, vacant_share, discount_until FROM tariffs ORDER BY id",
			"物业服务费   1 0  ; 水费   1 0  ; 电费 高层住宅  1 0  "},
		{"SELECT status, prepay_fen, prepay_item FROM orders ORDER BY no", "paid 50000 ; paid 1000 ; pending 0 "},
		{"SELECT status, due_on, request_id FROM notices", "queued 2026-03-25 "},
		{"SELECT batch_id, entry_count, plan_id FROM bills GROUP BY batch_id, entry_count, plan_id", " 0 "},
	} {
		have, err := db.Rows(ctx, c.query)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
		}
		if diff := gocmp.Diff(regexp.MustCompile(`;\s+`).Split(strings.TrimLeft(c.want, "\n\t"), -1), have); diff != "" {
			t.Errorf("%s: wanted (-), had (+):\n%s", c.query, diff)
		}
	}
}

// An upgraded database has the tables, columns, keys and checks of a new one.
func TestUpgradedSchemaIsTheNewOne(t *testing.T) {
	t.Parallel()
	old := open(t, modelstest.Old(t))
	if diff := gocmp.Diff(schemaOf(t, modelstest.Open(t)), schemaOf(t, old)); diff != "" {
		t.Errorf("new (-) and upgraded (+):\n%s", diff)
	}
}

func open(t *testing.T, cfg models.Config) *models.DB {
	t.Helper()
	db, err := models.Open(cfg, modelstest.DataKey, modelstest.NewClock(modelstest.Start).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

// schemaOf describes a schema, line by line.
func schemaOf(t *testing.T, db *models.DB) []string {
	t.Helper()
	queries := []string{"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'goose_db_version'"}
	if modelstest.OnMySQL() {
		const here = " WHERE table_schema = DATABASE() AND table_name <> 'goose_db_version'"
		queries = []string{
			"SELECT table_name, column_name, column_type, is_nullable, column_default, collation_name FROM information_schema.columns" + here,
			"SELECT table_name, index_name, non_unique, seq_in_index, column_name FROM information_schema.statistics" + here,
			"SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()",
			"SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name FROM information_schema.key_column_usage" + here,
		}
	}
	var out []string
	for _, q := range queries {
		rows, err := db.Rows(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, rows...)
	}
	slices.SortFunc(out, cmp.Compare[string])
	if len(out) < 60 {
		t.Fatal(fmt.Sprint("a schema of ", len(out), " lines"))
	}
	return out
}

// A reference to nothing, which an earlier program could not have written, keeps a
// SQLite database from counting as migrated; mended, it goes on from there. Foreign
// keys hold again afterwards.
func TestBrokenReferenceStopsTheMigration(t *testing.T) {
	t.Parallel()
	if modelstest.OnMySQL() {
		t.Skip("MySQL keeps its foreign keys while it migrates")
	}
	ctx := context.Background()
	stray := []string{"PRAGMA foreign_keys = 0", "INSERT INTO order_lines (order_no, bill_id, principal_fen, late_fee_fen) VALUES ('NONE', 'NONE', 1, 0)"}
	db, err := models.Open(modelstest.Old(t, stray...), modelstest.DataKey, modelstest.NewClock(modelstest.Start).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for range 2 {
		_, err := db.Migrate(ctx)
		if err == nil || !strings.Contains(err.Error(), "of table order_lines refers to a row of orders that is not there") {
			t.Fatalf("migrated: %v", err)
		}
		if err := db.SchemaCurrent(ctx); !errors.Is(err, models.ErrSchemaOlder) {
			t.Fatalf("the schema counts as current: %v", err)
		}
	}
	if err := db.Exec(ctx, "DELETE FROM order_lines WHERE order_no = 'NONE'"); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Migrate(ctx); err != nil || n != 1 {
		t.Errorf("mended: %d migrations, %v", n, err)
	}
	if err := db.Exec(ctx, stray[1]); err == nil {
		t.Error("foreign keys are off after the migration")
	}
}

// A SQLite migration that is stopped, however often, goes on where it was.
func TestStoppedMigrationGoesOn(t *testing.T) {
	t.Parallel()
	if modelstest.OnMySQL() {
		t.Skip("MySQL cannot take back an ALTER TABLE of which it is not noted that it ran")
	}
	db, err := models.Open(modelstest.Old(t), modelstest.DataKey, modelstest.NewClock(modelstest.Start).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	stops := 0
	for limit := time.Millisecond; ; limit += limit/8 + time.Millisecond { // where all is slow, sooner longer
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		_, err := db.Migrate(ctx)
		cancel()
		if err == nil {
			break
		}
		if stops++; stops > 200 {
			t.Fatal(err)
		}
	}
	t.Logf("stopped %d times", stops)
	if diff := gocmp.Diff(schemaOf(t, modelstest.Open(t)), schemaOf(t, db)); diff != "" {
		t.Errorf("new (-) and upgraded (+):\n%s", diff)
	}
	violations, err := db.View(context.Background()).Check()
	if err != nil || len(violations) != 0 {
		t.Errorf("%v %v", violations, err)
	}
}
