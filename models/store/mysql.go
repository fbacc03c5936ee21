package store

import (
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"
	gormmysql "gorm.io/driver/mysql"
)

// maxMySQLTxs and maxMySQLConns bound the connections of one process, those for
// transactions and those for single statements; a booking holds one for a few
// milliseconds. Two processes stay below the 151 that a server lets in by default.
const (
	maxMySQLTxs   = 40
	maxMySQLConns = 32
)

func (db *DB) openMySQL(dsn string) error {
	cfg, err := driver.ParseDSN(dsn)
	if err != nil {
		return errors.New("database.dsn: not a MySQL data source name; want user:password@tcp(host:port)/name")
	}
	cfg.InterpolateParams = true // cold statements in one round trip; hot ones are prepared
	cfg.ClientFoundRows = false  // a guarded update that changes nothing counts as nothing
	cfg.Collation = "utf8mb4_bin"
	cfg.Logger = &driver.NopLogger{} // errors are returned; the driver's log could name the address
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Second
	}
	if cfg.Params == nil {
		cfg.Params = map[string]string{}
	}
	// Strict: a value that does not fit is an error, not a truncation.
	cfg.Params["sql_mode"] = "'STRICT_ALL_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"
	cfg.Params["innodb_lock_wait_timeout"] = "5"
	isolation, err := isolationVariable(cfg)
	if err != nil {
		return err
	}
	// READ-COMMITTED: no gap locks, which deadlock where rows are locked and then
	// inserted. Decisions are made on locked rows, so nothing more is needed.
	cfg.Params[isolation] = "'READ-COMMITTED'"
	single, err := driver.NewConnector(cfg)
	if err != nil {
		return fmt.Errorf("database.dsn: %w", err)
	}
	ofTxs := cfg.Clone()
	ofTxs.Params["autocommit"] = "0"
	// For deferred statements. No argument stands in the text of a statement: the texts
	// are constants, and the driver quotes the arguments.
	ofTxs.MultiStatements = true
	many, err := driver.NewConnector(ofTxs)
	if err != nil {
		return fmt.Errorf("database.dsn: %w", err)
	}
	if db.writer, err = mysqlPool(single, maxMySQLConns); err != nil {
		return err
	}
	if db.txs, err = mysqlPool(txConnector{many}, maxMySQLTxs); err != nil {
		return errors.Join(err, db.writer.close())
	}
	db.reader, db.dialect = db.writer, mysqlDialect
	return nil
}

func mysqlPool(connector sqldriver.Connector, conns int) (*pool, error) {
	s := sql.OpenDB(connector)
	s.SetMaxOpenConns(conns)
	s.SetMaxIdleConns(conns)
	s.SetConnMaxLifetime(30 * time.Minute)
	p, err := newPool(s, mysqlDialector{&gormmysql.Dialector{Config: &gormmysql.Config{Conn: s, SkipInitializeWithVersion: true,
		DisableWithReturning: true}}})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return p, nil
}

// isolationVariable is the name of the session variable for the isolation level:
// MariaDB before 11.1 knows only the old name, MySQL 8 only the new one.
func isolationVariable(cfg *driver.Config) (string, error) {
	connector, err := driver.NewConnector(cfg.Clone())
	if err != nil {
		return "", fmt.Errorf("database.dsn: %w", err)
	}
	probe := sql.OpenDB(connector)
	defer probe.Close()
	var version string
	if err := probe.QueryRow("SELECT VERSION()").Scan(&version); err != nil {
		return "", fmt.Errorf("open database: %w", err)
	}
	if strings.Contains(version, "MariaDB") {
		return "tx_isolation", nil
	}
	return "transaction_isolation", nil
}

func mysqlCode(err error) (uint16, string) {
	var e *driver.MySQLError
	if errors.As(err, &e) {
		return e.Number, e.Message
	}
	return 0, ""
}

func mysqlDuplicate(err error) bool {
	code, _ := mysqlCode(err)
	return code == 1062
}

func mysqlMatchless(err error) bool {
	code, _ := mysqlCode(err)
	return code == 1267
}

// mysqlRetryable knows deadlock and lock timeout, and TiDB's own ways to say
// "begin again".
func mysqlRetryable(err error) bool {
	switch code, message := mysqlCode(err); code {
	case 1213, 1205, 3572, 9007, 8002, 8022, 8028:
		return true
	case 1105:
		return strings.Contains(message, "retry limit")
	default:
		return false
	}
}
