package models

import "github.com/oklog/ulid/v2"

// NewID returns a new id: 26 letters and digits, sortable by time of creation, made
// without coordination between replicas (https://github.com/ulid/spec). Ids made in
// one process ascend strictly, so sorting by id is sorting by age.
func NewID() string { return ulid.Make().String() }

// FirstIDAt returns an id below every id made at that instant of real time or later: a
// list by id can begin at an instant.
func FirstIDAt(t Time) string {
	var id ulid.ULID
	_ = id.SetTime(uint64(max(t.UnixMilli(), 0))) // never negative, and far from the largest time
	return id.String()
}

// IsID reports whether a text has the form of an id. Any other text may be somebody's
// name, and does not belong in a log.
func IsID(text string) bool {
	_, err := ulid.ParseStrict(text)
	return err == nil
}
