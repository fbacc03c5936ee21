package store

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Table is how a struct is kept: a table, and a column for each field. The struct is
// the only list of its columns there is. GORM reads and writes it by the same names.
type Table[T any] struct {
	Name    string
	Columns string // "id, room_id, …", for statements written by hand
	fields  *fields
}

// TableInfo is what the tests know of a [Table]: they go through all of them without
// naming a type. Row and Insert take and return a pointer to a struct of Type.
type TableInfo struct {
	Name    string
	Columns string
	Type    reflect.Type
	Insert  func(tx *Tx, row any) error
	Row     func(tx *Tx, rest string, args ...any) (any, error)
	images  func(tx *Tx, ids []string) (map[string]Image, error)
}

// Tables are all that were made by [NewTable], for the tests that hold them against
// the schema.
var Tables []TableInfo

// NewTable returns the mapping of the struct T to a table.
func NewTable[T any](name string) *Table[T] {
	f := fieldsOf(reflect.TypeFor[T]())
	t := &Table[T]{Name: name, Columns: f.columns(), fields: f}
	Tables = append(Tables, TableInfo{Name: name, Columns: t.Columns, Type: reflect.TypeFor[T](),
		Insert: func(tx *Tx, row any) error { return t.Insert(tx, *row.(*T)) },
		Row: func(tx *Tx, rest string, args ...any) (any, error) {
			row, err := t.Row(tx, rest, args...)
			return &row, err
		}, images: t.images})
	return t
}

// Of returns the columns of a table that a join calls alias: "b.id, b.room_id, …".
func (t *Table[T]) Of(alias string) string { return Prefixed(alias, t.Columns) }

// As is [Table.Of] with a name for each column that begins with prefix, for a struct
// that holds two nouns with columns of one name:
//
//	Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`   // rooms.As("r", "r_")
func (t *Table[T]) As(alias, prefix string) string {
	names := make([]string, len(t.fields.list))
	for i, f := range t.fields.list {
		names[i] = alias + "." + f.column + " AS " + prefix + f.column
	}
	return strings.Join(names, ", ")
}

// Select returns "SELECT columns FROM table " with the rest of a statement behind it.
func (t *Table[T]) Select(rest string) string {
	return "SELECT " + t.Columns + " FROM " + t.Name + " " + rest
}

// Rows returns the rows that the rest of a statement chooses: "WHERE room_id = ?".
func (t *Table[T]) Rows(tx *Tx, rest string, args ...any) ([]T, error) {
	return Rows[T](tx, t.Select(rest), args...)
}

// Row returns the first of them, or [models.ErrNotFound].
func (t *Table[T]) Row(tx *Tx, rest string, args ...any) (T, error) {
	return Row[T](tx, t.Select(rest), args...)
}

// values returns the arguments for a row, in the order of the columns.
func (t *Table[T]) values(row *T) []any {
	v := reflect.ValueOf(row).Elem()
	out := make([]any, len(t.fields.list))
	for i, f := range t.fields.list {
		out[i] = v.FieldByIndex(f.index).Interface()
	}
	return out
}

func (t *Table[T]) allValues(rows []T) [][]any {
	out := make([][]any, len(rows))
	for i := range rows {
		out[i] = t.values(&rows[i])
	}
	return out
}

// Insert adds rows, many with one statement. A row that breaks a unique key is an
// error that [Tx.IsDuplicate] knows.
func (t *Table[T]) Insert(tx *Tx, rows ...T) error {
	_, err := tx.insertRows(insertInto, t.Name, t.Columns, t.allValues(rows))
	return err
}

// InsertNew is Insert that leaves out rows that would break a unique key. It returns
// the number of rows that it added.
func (t *Table[T]) InsertNew(tx *Tx, rows ...T) (int64, error) {
	return tx.insertRows(tx.db.dialect.insertIgnore, t.Name, t.Columns, t.allValues(rows))
}

// DeferInsert is Insert by [Tx.Defer].
func (t *Table[T]) DeferInsert(tx *Tx, rows ...T) error {
	return eachInsert(insertInto, t.Name, t.Columns, t.allValues(rows), tx.Defer)
}

// DeferInsertUnique is Insert by [Tx.DeferUnique]: a row that breaks a unique key of the
// table ends the transaction with the error exists.
func (t *Table[T]) DeferInsertUnique(tx *Tx, exists error, rows ...T) error {
	return eachInsert(insertInto, t.Name, t.Columns, t.allValues(rows), func(query string, args ...any) error {
		return tx.DeferUnique(t.Name, exists, query, args...)
	})
}

// DeferInsertOrKeep adds a row by [Tx.Defer]. A row that is there with the same key stays
// as it is, and that is no error. The table must have a column id. [Table.HotOrKeep]
// prepares the statement.
func (t *Table[T]) DeferInsertOrKeep(tx *Tx, row T) error {
	return tx.Defer(t.insertOrKeep(), t.values(&row)...)
}

func (t *Table[T]) insertOrKeep() string {
	return insertSQL(insertInto, t.Name, t.Columns, len(t.fields.list), 1) + OrKeep
}

// HotOrKeep prepares the insert of [Table.DeferInsertOrKeep] when the program starts;
// see [Hot].
func (t *Table[T]) HotOrKeep() *Table[T] {
	Hot(t.insertOrKeep())
	return t
}

// Hot prepares the inserts of one to so many rows when the program starts; see [Hot].
// It should be no more than a usual payment needs: each is prepared on each
// connection that has used it, and a MySQL server bounds the prepared statements of
// all its clients.
func (t *Table[T]) Hot(rows int) *Table[T] {
	for n := 1; n <= rows; n++ {
		Hot(insertSQL(insertInto, t.Name, t.Columns, len(t.fields.list), n))
	}
	return t
}

// HotFull prepares the insert of as many rows as one statement takes, where a billing
// run writes thousands.
func (t *Table[T]) HotFull() *Table[T] {
	Hot(insertSQL(insertInto, t.Name, t.Columns, len(t.fields.list), rowsPerInsert))
	return t
}

// Update is an UPDATE of some columns of a table from the fields of a row.
type Update[T any] struct {
	Query  string
	fields []field
}

// Update returns the statement that sets columns ("status, note, updated_at") from a
// row, for the rows that a condition chooses ("id = ? AND status = ?"). A column
// that the struct does not have panics when the program starts.
func (t *Table[T]) Update(columns, where string) *Update[T] {
	u := &Update[T]{}
	var set []string
	for _, name := range strings.Split(columns, ",") {
		name = strings.TrimSpace(name)
		at, ok := t.fields.byColumn[name]
		if !ok {
			panic(fmt.Sprintf("store: table %s has no column %q", t.Name, name))
		}
		set, u.fields = append(set, name+" = ?"), append(u.fields, t.fields.list[at])
	}
	u.Query = "UPDATE " + t.Name + " SET " + strings.Join(set, ", ") + " WHERE " + where
	return u
}

// Also adds an assignment that takes no argument: "runs = runs + 1".
func (u *Update[T]) Also(assignment string) *Update[T] {
	u.Query = strings.Replace(u.Query, " SET ", " SET "+assignment+", ", 1)
	return u
}

// Hot prepares the statement when the program starts; see [Hot].
func (u *Update[T]) Hot() *Update[T] {
	Hot(u.Query)
	return u
}

func (u *Update[T]) args(row *T, where []any) []any {
	v := reflect.ValueOf(row).Elem()
	out := make([]any, 0, len(u.fields)+len(where))
	for _, f := range u.fields {
		out = append(out, v.FieldByIndex(f.index).Interface())
	}
	return slices.Concat(out, where)
}

// Guarded runs the statement as [Tx.ExecGuarded] does.
func (u *Update[T]) Guarded(tx *Tx, row *T, where ...any) (bool, error) {
	return tx.ExecGuarded(u.Query, u.args(row, where)...)
}

// One runs the statement as [Tx.ExecOne] does.
func (u *Update[T]) One(tx *Tx, row *T, where ...any) error {
	return tx.ExecOne(u.Query, u.args(row, where)...)
}

// DeferGuarded runs the statement as [Tx.DeferGuarded] does.
func (u *Update[T]) DeferGuarded(tx *Tx, row *T, where ...any) error {
	return tx.DeferGuarded(u.Query, u.args(row, where)...)
}
