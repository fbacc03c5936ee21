package console_test

import (
	"context"
	"net/url"
	"regexp"
	"testing"

	"wuyepay/models"
)

func escape(s string) string { return url.QueryEscape(s) }

// findAll gives the first group of every match.
func findAll(text, pattern string) []string {
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

func lastFour(t testing.TB, w *world, r models.Room) string {
	t.Helper()
	owners, err := w.db.View(context.Background()).RoomOwners(r.ID, w.db.Today())
	if err != nil || len(owners) == 0 {
		t.Fatalf("owners of the room: %v %v", owners, err)
	}
	return owners[0].PhoneLast4
}

// audited gives the actions in the log about a subject, newest first.
func audited(t testing.TB, w *world, subject, id string) []models.AuditEntry {
	t.Helper()
	list, err := w.db.View(context.Background()).AuditEntries(models.AuditFilter{Subject: subject, SubjectID: id, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
