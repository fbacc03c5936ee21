package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models/store"
)

// firstRelease is the last migration of the first release. Its files make many tables
// each; a later file is one change.
const firstRelease = 14

func TestBothDialectsHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	sqlite, mysql := migrationNames(t, "sqlite"), migrationNames(t, "mysql")
	if diff := cmp.Diff(sqlite, mysql); diff != "" {
		t.Errorf("migrations of sqlite (-) and mysql (+):\n%s", diff)
	}
	for i, name := range sqlite {
		if !strings.HasPrefix(name, fmt.Sprintf("%04d_", i+1)) {
			t.Errorf("%s is migration %d", name, i+1)
		}
	}
}

func TestMigrationsChangeOneThing(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{"sqlite", "mysql"} {
		for i, name := range migrationNames(t, dialect) {
			text, err := os.ReadFile("migrations/" + dialect + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			rule := oneChange
			if i < firstRelease {
				rule = onlyCreates
			}
			if err := rule(dialect, string(text)); err != nil {
				t.Errorf("%s of %s: %v", name, dialect, err)
			}
		}
	}
}

func migrationNames(t *testing.T, dialect string) []string {
	t.Helper()
	list, err := fs.Glob(os.DirFS("migrations/"+dialect), "*")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sqlStatements returns the statements of a migration, without comments, in capitals.
func sqlStatements(text string) (out []string) {
	text = regexp.MustCompile(`(?m)^--.*$`).ReplaceAllString(text, "")
	for _, s := range regexp.MustCompile(`(?m);\s*$`).Split(text, -1) {
		if s = strings.Join(strings.Fields(strings.ToUpper(s)), " "); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// onlyCreates is the rule for the migrations of the first release: on MySQL, a file
// that was stopped half way goes on, so that each statement can run again.
func onlyCreates(dialect, text string) error {
	table := "CREATE TABLE "
	if dialect == "mysql" {
		table += "IF NOT EXISTS "
	}
	for _, s := range sqlStatements(text) {
		if !strings.HasPrefix(s, table) && (dialect == "mysql" || !strings.HasPrefix(s, "CREATE INDEX ")) {
			return fmt.Errorf("%.40s is not %s", s, table)
		}
	}
	return nil
}

// oneChange is the rule for later migrations. MySQL cannot take back half a file, and
// TiDB refuses some changes beside others, or leaves out the CHECK of a column that is
// added. SQLite makes a table anew where it cannot change it, which takes several
// statements, with one ALTER that gives it its name.
func oneChange(dialect, text string) error {
	statements := sqlStatements(text)
	schema, alters, tables := 0, 0, 0
	for _, s := range statements {
		switch verb, _, _ := strings.Cut(s, " "); {
		case strings.Contains(s, "TRIGGER"):
			return errors.New("TiDB has no triggers")
		case verb == "ALTER":
			if alters++; twoChanges(dialect, s) {
				return errors.New("an ALTER with two changes")
			}
		case strings.HasPrefix(s, "CREATE TABLE"):
			tables++
		case verb != "CREATE" && verb != "DROP" && verb != "RENAME" && verb != "TRUNCATE":
			continue
		}
		schema++
	}
	switch {
	case len(statements) == 0:
		return errors.New("no statement")
	case alters > 1:
		return errors.New("two ALTERs")
	case tables > 1:
		return errors.New("two tables")
	case dialect == "mysql" && schema > 0 && len(statements) > 1:
		return errors.New("a change of the schema and another statement")
	}
	return nil
}

var (
	addsKey = regexp.MustCompile(` ADD (CONSTRAINT|CHECK|UNIQUE|KEY|INDEX|PRIMARY|FOREIGN)\b`)
	withKey = regexp.MustCompile(` (CHECK|UNIQUE|PRIMARY|KEY|REFERENCES)\b`)
)

// twoChanges reports whether an ALTER has a comma outside quotes and parentheses or,
// on MySQL, adds a column together with a key or a CHECK.
func twoChanges(dialect, alter string) bool {
	bare := regexp.MustCompile(`'[^']*'`).ReplaceAllString(alter, "")
	for inner := regexp.MustCompile(`\([^()]*\)`); inner.MatchString(bare); {
		bare = inner.ReplaceAllString(bare, "")
	}
	return strings.Contains(bare, ",") ||
		dialect == "mysql" && strings.Contains(bare, " ADD ") && !addsKey.MatchString(bare) && withKey.MatchString(bare)
}

func TestOneChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ dialect, text, want string }{
		{"mysql", "ALTER TABLE a ADD COLUMN b INT NOT NULL DEFAULT 0;", ""},
		{"mysql", "-- Why, and more.\n-- +goose Up\nALTER TABLE a\n  ADD COLUMN b DECIMAL(10,2) NOT NULL DEFAULT 0;\n", ""},
		{"mysql", "ALTER TABLE a ADD COLUMN b VARCHAR(9) NOT NULL DEFAULT ',';", ""},
		{"mysql", "ALTER TABLE a ADD COLUMN key_name INT NOT NULL;", ""},
		{"mysql", "ALTER TABLE a ADD UNIQUE KEY uq (b, c);", ""},
		{"mysql", "ALTER TABLE a ADD CONSTRAINT ck CHECK (b IN ('x','y') OR (c > 0));", ""},
		{"mysql", "ALTER TABLE a ADD COLUMN b INT, ADD COLUMN c INT;", "an ALTER with two changes"},
		{"mysql", "alter table a add column b int, add key ix (b);", "an ALTER with two changes"},
		{"mysql", "ALTER TABLE a DROP CONSTRAINT ck, ADD CONSTRAINT ck CHECK (b > 0);", "an ALTER with two changes"},
		{"mysql", "ALTER TABLE a ADD COLUMN b INT CHECK (b > 0);", "an ALTER with two changes"},
		{"mysql", "ALTER TABLE a ADD b INT UNIQUE;", "an ALTER with two changes"},
		{"mysql", "ALTER TABLE a ADD COLUMN b INT;\nALTER TABLE a ADD COLUMN c INT;", "two ALTERs"},
		{"mysql", "ALTER TABLE a ADD COLUMN b INT;\nUPDATE a SET b = 1;", "a change of the schema and another statement"},
		{"mysql", "CREATE TABLE a (b INT);\nCREATE INDEX ix ON a (b);", "a change of the schema and another statement"},
		{"mysql", "CREATE TABLE a (b INT, c INT, CONSTRAINT ck CHECK (b > 0));", ""},
		{"mysql", "UPDATE a SET b = 1;\nUPDATE a SET c = 1;", ""},
		{"mysql", "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW SET NEW.b = 1;", "TiDB has no triggers"},
		{"mysql", "-- +goose Up\n", "no statement"},
		{"sqlite", "ALTER TABLE a ADD COLUMN b INTEGER NOT NULL DEFAULT 0;", ""},
		{"sqlite", "ALTER TABLE a ADD COLUMN b INTEGER CHECK (b > 0);", ""},
		{"sqlite", "CREATE TABLE a_new (b INTEGER);\nINSERT INTO a_new SELECT b FROM a;\nDROP TABLE a;\nALTER TABLE a_new RENAME TO " +
			"a;\nCREATE INDEX ix ON a (b);", ""},
		{"sqlite", "ALTER TABLE a ADD COLUMN b INTEGER;\nALTER TABLE a ADD COLUMN c INTEGER;", "two ALTERs"},
		{"sqlite", "CREATE TABLE a (b INTEGER);\nCREATE TABLE c (d INTEGER);", "two tables"},
	} {
		have := ""
		if err := oneChange(tt.dialect, tt.text); err != nil {
			have = err.Error()
		}
		if have != tt.want {
			t.Errorf("%s: %s: want %q, have %q", tt.dialect, tt.text, tt.want, have)
		}
	}
}

func TestTiDBWithoutChecksIsRefused(t *testing.T) {
	t.Parallel()
	const (
		off = "run SET GLOBAL tidb_enable_check_constraint = ON"
		old = "use a newer TiDB"
	)
	for _, tt := range []struct{ version, value, want string }{
		{"8.0.11-TiDB-v7.5.1", "ON", ""},
		{"8.0.11-TiDB-v7.5.1", "on", ""},
		{"8.0.11-TiDB-v7.5.1", "1", ""},
		{"8.0.11-TiDB-v7.5.1", "OFF", off},
		{"8.0.11-TiDB-v7.5.1", "0", off},
		{"8.0.11-TiDB-v8.5.0-serverless", "OFF", off},
		{"5.7.25-TiDB-v7.1.0", "", old},
		{"10.11.19-MariaDB-0+deb12u1", "", ""},
		{"8.0.36", "", ""},
	} {
		err := store.ChecksHold(tt.version, tt.value)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s with %q: want %q, have %v", tt.version, tt.value, tt.want, err)
		}
	}
}
