package modelstest

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"wuyepay/models"
)

// oldVersion is the schema that books33.sql was written under.
const oldVersion = 33

//go:embed testdata/books33.sql
var oldBooks string

// Old makes a database of an earlier release, with books in it that this release
// wrote, and tells how to open it: neither migrated nor checked. more are statements
// to run on it besides. Its business time is [Start] and a few seconds.
func Old(t testing.TB, more ...string) models.Config {
	t.Helper()
	cfg, driver, dsn := oldPlace(t)
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, here, _, _ := runtime.Caller(0)
	dir := os.DirFS(filepath.Join(filepath.Dir(here), "..", "migrations", cfg.Driver))
	dialect := map[string]goose.Dialect{"sqlite": goose.DialectSQLite3, "mysql": goose.DialectMySQL}[cfg.Driver]
	p, err := goose.NewProvider(dialect, db, dir, goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = p.UpTo(context.Background(), oldVersion)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range append(strings.Split(oldBooks, ";\n"), more...) {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
	return cfg
}

// oldPlace is an empty database that nobody uses after the test.
func oldPlace(t testing.TB) (cfg models.Config, driver, dsn string) {
	t.Helper()
	if server() == "" {
		path := filepath.Join(t.TempDir(), "old.db")
		return models.Config{Driver: "sqlite", DSN: path}, "sqlite", "file:" + path + "?_pragma=foreign_keys(1)"
	}
	root, err := sql.Open("mysql", server())
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("wuyepay_old_%d_%s", os.Getpid(), models.NewID())
	if _, err := root.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = root.Exec("DROP DATABASE " + name)
		_ = root.Close()
	})
	return models.Config{Driver: "mysql", DSN: server() + name}, "mysql", server() + name
}
