package models_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm/schema"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// partOfRow are structs that hold some of the columns of a table and are read only: the
// struct that holds all of them is written.
var partOfRow = map[reflect.Type]bool{
	reflect.TypeFor[estate.BillVisibility](): true, // what of a binding says whose bills it sees
}

// ownColumn are the columns that are not named after their field word by word, and the
// beginnings of those of an actor: MadeBy is made_kind, made_id and made_name.
var ownColumn = map[string]string{
	"AnswerSHA256": "answer_sha256", "BillSHA1": "bill_sha1", "FlowSHA1": "flow_sha1", // not answer_sha_256
	"money.Order.OpenID": "openid", "estate.User.OpenID": "openid", "UnionID": "unionid", // WeChat's spelling; a shipment has open_id
	"MadeBy": "made", "IssuedBy": "issued", "VoidBy": "void", "fees.Charge.VoidAsked": "void", "fees.Charge.VoidApproved": "approved",
}

// A leaf is a field that is a column, with the column that its own name asks for.
type leaf struct {
	path   string
	index  []int
	column string
	typ    reflect.Type
}

// leaves names the columns of a struct from the names of its fields alone, and not from
// what the tags or the mapping say: two tags that are swapped do not agree with it.
func leaves(t *testing.T, typ reflect.Type, prefix, path string, at []int) (out []leaf) {
	t.Helper()
	for i := range typ.NumField() {
		f := typ.Field(i)
		tags := schema.ParseTagSetting(f.Tag.Get("gorm"), ";")
		if !f.IsExported() || tags["-"] != "" {
			continue
		}
		index := append(append([]int(nil), at...), i)
		_, embedded := tags["EMBEDDED"]
		if f.Type.Kind() == reflect.Struct && (embedded || f.Anonymous) {
			own := prefix
			if !f.Anonymous {
				own += ownName(typ, f.Name) + "_"
			}
			out = append(out, leaves(t, f.Type, own, path+f.Name+".", index)...)
			continue
		}
		out = append(out, leaf{path + f.Name, index, prefix + ownName(typ, f.Name), f.Type})
	}
	return out
}

// ownName is the column, or the beginning of the columns, that the name of a field asks
// for.
func ownName(typ reflect.Type, field string) string {
	for _, name := range []string{field, typ.String() + "." + field} {
		if own, ok := ownColumn[name]; ok {
			return own
		}
	}
	return schema.NamingStrategy{}.ColumnName("", field)
}

// rounds is how many rows of each table are tried: enough to tell its bools apart, with
// pointers that are nil in the last one.
const rounds = 4

// fill returns a struct in which every field has a value of its own, another in every
// round. The values fit the narrowest columns: a text of five characters, a tinyint.
func fill(t *testing.T, typ reflect.Type, list []leaf, round int) reflect.Value {
	t.Helper()
	row, bools := reflect.New(typ), 0
	for i, l := range list {
		n := (i+7*round)%110 + 1
		v := row.Elem().FieldByIndex(l.index)
		if v.Kind() == reflect.Pointer {
			if round == rounds-1 {
				continue
			}
			v.Set(reflect.New(v.Type().Elem()))
			v = v.Elem()
		}
		switch v.Interface().(type) {
		case models.Time:
			v.Set(reflect.ValueOf(models.At(modelstest.Start.Add(time.Duration(n) * time.Hour))))
			continue
		case models.Date:
			v.Set(reflect.ValueOf(models.MustDate("2026-01-01").Plus(n)))
			continue
		case []byte:
			v.SetBytes(fmt.Appendf(nil, "b%d", n))
			continue
		}
		switch v.Kind() {
		case reflect.String:
			v.SetString(fmt.Sprintf("v%d", n))
		case reflect.Int, reflect.Int32, reflect.Int64:
			v.SetInt(int64(n))
		case reflect.Bool:
			bools++
			v.SetBool(bools>>round&1 == 1)
		default:
			t.Fatalf("%s.%s: no value for a %s: teach fill how to make one", typ, l.path, l.typ)
		}
	}
	if bools >= 1<<rounds || len(list) > 110 {
		t.Fatalf("%s: %d fields of which %d are bools are too many to have a value each", typ, len(list), bools)
	}
	return row
}

// TestRoundTrip writes a row of every table with a different value in each field and reads
// it back: by the mapping, by GORM, and column by column. What a field held must be in the
// column of the field's own name, whichever way it went in and comes out.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	modelstest.Unchecked(t, modelstest.Open(t), func(tx *store.Tx) error {
		for _, table := range store.Tables {
			if partOfRow[table.Type] {
				continue
			}
			list := leaves(t, table.Type, "", "", nil)
			for round := range rounds {
				row := fill(t, table.Type, list, round)
				if err := table.Insert(tx, row.Interface()); err != nil {
					return fmt.Errorf("%s: Insert: %w", table.Name, err)
				}
				if err := readBack(t, tx, table, list, row, "Insert"); err != nil {
					return err
				}
				if err := tx.Create(row.Interface()); err != nil {
					return fmt.Errorf("%s: Create: %w", table.Name, err)
				}
				if err := readBack(t, tx, table, list, row, "Create"); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// readBack reads the one row of a table in all ways, and empties the table.
func readBack(t *testing.T, tx *store.Tx, table store.TableInfo, list []leaf, want reflect.Value, by string) error {
	t.Helper()
	same := func(way string, have any) {
		if diff := cmp.Diff(want.Interface(), have); diff != "" {
			t.Errorf("%s: written by %s (-) and read by %s (+):\n%s", table.Name, by, way, diff)
		}
	}
	mapped, err := table.Row(tx, "")
	if err != nil {
		return fmt.Errorf("%s: Row: %w", table.Name, err)
	}
	same("Row", mapped)
	typed := reflect.New(table.Type)
	if err := tx.Gorm().Take(typed.Interface()).Error; err != nil {
		return fmt.Errorf("%s: Take: %w", table.Name, err)
	}
	same("GORM", typed.Interface())
	raw := reflect.New(table.Type)
	for _, l := range list {
		field := raw.Elem().FieldByIndex(l.index).Addr().Interface()
		if err := tx.QueryRow([]any{field}, "SELECT "+l.column+" FROM "+table.Name); err != nil {
			return fmt.Errorf("%s: %s: %w", table.Name, l.path, err)
		}
	}
	same("column", raw.Interface())
	for _, part := range store.Tables {
		if part.Name == table.Name && partOfRow[part.Type] {
			if err := readPart(t, tx, part); err != nil {
				return err
			}
		}
	}
	_, err = tx.Exec("DELETE FROM " + table.Name)
	return err
}

// readPart reads the one row of a table into a struct that holds some of its columns.
func readPart(t *testing.T, tx *store.Tx, part store.TableInfo) error {
	t.Helper()
	have, err := part.Row(tx, "")
	if err != nil {
		return fmt.Errorf("%s: %w", part.Type, err)
	}
	want := reflect.New(part.Type)
	for _, l := range leaves(t, part.Type, "", "", nil) {
		field := want.Elem().FieldByIndex(l.index).Addr().Interface()
		if err := tx.QueryRow([]any{field}, "SELECT "+l.column+" FROM "+part.Name); err != nil {
			return fmt.Errorf("%s: %s: %w", part.Type, l.path, err)
		}
	}
	if diff := cmp.Diff(want.Interface(), have); diff != "" {
		t.Errorf("%s: the columns (-) and the struct that holds some of them (+):\n%s", part.Type, diff)
	}
	return nil
}
