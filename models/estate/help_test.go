package estate_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// today is the day on which the clock of a test database stands.
var today = models.DateOf(modelstest.Start)

func day(s string) models.Date {
	if s == "" {
		return 0
	}
	return models.MustDate(s)
}

func view(db *store.DB) *store.Tx { return db.View(context.Background()) }

// try runs fn in a transaction and returns its error.
func try(db *store.DB, fn func(tx *store.Tx) error) error {
	return db.Write(context.Background(), fn)
}

// must fails the test if there is an error, and returns the value.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// want compares two lists that hold comparable values.
func want[T comparable](t *testing.T, what string, have []T, want ...T) {
	t.Helper()
	if !slices.Equal(have, want) {
		t.Errorf("%s: have %v, want %v", what, have, want)
	}
}

// notFound fails the test unless the error is models.ErrNotFound.
func notFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("%s: have %v, want models.ErrNotFound", what, err)
	}
}

func codes(rooms []estate.Room) []string {
	out := make([]string, len(rooms))
	for i, r := range rooms {
		out[i] = r.Code
	}
	return out
}

func names(owners []estate.Owner) []string {
	out := make([]string, len(owners))
	for i, o := range owners {
		out[i] = o.Name
	}
	return out
}

// hold adds a person who holds the room in a role from one day to another; an empty
// text is no day.
func hold(t *testing.T, db *store.DB, r estate.Room, role, name, phone, from, to string) (estate.Owner, estate.Tenure) {
	t.Helper()
	var o estate.Owner
	var n estate.Tenure
	modelstest.Write(t, db, func(tx *store.Tx) error {
		o = estate.NewOwner(tx, r.CommunityID, name, phone)
		n = estate.Tenure{
			ID: models.NewID(), RoomID: r.ID, OwnerID: o.ID, Role: role, FromOn: day(from), ToOn: day(to), CreatedAt: tx.Now,
		}
		return errors.Join(estate.InsertOwners(tx, []estate.Owner{o}), estate.InsertTenures(tx, []estate.Tenure{n}))
	})
	return o, n
}

// actions returns what the audit log says of a subject, the oldest first.
func actions(t *testing.T, db *store.DB, subject, id string) []string {
	t.Helper()
	list := must[[]office.AuditEntry](t)(office.AuditEntries(view(db), office.AuditFilter{Subject: subject, SubjectID: id, Limit: 100}))
	var out []string
	for _, e := range slices.Backward(list) {
		out = append(out, e.Action)
	}
	return out
}
