package consoletest

import (
	"context"
	"testing"

	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// FindingID returns the id of the finding about an order.
func FindingID(t *testing.T, w *World, orderNo string) string {
	t.Helper()
	list, err := proof.FindingPage(w.DB.View(t.Context()), proof.FindingFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.OrderNo == orderNo {
			return f.ID
		}
	}
	t.Fatal("no finding of " + orderNo)
	return ""
}

// Audited returns the lines of the audit log about a subject, the newest first.
func Audited(t testing.TB, w *World, subject, id string) []office.AuditEntry {
	t.Helper()
	list, err := office.AuditEntries(w.DB.View(context.Background()), office.AuditFilter{Subject: subject, SubjectID: id, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// CountActions returns how many lines of the audit log about a room have the action.
func CountActions(t testing.TB, w *World, roomID, action string) (n int) {
	t.Helper()
	for _, e := range Audited(t, w, "room", roomID) {
		if e.Action == action {
			n++
		}
	}
	return n
}

// BooksAgree fails the test unless every rule of the books holds.
func BooksAgree(t *testing.T, db *store.DB) {
	t.Helper()
	if found, err := proof.Check(db.View(t.Context())); err != nil || len(found) > 0 {
		t.Fatalf("the books do not agree: %v %v", found, err)
	}
}
