package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"gorm.io/gorm"

	"wuyepay/models"
)

// Config says which database the books are kept in.
type Config struct {
	// Driver is sqlite (a file, nothing to install) or mysql (MySQL, MariaDB, TiDB).
	Driver string `yaml:"driver"`
	// DSN is a file path for sqlite; user:password@tcp(host:port)/name for mysql.
	DSN string `yaml:"dsn"`
}

// DB is the database: [DB.View] to read, [DB.Write] to change.
type DB struct {
	dialect dialect
	writer  *pool
	txs     *pool // for transactions: the same as writer unless the database is MySQL
	reader  *pool // the same as writer unless the database is SQLite
	queue   chan struct{}
	path    string // of the file, SQLite only
	clock   models.Clock
	vault   *Vault
}

// Open connects to the database; it neither migrates nor checks the schema. The
// data key (32 bytes) seals phone numbers; the clock tells business time.
func Open(cfg Config, dataKey []byte, clock models.Clock) (*DB, error) {
	v, err := newVault(dataKey)
	if err != nil {
		return nil, err
	}
	db := &DB{clock: clock, vault: v}
	switch cfg.Driver {
	case "sqlite":
		err = db.openSQLite(cfg.DSN)
	case "mysql":
		err = db.openMySQL(cfg.DSN)
	default:
		err = fmt.Errorf("database.driver: want sqlite or mysql, have %q", cfg.Driver)
	}
	if err != nil {
		return nil, err
	}
	return db, nil
}

// Close ends all connections.
func (db *DB) Close() error {
	var err error
	for _, p := range db.pools() {
		err = errors.Join(err, p.close())
	}
	return err
}

// pools returns each of them once.
func (db *DB) pools() []*pool {
	out := []*pool{db.writer}
	for _, p := range []*pool{db.txs, db.reader} {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// Now is business time, as the database keeps it.
func (db *DB) Now() models.Time { return models.At(db.clock()) }

// Today is the business day.
func (db *DB) Today() models.Date { return db.Now().Date() }

// View returns a reader that sees what has been committed. Each statement sees the
// newest state; what must hold together is read in one statement, or in Write.
func (db *DB) View(ctx context.Context) *Tx {
	return &Tx{ctx: ctx, db: db, pool: db.reader, conn: db.reader.sql, Now: db.Now()}
}

// maxTries bounds how often a transaction is begun anew after the database chose
// it as the victim of a deadlock or gave up waiting for a lock.
const maxTries = 4

// Write runs fn in one transaction and commits it. fn may run again from the
// start when the database asks for that (deadlock, lock timeout), so it must not
// change anything outside the transaction except by assignment, and it must
// never call another party: a transaction is held no longer than the database
// needs.
//
// An error of fn rolls everything back. An error of the commit itself leaves the
// outcome unknown: look again by a unique key before doing it once more.
func (db *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	return db.write(ctx, fn, db.writeOnce)
}

// WriteOne is [DB.Write] for a change that is a single statement: the statement is
// its own transaction, and one round trip to the database does what takes three
// with BEGIN and COMMIT around it. A second statement in fn is an error.
func (db *DB) WriteOne(ctx context.Context, fn func(tx *Tx) error) error {
	return db.write(ctx, fn, func(ctx context.Context, fn func(tx *Tx) error) error {
		return fn(&Tx{ctx: ctx, db: db, pool: db.writer, conn: db.writer.sql, single: true, Now: db.Now()})
	})
}

// write waits for its turn and has one of the ways to write try again where the
// database asks for that.
func (db *DB) write(ctx context.Context, fn func(tx *Tx) error, once func(context.Context, func(tx *Tx) error) error) error {
	if db.queue != nil { // SQLite: one writer, first come first served
		select {
		case db.queue <- struct{}{}:
			defer func() { <-db.queue }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for try := 1; ; try++ {
		err := once(ctx, fn)
		if err == nil || try == maxTries || !db.dialect.retryable(err) || ctx.Err() != nil {
			return err
		}
		pause := time.NewTimer(time.Duration(1+rand.IntN(10*try*try)) * time.Millisecond) //nolint:gosec // jitter, not a secret
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return err
		}
	}
}

func (db *DB) writeOnce(ctx context.Context, fn func(tx *Tx) error) (err error) {
	sqltx, err := db.txs.sql.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() { // a panic in fn must not leave the transaction open
		if !done {
			_ = sqltx.Rollback() // the first error is the one that counts
		}
	}()
	tx := &Tx{ctx: ctx, db: db, pool: db.txs, conn: sqltx, sqltx: sqltx, Now: db.Now()}
	if err := fn(tx); err != nil {
		return err
	}
	committed, err := tx.flushWithCommit()
	if err != nil {
		return err
	}
	done = true
	err = sqltx.Commit() // gives the connection back, if nothing more
	if committed {
		return nil
	}
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		// The end of ctx was quicker: it was rolled back, and no COMMIT was sent.
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("commit (outcome unknown): %w", err)
	}
	return nil
}

// pool is a set of connections with the statements prepared on them.
type pool struct {
	sql  *sql.DB
	gorm *gorm.DB
	hot  map[string]*sql.Stmt // filled by Warm, then only read
}

func newPool(db *sql.DB, d gorm.Dialector) (*pool, error) {
	g, err := gorm.Open(d, &gorm.Config{
		SkipDefaultTransaction: true, // Write is the transaction
		DisableAutomaticPing:   true,
		TranslateError:         true, // by gormError
		Logger:                 discardLogger,
	})
	if err != nil {
		return nil, err
	}
	if err := nameOperations(g); err != nil {
		return nil, err
	}
	return &pool{sql: db, gorm: g}, nil
}

func (p *pool) close() error {
	for _, s := range p.hot {
		_ = s.Close() // the connections go next
	}
	return p.sql.Close()
}

// hotSQL lists the statements of the payment path and of the owner's pages.
var hotSQL []string

// Hot registers a statement that is worth preparing once, at start. Prepared for
// the first time inside a transaction it would be prepared and closed again in
// every transaction.
func Hot(query string) string {
	hotSQL = append(hotSQL, query)
	return query
}

// HotIn is [Hot] for a query with an IN list, as [RowsIn] takes it: it registers the
// statements for lists of one to most values, and returns the query as it is. A longer
// list costs a statement that is not prepared.
func HotIn(query string, most int) string {
	for n := 1; n <= most; n++ {
		Hot(inList(query, n))
	}
	return query
}

// hotMySQL lists those that only MySQL knows.
var hotMySQL []string

// HotOnMySQL is hot for a statement in MySQL's own words.
func HotOnMySQL(query string) string {
	hotMySQL = append(hotMySQL, query)
	return query
}

// Warm prepares the hot statements outside any transaction. The schema must be
// there.
func (db *DB) Warm(ctx context.Context) error {
	queries := hotSQL
	if db.dialect.name == mysqlDialect.name {
		queries = slices.Concat(hotSQL, hotMySQL)
	}
	for _, p := range db.pools() {
		m := make(map[string]*sql.Stmt, len(queries))
		for _, q := range queries {
			st, err := p.sql.PrepareContext(ctx, db.dialect.rewrite(q))
			if err != nil {
				return fmt.Errorf("prepare %q: %w", q, err)
			}
			m[q] = st
		}
		p.hot = m
	}
	return nil
}

// Ready reports whether the database answers and its schema is the one this binary
// was built for.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.reader.sql.PingContext(ctx); err != nil {
		return fmt.Errorf("database does not answer: %w", err)
	}
	return db.SchemaCurrent(ctx)
}

// OnMySQL reports whether the database is MySQL, MariaDB or TiDB.
func (db *DB) OnMySQL() bool { return db.dialect.name == mysqlDialect.name }

// Raw returns the connections that write, for tests and tools that look at the books
// past all rules.
func (db *DB) Raw() *sql.DB { return db.writer.sql }
