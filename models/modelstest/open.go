// Package modelstest is for tests: a real database, which is a fresh SQLite file for
// each, or a database on the MySQL or MariaDB server of TEST_MYSQL_DSN (TiDB:
// TEST_TIDB_DSN); a clock to move; and builders of rows with sensible defaults.
package modelstest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Start is the business time at which a test's clock stands unless it is set:
// Sunday 15 March 2026, ten in the morning in Shanghai.
var Start = time.Date(2026, 3, 15, 10, 0, 0, 0, models.Shanghai)

// DataKey is the data key of every test database.
var DataKey = bytes.Repeat([]byte{7}, 32)

// Clock is business time that only tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at an instant.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now is the time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to an instant.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// Open returns a migrated, empty database that closes with the test. Its clock stands at
// [Start].
func Open(t testing.TB) *store.DB {
	t.Helper()
	return OpenAt(t, NewClock(Start).Now)
}

// OpenAt is Open with a clock of the test's own.
func OpenAt(t testing.TB, clock models.Clock) *store.DB {
	t.Helper()
	return OpenConfig(t, NewConfig(t), clock)
}

// OpenConfig opens a database that [NewConfig] has made, so that a test can open
// it twice, as two processes would.
func OpenConfig(t testing.TB, cfg store.Config, clock models.Clock) *store.DB {
	t.Helper()
	db, err := store.Open(cfg, DataKey, clock)
	if err != nil {
		t.Fatalf("open test database: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Warm(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

// Broken returns a database whose every statement fails.
func Broken(t testing.TB) *store.DB {
	t.Helper()
	db := Open(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return db
}

// NewConfig makes an empty, migrated database and returns how to open it.
func NewConfig(t testing.TB) store.Config {
	t.Helper()
	if dsn := server(); dsn != "" {
		return mysqlConfig(t, dsn)
	}
	return sqliteConfig(t)
}

// Empty makes a database without a schema, that no other test uses, and returns how
// to open it.
func Empty(t testing.TB) store.Config {
	t.Helper()
	dsn := server()
	if dsn == "" {
		return store.Config{Driver: "sqlite", DSN: filepath.Join(t.TempDir(), "empty.db")}
	}
	root, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := newName()
	if _, err := root.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = root.Exec("DROP DATABASE " + name)
		_ = root.Close()
	})
	return store.Config{Driver: "mysql", DSN: dsn + name}
}

func newName() string { return fmt.Sprintf("wuyepay_test_%d_%s", os.Getpid(), models.NewID()) }

// OnMySQL reports whether tests run on a MySQL server rather than SQLite.
func OnMySQL() bool { return server() != "" }

func server() string {
	if dsn := os.Getenv("TEST_TIDB_DSN"); dsn != "" {
		return dsn
	}
	return os.Getenv("TEST_MYSQL_DSN")
}

// sqliteTemplate is a migrated database file, made once a process: copying it is
// ten times as fast as migrating anew.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "modelstest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate(store.Config{Driver: "sqlite", DSN: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closing the last connection has folded the log into it
})

func sqliteConfig(t testing.TB) store.Config {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return store.Config{Driver: "sqlite", DSN: path}
}

func migrate(cfg store.Config) error {
	db, err := store.Open(cfg, DataKey, time.Now)
	if err != nil {
		return err
	}
	if _, err := db.Migrate(context.Background()); err != nil {
		_ = db.Close()
		return err
	}
	return db.Close()
}

// free holds migrated MySQL databases that no test uses: making one takes about a
// second, emptying one some milliseconds.
var free = struct {
	sync.Mutex
	names []string
}{}

func mysqlConfig(t testing.TB, dsn string) store.Config {
	t.Helper()
	root, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	free.Lock()
	name := ""
	if n := len(free.names); n > 0 {
		name, free.names = free.names[n-1], free.names[:n-1]
	}
	free.Unlock()
	cfg := func(name string) store.Config { return store.Config{Driver: "mysql", DSN: dsn + name} }
	if name == "" {
		name = newName()
		if _, err := root.Exec("CREATE DATABASE " + name); err != nil {
			t.Fatal(err)
		}
		if err := migrate(cfg(name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { giveBack(t, dsn, name) })
	return cfg(name)
}

func giveBack(t testing.TB, dsn, name string) {
	if err := empty(dsn, name); err != nil {
		t.Errorf("empty test database: %v", err)
		return
	}
	free.Lock()
	defer free.Unlock()
	free.names = append(free.names, name)
}

// empty deletes all rows, on one connection so that the switched-off foreign keys
// hold for all statements. The data key stays: it belongs to the schema.
func empty(dsn, name string) error {
	ctx := context.Background()
	db, err := sql.Open("mysql", dsn+name)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SET FOREIGN_KEY_CHECKS = 0"); err != nil {
		return err
	}
	tables, err := tablesOf(ctx, conn, "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_name <> 'goose_db_version'", name)
	if err != nil {
		return err
	}
	for _, table := range tables {
		q := "DELETE FROM " + table
		if table == "meta" {
			q += " WHERE name <> 'data_key'"
		}
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

func tablesOf(ctx context.Context, conn *sql.Conn, query string, args ...any) (tables []string, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	return tables, rows.Err()
}
