package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	driver "github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite"

	"wuyepay/models/store"
)

// mysqlConns is the size of the server's pool for transactions. The floor has the same.
const mysqlConns = 40

// openRaw opens a database with database/sql alone, with the isolation, durability and
// pool of the server.
func openRaw(cfg store.Config) (*sql.DB, error) {
	if cfg.Driver == "sqlite" {
		q := url.Values{"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)", "foreign_keys(1)", "synchronous(FULL)",
			"cache_size(-16000)"}, "_txlock": {"immediate"}}
		db, err := sql.Open("sqlite", "file:"+cfg.DSN+"?"+q.Encode())
		if err == nil {
			db.SetMaxOpenConns(1)
		}
		return db, err
	}
	c, err := driver.ParseDSN(cfg.DSN)
	if err != nil {
		return nil, err
	}
	c.InterpolateParams = true
	c.Collation = "utf8mb4_bin"
	c.Logger = silent{}
	isolation, err := isolationVariable(c)
	if err != nil {
		return nil, err
	}
	c.Params = map[string]string{isolation: "'READ-COMMITTED'"}
	connector, err := driver.NewConnector(c)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(mysqlConns)
	db.SetMaxIdleConns(mysqlConns)
	return db, nil
}

// silent discards the driver's log: its errors are returned by the calls.
type silent struct{}

func (silent) Print(...any) {}

// isolationVariable returns the name of the variable of the isolation level. MariaDB
// before 11.1 knows only the old name, MySQL 8 only the new one.
func isolationVariable(c *driver.Config) (string, error) {
	connector, err := driver.NewConnector(c.Clone())
	if err != nil {
		return "", err
	}
	probe := sql.OpenDB(connector)
	defer probe.Close()
	var version string
	if err := probe.QueryRow("SELECT VERSION()").Scan(&version); err != nil {
		return "", err
	}
	if strings.Contains(version, "MariaDB") {
		return "tx_isolation", nil
	}
	return "transaction_isolation", nil
}

// twin creates a second database with the same schema and the same rows.
func (b *bed) twin(ctx context.Context, of store.Config, name string) (store.Config, error) {
	if of.Driver == "sqlite" {
		cfg := store.Config{Driver: "sqlite", DSN: filepath.Join(b.dir, name, name+".db")}
		// Closing the last connection has written the log back into the file.
		content, err := os.ReadFile(of.DSN)
		if err != nil {
			return cfg, err
		}
		return cfg, errors.Join(os.Mkdir(filepath.Dir(cfg.DSN), 0o700), os.WriteFile(cfg.DSN, content, 0o600))
	}
	cfg, err := b.database(ctx, of.Driver, name)
	if err != nil {
		return cfg, err
	}
	db, err := sql.Open("mysql", cfg.DSN)
	if err != nil {
		return cfg, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx) // one connection, so that foreign keys are off for all statements
	if err != nil {
		return cfg, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SET FOREIGN_KEY_CHECKS = 0"); err != nil {
		return cfg, err
	}
	source := of.DSN[strings.LastIndexByte(of.DSN, '/')+1:]
	for _, table := range []string{"communities", "rooms", "users", "sessions", "bindings", "bills", "orders", "order_lines", "journal",
		"audit"} {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %[1]s SELECT * FROM %[2]s.%[1]s", table, source)); err != nil {
			return cfg, fmt.Errorf("copy %s: %w", table, err)
		}
	}
	return cfg, nil
}

// bulkInsert adds n rows, a thousand a statement and ten statements a transaction.
func bulkInsert(ctx context.Context, db *sql.DB, table, columns string, n int, row func(i int) []any) error {
	const perStatement, perTransaction = 1000, 10_000
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", strings.Count(columns, ",")+1), ",") + "),"
	for from := 0; from < n; {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		for end := min(n, from+perTransaction); from < end; {
			k := min(perStatement, end-from)
			var args []any
			for i := range k {
				args = append(args, row(from+i)...)
			}
			//nolint:gosec // table and columns are constants of this package
			q := "INSERT INTO " + table + " (" + columns + ") VALUES " + strings.TrimSuffix(strings.Repeat(one, k), ",")
			if _, err := tx.ExecContext(ctx, q, args...); err != nil {
				return errors.Join(err, tx.Rollback())
			}
			from += k
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}
