package store

import "strings"

// Placeholders returns n question marks for an IN list: "?,?,?". For none it returns
// NULL, as IN (NULL) holds for nothing.
func Placeholders(n int) string {
	if n == 0 {
		return "NULL"
	}
	return strings.Repeat("?,", n-1) + "?"
}

// inList puts a list of n placeholders where a query says (IN).
func inList(query string, n int) string {
	return strings.ReplaceAll(query, "(IN)", "IN ("+Placeholders(n)+")")
}

// Args turns a list into the arguments of a statement.
func Args[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// Prefixed puts the name of a table before each column of a list: "b.id, b.room_id".
func Prefixed(table, columns string) string {
	parts := strings.Split(columns, ",")
	for i, p := range parts {
		parts[i] = table + "." + strings.TrimSpace(p)
	}
	return strings.Join(parts, ", ")
}

const insertInto = "INSERT INTO "

// rowsPerInsert is how many rows one INSERT has at most.
const rowsPerInsert = 500

func insertSQL(verb, table, columns string, width, rows int) string {
	one := "(" + Placeholders(width) + "),"
	return verb + table + " (" + columns + ") VALUES " + strings.TrimSuffix(strings.Repeat(one, rows), ",")
}

// eachInsert calls run for each of the INSERTs that rows take.
func eachInsert(verb, table, columns string, rows [][]any, run func(query string, args ...any) error) error {
	for len(rows) > 0 {
		width := len(rows[0])
		n := min(len(rows), 20_000/width, rowsPerInsert)
		args := make([]any, 0, n*width)
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if err := run(insertSQL(verb, table, columns, width, n), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
