package store_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// Today's schema stands in one file for each dialect, for people to read: what the
// migrations amount to. After a new migration, make generate writes both anew.
func TestSchemaPicture(t *testing.T) {
	t.Parallel()
	db, path := modelstest.Open(t), "migrations/schema_sqlite.sql"
	if modelstest.OnMySQL() {
		path = "migrations/schema_mysql.sql"
		version, err := modelstest.Rows(context.Background(), db, "SELECT VERSION()")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(version[0], "MariaDB") {
			t.Skipf("%s writes CHECKs and defaults in other words than MariaDB, whose picture is kept", version[0])
		}
	}
	have := "-- Today's schema, as the migrations make it. Written by make generate; do not edit.\n" + picture(t, db)
	if os.Getenv("UPDATE_GENERATED") != "" {
		if err := os.WriteFile(path, []byte(have), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(have, "\n")); diff != "" {
		t.Errorf("%s (-) is not what the migrations make (+); if they are right, make generate:\n%s", path, diff)
	}
}

// picture describes the schema of a database, a table after the other by name.
func picture(t *testing.T, db *store.DB) string {
	t.Helper()
	query := sqlitePicture
	if modelstest.OnMySQL() {
		query = mysqlPicture
	}
	lines, err := modelstest.Rows(context.Background(), db, query)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(lines, "\n") + "\n"
	if n := strings.Count(text, "CREATE TABLE "); n < 60 {
		t.Fatalf("a schema of %d tables", n)
	}
	return strings.ReplaceAll(text, ",\n)", "\n)")
}

// sqlitePicture reads the statements as SQLite keeps them.
const sqlitePicture = `
	SELECT CASE type WHEN 'table' THEN char(10) ELSE '' END || sql || ';' FROM sqlite_master
	WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'goose_db_version'
	ORDER BY tbl_name, type = 'table' DESC, type, name`

// mysqlPicture writes statements from the tables of the information schema, since
// what SHOW CREATE TABLE says depends on the version of the server: widths of
// integers, collations that are the table's, the order of keys. A foreign key that
// restricts is called so by some and NO ACTION by others.
const mysqlPicture = `
	SELECT line FROM (
		SELECT table_name AS name, 0 AS part, '' AS nth, CONCAT(CHAR(10), 'CREATE TABLE ', table_name, ' (') AS line, table_schema AS here
		FROM information_schema.tables
		UNION ALL SELECT table_name, 1, LPAD(ordinal_position, 4, '0'), CONCAT('  ', column_name, ' ',
			REGEXP_REPLACE(column_type, 'int\\([0-9]+\\)', 'int'),
			IF(collation_name <> 'utf8mb4_bin', CONCAT(' COLLATE ', collation_name), ''),
			IF(is_nullable = 'NO', ' NOT NULL', ''),
			IF(column_default IS NULL OR column_default = 'NULL', '', CONCAT(' DEFAULT ', column_default)),
			IF(extra = '', '', CONCAT(' ', extra)), ','), table_schema
		FROM information_schema.columns
		UNION ALL SELECT table_name, IF(index_name = 'PRIMARY', 2, 3 + non_unique), index_name, CONCAT('  ',
			IF(index_name = 'PRIMARY', 'PRIMARY KEY', CONCAT(IF(non_unique = 0, 'UNIQUE ', ''), 'KEY ', index_name)), ' (',
			GROUP_CONCAT(column_name, IF(sub_part IS NULL, '', CONCAT('(', sub_part, ')')) ORDER BY seq_in_index SEPARATOR ', '), '),'),
			table_schema
		FROM information_schema.statistics GROUP BY table_schema, table_name, index_name, non_unique
		UNION ALL SELECT k.table_name, 5, k.constraint_name, CONCAT('  CONSTRAINT ', k.constraint_name, ' FOREIGN KEY (',
			GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position SEPARATOR ', '), ') REFERENCES ', k.referenced_table_name, ' (',
			GROUP_CONCAT(k.referenced_column_name ORDER BY k.ordinal_position SEPARATOR ', '), ')',
			IF(r.delete_rule IN ('RESTRICT', 'NO ACTION'), '', CONCAT(' ON DELETE ', r.delete_rule)),
			IF(r.update_rule IN ('RESTRICT', 'NO ACTION'), '', CONCAT(' ON UPDATE ', r.update_rule)), ','), k.table_schema
		FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
			ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name AND r.constraint_name = k.constraint_name
		WHERE k.referenced_table_name IS NOT NULL
		GROUP BY k.table_schema, k.table_name, k.constraint_name, k.referenced_table_name, r.delete_rule, r.update_rule
		UNION ALL SELECT table_name, 6, CONCAT(LPAD(LENGTH(constraint_name), 2, '0'), constraint_name),
			CONCAT('  CONSTRAINT ', constraint_name, ' CHECK (', REPLACE(check_clause, CHAR(96), ''), '),'), constraint_schema
		FROM information_schema.check_constraints
		UNION ALL SELECT table_name, 7, '', CONCAT(') ENGINE=', engine, ' COLLATE=', table_collation, ';'), table_schema
		FROM information_schema.tables
	) AS parts
	WHERE here = DATABASE() AND name <> 'goose_db_version'
	ORDER BY BINARY name, part, BINARY nth`
