package store

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"gorm.io/gorm/schema"
)

// A field is a column and the place of its value in a struct.
type field struct {
	column string
	index  []int
}

// fields is the list of columns that a struct holds: the only one there is. Column
// text, scan targets and arguments all come from it, so that none of them can
// disagree with another.
type fields struct {
	list     []field
	byColumn map[string]int
}

var fieldsByType sync.Map // reflect.Type to *fields

// fieldsOf returns the columns of a struct type in the order of its fields, named as
// GORM names them: RoomID is room_id, a tag gorm:"column:…" takes precedence. An
// embedded struct is part of the one around it; with gorm:"embedded;embeddedPrefix:…"
// a named one is too. A field tagged gorm:"-", and a struct that is no column value
// by itself (no sql.Scanner), are no columns.
func fieldsOf(t reflect.Type) *fields {
	if have, ok := fieldsByType.Load(t); ok {
		return have.(*fields)
	}
	f := &fields{byColumn: map[string]int{}}
	f.add(t, "", nil)
	have, _ := fieldsByType.LoadOrStore(t, f)
	return have.(*fields)
}

func (f *fields) add(t reflect.Type, prefix string, at []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		tags := schema.ParseTagSetting(sf.Tag.Get("gorm"), ";")
		_, embedded := tags["EMBEDDED"]
		if !sf.IsExported() || tags["-"] != "" {
			continue
		}
		index := append(append([]int(nil), at...), i)
		if sf.Type.Kind() == reflect.Struct && !isColumn(sf.Type) {
			if sf.Anonymous || embedded {
				f.add(sf.Type, prefix+tags["EMBEDDEDPREFIX"], index)
			}
			continue
		}
		name := tags["COLUMN"]
		if name == "" {
			name = schema.NamingStrategy{}.ColumnName("", sf.Name)
		}
		if _, twice := f.byColumn[prefix+name]; twice {
			panic(fmt.Sprintf("store: %s has two fields for the column %s: give one of them a prefix", t, prefix+name))
		}
		f.byColumn[prefix+name] = len(f.list)
		f.list = append(f.list, field{prefix + name, index})
	}
}

var scanner = reflect.TypeFor[sql.Scanner]()

// isColumn reports whether a type is the value of one column.
func isColumn(t reflect.Type) bool {
	return t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(scanner)
}

// columns is the text of the list: "id, room_id, due_on".
func (f *fields) columns() string {
	names := make([]string, len(f.list))
	for i, c := range f.list {
		names[i] = c.column
	}
	return strings.Join(names, ", ")
}

// targets returns what a row with these columns is scanned into. A column that the
// struct does not hold is an error, as is one named twice.
func (f *fields) targets(columns []string) ([][]int, error) {
	out := make([][]int, len(columns))
	seen := make(map[string]bool, len(columns))
	for i, name := range columns {
		at, ok := f.byColumn[name]
		if !ok || seen[name] {
			return nil, fmt.Errorf("store: column %q of the statement has no field of its own", name)
		}
		seen[name], out[i] = true, f.list[at].index
	}
	return out, nil
}
