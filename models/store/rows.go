package store

import (
	"database/sql"
	"reflect"

	"wuyepay/models"
)

// Rows runs a query and returns its rows. If T is a struct, each column goes to the
// field of its name (see [Table]), so that the order of neither matters; a computed
// column needs a name: COUNT(*) AS bills. Otherwise T is the type of the one column.
func Rows[T any](tx *Tx, query string, args ...any) ([]T, error) {
	var out []T
	err := Each(tx, func(row *T) error {
		out = append(out, *row)
		return nil
	}, query, args...)
	return out, err
}

// Row is [Rows] for a query of which only the first row counts. If there is none it
// returns [models.ErrNotFound].
func Row[T any](tx *Tx, query string, args ...any) (T, error) {
	var out T
	found := false
	err := Each(tx, func(row *T) error {
		if !found {
			out, found = *row, true
		}
		return nil
	}, query, args...)
	if err == nil && !found {
		err = models.ErrNotFound
	}
	return out, err
}

// Each is [Rows] for results that are too many to hold: it calls fn with one row
// after the other. fn must not keep the pointer.
func Each[T any](tx *Tx, fn func(row *T) error, query string, args ...any) error {
	return tx.query(func(rows *sql.Rows) error {
		var row T
		v := reflect.ValueOf(&row).Elem()
		if isColumn(v.Type()) {
			for rows.Next() {
				v.SetZero()
				if err := rows.Scan(&row); err != nil {
					return err
				}
				if err := fn(&row); err != nil {
					return err
				}
			}
			return nil
		}
		names, err := rows.Columns()
		if err != nil {
			return err
		}
		targets, err := fieldsOf(v.Type()).targets(names)
		if err != nil {
			return err
		}
		dest := make([]any, len(targets))
		for i, index := range targets {
			dest[i] = v.FieldByIndex(index).Addr().Interface()
		}
		for rows.Next() {
			v.SetZero()
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			if err := fn(&row); err != nil {
				return err
			}
		}
		return nil
	}, query, args...)
}

// chunk is how many values one IN list holds.
const chunk = 500

// InChunks calls fn with one part of a list after the other, none longer than an IN
// list may be. It calls nothing for an empty list.
func InChunks[T any](list []T, fn func(part []T) error) error {
	for len(list) > 0 {
		n := min(len(list), chunk)
		if err := fn(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// RowsIn is [Rows] for a query with an IN list of any length: the query holds (IN)
// where the list goes, and is run once for each part of it. before and after are the
// arguments around the list.
//
//	bills, err := store.RowsIn[Bill](tx, roomIDs, nil, "SELECT "+bills.Columns+" FROM bills WHERE room_id (IN) AND due_on <= ?", day)
func RowsIn[T, K any](tx *Tx, list []K, before []any, query string, after ...any) ([]T, error) {
	var out []T
	err := EachIn(tx, list, func(row *T) error {
		out = append(out, *row)
		return nil
	}, before, query, after...)
	return out, err
}

// EachIn is [RowsIn] with a function that is called for each row.
func EachIn[T, K any](tx *Tx, list []K, fn func(row *T) error, before []any, query string, after ...any) error {
	return InChunks(list, func(part []K) error {
		args := make([]any, 0, len(before)+len(part)+len(after))
		args = append(append(append(args, before...), Args(part)...), after...)
		return Each(tx, fn, inList(query, len(part)), args...)
	})
}

// Group collects rows by a key, in the order in which they come.
func Group[K comparable, T any](rows []T, key func(*T) K) map[K][]T {
	out := make(map[K][]T, len(rows))
	for i := range rows {
		k := key(&rows[i])
		out[k] = append(out[k], rows[i])
	}
	return out
}

// Index maps rows by a key of which each has its own.
func Index[K comparable, T any](rows []T, key func(*T) K) map[K]T {
	out := make(map[K]T, len(rows))
	for i := range rows {
		out[key(&rows[i])] = rows[i]
	}
	return out
}
