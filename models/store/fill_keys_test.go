package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
)

// firstMigrations returns the migrations up to a number, as a program had them then.
func firstMigrations(t *testing.T, last int) fs.FS {
	t.Helper()
	dialect := "sqlite"
	if modelstest.OnMySQL() {
		dialect = "mysql"
	}
	dir := fstest.MapFS{}
	today := os.DirFS("migrations/" + dialect)
	for i, name := range migrationNames(t, dialect) {
		text, err := fs.ReadFile(today, name)
		if err != nil {
			t.Fatal(err)
		}
		if i < last {
			dir[name] = &fstest.MapFile{Data: text}
		}
	}
	return dir
}

// The names of a database from before they had keys get them. Of two spellings of one name
// the first has the key, and the other stays what it was.
func TestNamesGetKeys(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := openEmpty(t)
	if n, err := db.MigrateFrom(ctx, firstMigrations(t, firstRelease)); err != nil || n != firstRelease {
		t.Fatalf("%d migrations, %v", n, err)
	}
	id := func(n int) string { return fmt.Sprintf("%026d", n) }
	insert := func(table, columns string, values ...any) {
		t.Helper()
		query := "INSERT INTO " + table + " (" + columns + ") VALUES (?" + strings.Repeat(", ?", len(values)-1) + ")"
		if err := modelstest.Exec(ctx, db, query, values...); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
	for i, name := range []string{"阳光花园（一期）", "翠湖苑", "阳光花园 (一期)"} {
		insert("communities", "id, name, late_rate, grace_days, settlement, created_at, updated_at", id(i), name, "0", 0,
			"late_fee_first", i, i)
	}
	insert("rooms", "id, community_id, code, code_key, occupancy, created_at, updated_at", id(10), id(0), "三栋—02‐1201", "三-02‐1201",
		"occupied", 1, 1)
	for i, kind := range []string{"商铺", "商 铺", "住宅"} {
		insert("tariffs",
			"id, community_id, item, room_kind, method, price, cycle, due_day, late_rate, grace_days, from_on, created_at, updated_at",
			id(20+i), id(0), "物业服务费", kind, "area", "2.00", "month", 15, "0", 0, "2026-01-01", i, i)
	}
	insert("tariffs",
		"id, community_id, item, room_kind, method, price, cycle, due_day, late_rate, grace_days, from_on, created_at, updated_at",
		id(29), id(0), "物业 服务费", "", "area", "2.00", "month", 15, "0", 0, "2026-01-01", 9, 9)
	for i, serial := range []string{"SN-1", "ＳＮ－1", "SN-2"} {
		insert("meters", "id, room_id, item, serial, multiplier, created_at", id(30+i), id(10), "水费", serial, "1", i)
	}
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"SELECT name_key FROM communities ORDER BY id":       "阳光花园(一期); 翠湖苑; 阳光花园(一期) " + id(2),
		"SELECT kind_key FROM tariffs ORDER BY id":           "商铺; 商铺 " + id(21) + "; 住宅; ",
		"SELECT serial_key FROM meters ORDER BY id":          "sn-1; sn-1 " + id(31) + "; sn-2",
		"SELECT code_key, loose_key FROM rooms":              "三-02-1201 3-2-1201",
		"SELECT item_key, item FROM fee_items ORDER BY item": "物业服务费 物业 服务费 物业 服务费; 水费 水费; 物业服务费 物业服务费",
		"SELECT COUNT(*) FROM tariffs WHERE item = '物业 服务费'": "1",
	} {
		have, err := modelstest.Rows(ctx, db, query)
		if query == "SELECT item_key, item FROM fee_items ORDER BY item" { // the order of 物业 and 水 is the database's
			if err != nil || len(have) != 3 || !strings.Contains(strings.Join(have, "; "), "物业服务费 物业 服务费 物业 服务费") {
				t.Errorf("%s: have %q, %v", query, have, err)
			}
			continue
		}
		if err != nil || strings.Join(have, "; ") != want {
			t.Errorf("%s: want %q, have %q, %v", query, want, have, err)
		}
	}
	view := db.View(ctx)
	for name, want := range map[string]string{
		"阳光花园（一期）": id(0), "阳光花园(一期)": id(0), "阳光花园 (一期)": id(2), "翠 湖苑": id(1),
	} {
		if c, err := estate.CommunityByName(view, name); err != nil || c.ID != want {
			t.Errorf("%s is the community %s, %v", name, c.ID, err)
		}
	}
	names, err := estate.FeeItems(view, id(0))
	if err != nil || names.Of("物业服务费") != "物业服务费" || names.Of("物业 服务费") != "物业 服务费" || names.Of("物业服务 费") != "物业服务费" {
		t.Errorf("items %v, %v", names, err)
	}
}
