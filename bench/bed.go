package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// Names and numbers of the one merchant and mini-program.
const (
	appID       = "wxbench0000000000"
	mchID       = "1900000001"
	apiV3Key    = "0123456789abcdef0123456789abcdef"
	publicKeyID = "PUB_KEY_ID_0119000000012026000000000000000001"
	certSerial  = "5A00000000000000000000000000000000000001"
)

// bed is what all measurements share: a folder, the server's binary, the keys of both
// sides, and the address of MariaDB.
type bed struct {
	dir      string
	binary   string
	mysqlDSN string // without a database name; empty if there is no MariaDB
	socket   string // the socket of the same MariaDB, or empty
	merchant *rsa.PrivateKey
	platform *rsa.PrivateKey
	made     []string // databases to drop at the end
}

// newBed builds the server, unless the options name a binary.
func newBed(ctx context.Context, binary string) (_ *bed, err error) {
	b := &bed{mysqlDSN: os.Getenv("TEST_MYSQL_DSN"), socket: os.Getenv("TEST_MYSQL_SOCKET"), binary: binary}
	if b.dir, err = os.MkdirTemp("", "wuyepay-bench-*"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	if b.binary == "" {
		b.binary = filepath.Join(b.dir, "wuyepay")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", b.binary, "./server")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, fmt.Errorf("build the server (run this from the repository's root): %w", err)
		}
	}
	for _, key := range []**rsa.PrivateKey{&b.merchant, &b.platform} {
		if *key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return nil, err
		}
	}
	for name, text := range map[string][]byte{"merchant.pem": privatePEM(b.merchant), "wechatpay.pem": publicPEM(&b.platform.PublicKey),
		"data.key": []byte(fmt.Sprintf("%064x\n", 7))} {
		if err := os.WriteFile(filepath.Join(b.dir, name), text, 0o600); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func privatePEM(key *rsa.PrivateKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

func publicPEM(key *rsa.PublicKey) []byte {
	der, _ := x509.MarshalPKIXPublicKey(key) // never fails for an RSA key
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// close drops the databases and removes the folder.
func (b *bed) close() error {
	var err error
	for _, name := range b.made {
		err = errors.Join(err, b.onServer("DROP DATABASE IF EXISTS "+name))
	}
	return errors.Join(err, os.RemoveAll(b.dir))
}

func (b *bed) onServer(statement string) error {
	db, err := sql.Open("mysql", b.mysqlDSN)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

// database creates an empty database and migrates it.
func (b *bed) database(ctx context.Context, dialect, name string) (store.Config, error) {
	cfg := store.Config{Driver: "sqlite", DSN: filepath.Join(b.dir, name, name+".db")}
	if dialect == "mysql" {
		name = fmt.Sprintf("wuyepay_bench_%d_%s", os.Getpid(), name)
		if err := b.onServer("CREATE DATABASE " + name); err != nil {
			return cfg, err
		}
		b.made = append(b.made, name)
		cfg = store.Config{Driver: "mysql", DSN: b.mysqlDSN + name}
	}
	db, err := openBooks(cfg)
	if err != nil {
		return cfg, err
	}
	_, err = db.Migrate(ctx)
	return cfg, errors.Join(err, db.Close())
}

// beside returns the address of a MySQL database by its socket. Over loopback TCP the
// kernel delivers a packet inside the sender's system call, so that some of the
// database's work would count as the server's.
func (b *bed) beside(dsn string) string {
	if b.socket == "" {
		return dsn
	}
	return tcpAddress.ReplaceAllLiteralString(dsn, "@unix("+b.socket+")")
}

var tcpAddress = regexp.MustCompile(`@tcp\([^)]*\)`)

// dataKey returns the key in data.key.
func dataKey() []byte { return append(make([]byte, 31), 7) }

// openBooks opens a database as the server does.
func openBooks(cfg store.Config) (*store.DB, error) { return store.Open(cfg, dataKey(), time.Now) }

// proveBooks proves every invariant on a database, as check does. The floor must keep
// proper books, too.
func proveBooks(ctx context.Context, cfg store.Config) error {
	db, err := openBooks(cfg)
	if err != nil {
		return err
	}
	violations, err := proof.Check(db.View(ctx))
	if err == nil && len(violations) > 0 {
		err = fmt.Errorf("the books in %s do not agree: %d violations, the first: %s", filepath.Base(cfg.DSN), len(violations),
			violations[0])
	}
	return errors.Join(err, db.Close())
}

// questions returns the number of statements that the MySQL server has received.
func (b *bed) questions() (int64, error) {
	cfg, err := driver.ParseDSN(b.mysqlDSN)
	if err != nil {
		return 0, err
	}
	connector, err := driver.NewConnector(cfg)
	if err != nil {
		return 0, err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	var name string
	var n int64
	return n, db.QueryRow("SHOW GLOBAL STATUS LIKE 'Questions'").Scan(&name, &n)
}
