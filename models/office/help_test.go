package office_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func view(db *store.DB) *store.Tx { return db.View(context.Background()) }

// try runs fn in a transaction and returns its error.
func try(db *store.DB, fn func(tx *store.Tx) error) error {
	return db.Write(context.Background(), fn)
}

// notFound fails the test unless the error is models.ErrNotFound.
func notFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("%s: have %v, want models.ErrNotFound", what, err)
	}
}

// wantActions compares the audit log of a subject, the oldest line first.
func wantActions(t *testing.T, db *store.DB, subject, id string, want ...string) {
	t.Helper()
	list, err := office.AuditEntries(view(db), office.AuditFilter{Subject: subject, SubjectID: id, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range slices.Backward(list) {
		have = append(have, e.Action)
	}
	if !slices.Equal(have, want) {
		t.Errorf("the log of %s says %v, want %v", subject, have, want)
	}
}
