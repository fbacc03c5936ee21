package consoletest

import (
	"context"
	"testing"

	"wuyepay/models"
)

// FindingID finds the finding of an order on the list.
func FindingID(t *testing.T, w *World, orderNo string) string {
	t.Helper()
	list, err := w.Db.View(t.Context()).FindingPage(models.FindingFilter{Limit: 100})
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

// Audited gives the actions in the log about a subject, newest first.
func Audited(t testing.TB, w *World, subject, id string) []models.AuditEntry {
	t.Helper()
	list, err := w.Db.View(context.Background()).AuditEntries(models.AuditFilter{Subject: subject, SubjectID: id, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func CountActions(t testing.TB, w *World, roomID, action string) (n int) {
	t.Helper()
	for _, e := range Audited(t, w, "room", roomID) {
		if e.Action == action {
			n++
		}
	}
	return n
}

func BooksAgree(t *testing.T, db *models.DB) {
	t.Helper()
	if found, err := db.View(t.Context()).Check(); err != nil || len(found) > 0 {
		t.Fatalf("the books do not agree: %v %v", found, err)
	}
}
