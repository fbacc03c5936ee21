package store

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Image is a row as its table keeps it, by column: each value is a string, an int64,
// bytes or nil. It is for what must be kept of a row besides the row itself, such as what
// an import has changed. It is written as JSON.
type Image map[string]any

// imageOf returns the image of a row.
func (t *Table[T]) imageOf(row *T) (Image, error) {
	out := make(Image, len(t.fields.list))
	for i, value := range t.values(row) {
		v, err := driver.DefaultParameterConverter.ConvertValue(value)
		if err != nil {
			return nil, fmt.Errorf("store: column %s of %s: %w", t.fields.list[i].column, t.Name, err)
		}
		if b, ok := v.(bool); ok {
			v = int64(0)
			if b {
				v = int64(1)
			}
		}
		out[t.fields.list[i].column] = v
	}
	return out, nil
}

// images returns the rows with these ids, by id.
func (t *Table[T]) images(tx *Tx, ids []string) (map[string]Image, error) {
	out := make(map[string]Image, len(ids))
	return out, EachIn(tx, ids, func(row *T) error {
		image, err := t.imageOf(row)
		if err == nil {
			id, _ := image["id"].(string)
			out[id] = image
		}
		return err
	}, nil, t.Select("WHERE id (IN)"))
}

// info returns the mapping that holds all columns of a table.
func info(name string) (TableInfo, error) {
	var out TableInfo
	for _, t := range Tables {
		if t.Name == name && len(t.Columns) > len(out.Columns) {
			out = t
		}
	}
	if out.Name == "" {
		return out, fmt.Errorf("store: no table %q", name)
	}
	return out, nil
}

// Images returns the images of rows of a table that has a column id, by id. An id that is
// no row's is missing.
func Images(tx *Tx, table string, ids []string) (map[string]Image, error) {
	t, err := info(table)
	if err != nil {
		return nil, err
	}
	return t.images(tx, ids)
}

// Differs returns the columns in which two images of a row differ, among those that both
// have: a column that a later release adds does not count.
func (i Image) Differs(other Image) []string {
	var out []string
	for column, v := range i {
		w, ok := other[column]
		if ok && !equalValues(v, w) {
			out = append(out, column)
		}
	}
	return out
}

func equalValues(a, b any) bool {
	x, isBytes := a.([]byte)
	y, both := b.([]byte)
	if isBytes || both {
		return bytes.Equal(x, y)
	}
	return a == b
}

// RestoreImage sets columns of a row to what its image holds.
func RestoreImage(tx *Tx, table, id string, image Image, columns []string) error {
	t, err := info(table)
	if err != nil || len(columns) == 0 {
		return err
	}
	set, args := make([]string, len(columns)), make([]any, 0, len(columns)+1)
	for i, c := range columns {
		if !hasColumn(t, c) {
			return fmt.Errorf("store: table %s has no column %q", table, c)
		}
		set[i] = c + " = ?"
		args = append(args, image[c])
	}
	_, err = tx.Exec("UPDATE "+table+" SET "+strings.Join(set, ", ")+" WHERE id = ?", append(args, id)...)
	return err
}

// DropRows deletes rows of a table by id. A row that others refer to is an error of the
// database's foreign keys.
func DropRows(tx *Tx, table string, ids []string) error {
	if _, err := info(table); err != nil {
		return err
	}
	return InChunks(ids, func(part []string) error {
		_, err := tx.Exec("DELETE FROM "+table+" WHERE id "+"IN ("+Placeholders(len(part))+")", Args(part)...)
		return err
	})
}

// Reference is a column of a table by which its rows refer to others.
type Reference struct {
	Table  string
	Column string
	HasID  bool // the table has a column id
}

// References returns all columns of all tables with one of the names.
func References(columns ...string) []Reference {
	var out []Reference
	seen := map[Reference]bool{}
	for _, t := range Tables {
		whole, err := info(t.Name)
		if err != nil {
			continue
		}
		for _, c := range columns {
			r := Reference{Table: t.Name, Column: c, HasID: hasColumn(whole, "id")}
			if hasColumn(whole, c) && !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// Referring is a row that refers to another. ID is empty where the table has none.
type Referring struct {
	ID     string
	Target string
}

// ReferringTo calls fn for the rows that refer to one of the ids, and stops when fn returns
// false. Rows of a table with a column id come in its order, a page at a time.
func ReferringTo(tx *Tx, r Reference, ids []string, fn func(Referring) bool) error {
	const page = 1000
	query := "SELECT '' AS id, " + r.Column + " AS target FROM " + r.Table + " WHERE " + r.Column + " (IN) LIMIT ?"
	if r.HasID {
		query = "SELECT id, " + r.Column + " AS target FROM " + r.Table + " WHERE " + r.Column + " (IN) AND id > ? ORDER BY id LIMIT ?"
	}
	return InChunks(ids, func(part []string) error {
		for after := ""; ; {
			rest := []any{page}
			if r.HasID {
				rest = []any{after, page}
			}
			list, err := RowsIn[Referring](tx, part, nil, query, rest...)
			if err != nil {
				return err
			}
			for _, row := range list {
				if !fn(row) {
					return nil
				}
				after = row.ID
			}
			if len(list) < page || !r.HasID {
				return nil
			}
		}
	})
}

func hasColumn(t TableInfo, column string) bool {
	for _, c := range strings.Split(t.Columns, ", ") {
		if c == column {
			return true
		}
	}
	return false
}

// bytesKey marks bytes in the JSON of an image.
const bytesKey = "bytes"

// MarshalJSON writes the image; bytes become an object that holds them in base64.
func (i Image) MarshalJSON() ([]byte, error) {
	out := make(map[string]any, len(i))
	for column, v := range i {
		if b, ok := v.([]byte); ok {
			v = map[string][]byte{bytesKey: b}
		}
		out[column] = v
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what [Image.MarshalJSON] writes.
func (i *Image) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var in map[string]any
	if err := d.Decode(&in); err != nil {
		return err
	}
	if in == nil {
		*i = nil
		return nil
	}
	out := make(Image, len(in))
	for column, v := range in {
		switch v := v.(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return err
			}
			out[column] = n
		case map[string]any:
			var b struct{ Bytes []byte }
			again, err := json.Marshal(v)
			if err == nil {
				err = json.Unmarshal(again, &b)
			}
			if err != nil {
				return err
			}
			out[column] = b.Bytes
		case string, nil:
			out[column] = v
		default:
			return fmt.Errorf("store: column %s holds a %s", column, reflect.TypeOf(v))
		}
	}
	*i = out
	return nil
}
