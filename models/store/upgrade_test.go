package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// A later program knows a second steward of a room, another person than the first:
// the table that most others refer to gets a column and a CHECK, for which SQLite has
// to make it anew.
var (
	laterSQLite = []string{
		"ALTER TABLE rooms ADD COLUMN second_steward TEXT NOT NULL DEFAULT '';",
		`CREATE TABLE rooms_new (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL,
  building TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT '',
  area TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL DEFAULT '',
  handed_over_on TEXT NOT NULL DEFAULT '',
  occupancy TEXT NOT NULL,
  steward TEXT NOT NULL DEFAULT '',
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  second_steward TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_rooms_community_id_code_key UNIQUE (community_id, code_key),
  CONSTRAINT fk_rooms_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_rooms_1 CHECK (prepaid_fen >= 0),
  CONSTRAINT ck_rooms_2 CHECK (occupancy IN ('occupied','vacant','unsold')),
  CONSTRAINT ck_rooms_3 CHECK (second_steward = '' OR second_steward <> steward)
) STRICT;
INSERT INTO rooms_new SELECT id, community_id, code, code_key, building, unit, number, kind, area, price, cycle, handed_over_on,
	occupancy, steward, prepaid_fen, created_at, updated_at, second_steward FROM rooms;
DROP TABLE rooms;
ALTER TABLE rooms_new RENAME TO rooms;
CREATE INDEX ix_rooms_community_id_building ON rooms (community_id, building);
CREATE INDEX ix_rooms_steward_community_id ON rooms (steward, community_id);`,
	}
	laterMySQL = []string{
		"ALTER TABLE rooms ADD COLUMN second_steward VARCHAR(60) NOT NULL DEFAULT '';",
		"ALTER TABLE rooms ADD CONSTRAINT ck_rooms_3 CHECK (second_steward = '' OR second_steward <> steward);",
	}
)

// laterMigrations returns the migrations of a later program, which has two more, and
// the texts of those two.
func laterMigrations(t *testing.T) (fs.FS, []string) {
	t.Helper()
	dialect, more := "sqlite", laterSQLite
	if modelstest.OnMySQL() {
		dialect, more = "mysql", laterMySQL
	}
	dir := fstest.MapFS{}
	today := os.DirFS("migrations/" + dialect)
	names, err := fs.Glob(today, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(today, name)
		if err != nil {
			t.Fatal(err)
		}
		dir[name] = &fstest.MapFile{Data: text}
	}
	var texts []string
	for i, text := range more {
		text = "-- +goose Up\n" + text + "\n"
		dir[fmt.Sprintf("%04d_second_steward_%d.sql", len(names)+1+i, i+1)] = &fstest.MapFile{Data: []byte(text)}
		texts = append(texts, text)
	}
	return dir, texts
}

// openEmpty opens a database of the test's own that nobody has migrated.
func openEmpty(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(modelstest.Empty(t), modelstest.DataKey, modelstest.NewClock(modelstest.Start).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// openMigrated opens a database of the test's own with today's schema.
func openMigrated(t *testing.T) *store.DB {
	t.Helper()
	db := openEmpty(t)
	if n, err := db.Migrate(context.Background()); err != nil || n == 0 {
		t.Fatalf("%d migrations, %v", n, err)
	}
	return db
}

// Books are whole after an upgrade, also where it makes a table anew that others
// refer to; and this program refuses them then.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := openMigrated(t)
	if n, err := db.Migrate(ctx); err != nil || n != 0 {
		t.Errorf("again: %d migrations, %v", n, err)
	}
	room := modelstest.Room(t, db, func(r *estate.Room) { r.Steward = "林晓梅" })
	modelstest.User(t, db, room)
	modelstest.Bill(t, db, room)
	later, texts := laterMigrations(t)
	if n, err := db.MigrateFrom(ctx, later); err != nil || n != len(texts) {
		t.Fatalf("%d migrations, %v", n, err)
	}
	if n, err := db.MigrateFrom(ctx, later); err != nil || n != 0 {
		t.Errorf("again: %d migrations, %v", n, err)
	}
	violations, err := proof.Check(db.View(ctx))
	if err != nil || len(violations) != 0 {
		t.Errorf("%v %v", violations, err)
	}
	for query, want := range map[string]string{
		"SELECT id, steward, second_steward FROM rooms":                                room.ID + " 林晓梅 ",
		"SELECT COUNT(*) FROM bills b JOIN rooms r ON r.id = b.room_id":                "1",
		"SELECT COUNT(*) FROM tenures t JOIN rooms r ON r.id = t.room_id":              "1",
		"SELECT COUNT(*) FROM bindings b JOIN rooms r ON r.id = b.room_id":             "1",
		"SELECT MAX(version_id) - COUNT(*) FROM goose_db_version WHERE version_id > 0": "0",
	} {
		if have, err := modelstest.Rows(ctx, db, query); err != nil || strings.Join(have, "; ") != want {
			t.Errorf("%s: want %s, have %v, %v", query, want, have, err)
		}
	}
	if err := modelstest.Exec(ctx, db, "UPDATE rooms SET second_steward = steward"); err == nil {
		t.Error("the new CHECK does not hold")
	}
	if err := modelstest.Exec(ctx, db, "UPDATE bills SET room_id = 'NONE'"); err == nil {
		t.Error("foreign keys are off after the migration")
	}
	if err := db.Ready(ctx); !errors.Is(err, store.ErrSchemaNewer) {
		t.Errorf("this program: want ErrSchemaNewer, have %v", err)
	}
}

// A reference to nothing keeps a SQLite database from counting as migrated; mended,
// it goes on from there. Foreign keys hold again afterwards.
func TestBrokenReferenceStopsTheMigration(t *testing.T) {
	t.Parallel()
	if modelstest.OnMySQL() {
		t.Skip("MySQL keeps its foreign keys while it migrates")
	}
	ctx := context.Background()
	db := openMigrated(t)
	const stray = "INSERT INTO order_lines (order_no, bill_id, principal_fen, late_fee_fen) VALUES ('NONE', 'NONE', 1, 0)"
	exec := func(query string) {
		t.Helper()
		if err := modelstest.Exec(ctx, db, query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	exec("PRAGMA foreign_keys = 0") // there is one connection that writes
	exec(stray)
	exec("PRAGMA foreign_keys = 1")
	later, texts := laterMigrations(t)
	for range 2 {
		_, err := db.MigrateFrom(ctx, later)
		if err == nil || !strings.Contains(err.Error(), "of table order_lines refers to a row of orders that is not there") {
			t.Fatalf("migrated: %v", err)
		}
	}
	exec("DELETE FROM order_lines WHERE order_no = 'NONE'")
	if n, err := db.MigrateFrom(ctx, later); err != nil || n != 1 {
		t.Errorf("mended: %d migrations of %d, %v", n, len(texts), err)
	}
	if err := modelstest.Exec(ctx, db, stray); err == nil {
		t.Error("foreign keys are off after the migration")
	}
}

// A migration that is stopped, however often, goes on where it was; on SQLite also one of
// the upgrades. MySQL cannot take back an ALTER TABLE of which it is not noted that it ran:
// there only the files that create the first tables are stopped.
func TestStoppedMigrationGoesOn(t *testing.T) {
	t.Parallel()
	db, straight := openEmpty(t), openEmpty(t)
	later, _ := laterMigrations(t)
	migrate := func(db *store.DB, ctx context.Context) (int, error) { return db.MigrateFrom(ctx, later) }
	first := migrate
	if modelstest.OnMySQL() {
		creating := firstMigrations(t, firstRelease)
		first = func(db *store.DB, ctx context.Context) (int, error) { return db.MigrateFrom(ctx, creating) }
	}
	stops := 0
	for limit := time.Millisecond; ; limit += limit/8 + time.Millisecond { // where all is slow, sooner longer
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		_, err := first(db, ctx)
		cancel()
		if err == nil {
			break
		}
		if stops++; stops > 200 {
			t.Fatal(err)
		}
	}
	t.Logf("stopped %d times", stops)
	for _, x := range []*store.DB{db, straight} {
		if _, err := migrate(x, context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(picture(t, straight), picture(t, db)); diff != "" {
		t.Errorf("migrated at once (-) and with stops (+):\n%s", diff)
	}
	violations, err := proof.Check(db.View(context.Background()))
	if err != nil || len(violations) != 0 {
		t.Errorf("%v %v", violations, err)
	}
}
