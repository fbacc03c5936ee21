package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	driver "github.com/go-sql-driver/mysql"

	"wuyepay/models"
	"wuyepay/models/store"
	"wuyepay/sandbox"
)

// bed is what the drill runs on: a folder, the binary, a database, WeChat's two sides and
// the wires between them. The sandbox is part of this process, so that it survives every
// kill.
type bed struct {
	dir     string
	binary  string
	clock   *clock
	box     *sandbox.Server
	db      store.Config // without wires between, to prove the books
	front   *proxy       // through which phones and WeChat reach the servers
	servers []*server
	dbName  string
	admin   string // DSN of the database server, to drop the database
}

func newBed(ctx context.Context, opt options) (_ *bed, err error) {
	b := &bed{clock: newClock(), binary: opt.binary, admin: opt.mysqlDSN}
	if b.dir, err = os.MkdirTemp("", "wuyepay-drill-*"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close(err))
		}
	}()
	if b.binary == "" {
		b.binary = filepath.Join(b.dir, "wuyepay")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", b.binary, "wuyepay/server")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, fmt.Errorf("build the server: %w", err)
		}
	}
	// The retries that WeChat spreads over a day come within a minute. The first come so
	// early that a killed server misses them, the last come when the day is over.
	b.box, err = sandbox.Start(ctx, sandbox.Config{Now: b.clock.Now, RetryScale: 1.0 / 1500, RefundSpacing: -1,
		Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := b.makeDatabase(ctx); err != nil {
		return nil, err
	}
	if b.front, err = newProxy("phones and WeChat to the servers", b.addresses); err != nil {
		return nil, err
	}
	return b, b.makeServers()
}

// makeDatabase creates an empty database and migrates it.
func (b *bed) makeDatabase(ctx context.Context) error {
	if err := os.WriteFile(b.in("data.key"), []byte(fmt.Sprintf("%064x\n", 7)), 0o600); err != nil {
		return err
	}
	b.db = store.Config{Driver: "sqlite", DSN: b.in("drill.db")}
	if b.admin != "" {
		b.dbName = fmt.Sprintf("wuyepay_drill_%d_%s", os.Getpid(), strings.ToLower(models.NewID()[20:]))
		if err := b.onServer("CREATE DATABASE " + b.dbName); err != nil {
			return err
		}
		b.db = store.Config{Driver: "mysql", DSN: b.admin + b.dbName}
	}
	db, err := b.open()
	if err != nil {
		return err
	}
	_, err = db.Migrate(ctx)
	return errors.Join(err, db.Close())
}

// open opens the database without wires between.
func (b *bed) open() (*store.DB, error) {
	return store.Open(b.db, append(make([]byte, 31), 7), b.clock.Now)
}

func (b *bed) onServer(statement string) error {
	db, err := sql.Open("mysql", b.admin)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

func (b *bed) in(name string) string { return filepath.Join(b.dir, name) }

// makeServers lays the wires of each process: one to WeChat, and one to the database if
// that is a server.
func (b *bed) makeServers() error {
	count := 2
	if b.admin == "" { // an SQLite database belongs to one process
		count = 1
	}
	for i := range count {
		s := &server{bed: b, number: i + 1}
		var err error
		if s.address, err = freeAddress(); err != nil {
			return err
		}
		box := strings.TrimPrefix(b.box.URL(), "http://")
		if s.toWechat, err = newProxy("server to WeChat", func() []string { return []string{box} }); err != nil {
			return err
		}
		dsn := b.db.DSN
		if b.admin != "" {
			cfg, err := driver.ParseDSN(b.db.DSN)
			if err != nil {
				return err
			}
			target := cfg.Addr
			if s.toDatabase, err = newProxy("server to database", func() []string { return []string{target} }); err != nil {
				return err
			}
			cfg.Addr = s.toDatabase.address()
			dsn = cfg.FormatDSN()
		}
		b.servers = append(b.servers, s)
		if err := s.configure(dsn); err != nil {
			return err
		}
	}
	return nil
}

func (b *bed) addresses() []string {
	var out []string
	for _, s := range b.servers {
		out = append(out, s.address)
	}
	return out
}

func (b *bed) wires() []*proxy {
	out := []*proxy{b.front}
	for _, s := range b.servers {
		out = append(out, s.toWechat)
		if s.toDatabase != nil {
			out = append(out, s.toDatabase)
		}
	}
	return out
}

// close stops everything. After a failure the folder with the logs stays.
func (b *bed) close(failed error) error {
	var err error
	for _, s := range b.servers {
		s.kill()
		s.toWechat.close()
		if s.toDatabase != nil {
			s.toDatabase.close()
		}
	}
	if b.front != nil {
		b.front.close()
	}
	if b.box != nil {
		err = b.box.Close()
	}
	if b.dbName != "" {
		err = errors.Join(err, b.onServer("DROP DATABASE IF EXISTS "+b.dbName))
	}
	if failed != nil {
		fmt.Fprintln(os.Stderr, "drill: the servers' logs are in", b.dir)
		return err
	}
	return errors.Join(err, os.RemoveAll(b.dir))
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// publicKeyID returns the id of WeChat's public key, which is no secret.
func (b *bed) publicKeyID() string {
	m, _ := b.box.Credentials().Merchant("main")
	return m.PublicKeyID
}
