package office_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestAudit(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	by := models.Actor{Kind: models.ActorStaff, ID: models.NewID(), Name: "陈静"}
	ctx := models.WithRequestID(context.Background(), "req-1")
	err := db.Write(ctx, func(tx *store.Tx) error {
		return office.Audit(tx, by, "order.paid", "order", "no1", map[string]any{"fen": 700})
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := office.AuditEntries(view(db), office.AuditFilter{Limit: 10})
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	want := office.AuditEntry{
		ID: list[0].ID, At: db.Now(), Actor: by, Action: "order.paid", Subject: "order", SubjectID: "no1",
		Detail: `{"fen":700}`, RequestID: "req-1",
	}
	if list[0] != want || !models.IsID(want.ID) {
		t.Errorf("the line is %+v, want %+v", list[0], want)
	}
	for what, line := range map[string]func(tx *store.Tx) error{
		"nobody": func(tx *store.Tx) error { return office.Audit(tx, models.Actor{}, "x", "y", "z", nil) },
		"JSON":   func(tx *store.Tx) error { return office.Audit(tx, by, "x", "y", "z", func() {}) },
	} {
		if err := try(db, line); err == nil {
			t.Errorf("%s: a line was written", what)
		}
	}
}

// TestAuditEntries has two lines on each of three days, and looks for them.
func TestAuditEntries(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	chen := models.Actor{Kind: models.ActorStaff, ID: models.NewID(), Name: "陈静"}
	lin := models.Actor{Kind: models.ActorStaff, ID: models.NewID(), Name: "陈_%静好"}
	today := models.DateOf(modelstest.Start)
	for i, at := range []time.Time{today.Start().Add(-time.Millisecond), today.Start(), (today + 1).Start()} {
		clock.Set(at)
		modelstest.Write(t, db, func(tx *store.Tx) error {
			if err := office.Audit(tx, chen, "a"+string(rune('0'+i)), "order", "1", nil); err != nil {
				return err
			}
			return office.Audit(tx, lin, "b"+string(rune('0'+i)), "room", "2", nil)
		})
	}
	for _, tt := range []struct {
		name string
		f    office.AuditFilter
		want string
	}{
		{"all", office.AuditFilter{}, "b2 a2 b1 a1 b0 a0"},
		{"the day before", office.AuditFilter{On: today - 1}, "b0 a0"},
		{"today", office.AuditFilter{On: today}, "b1 a1"},
		{"tomorrow", office.AuditFilter{On: today + 1}, "b2 a2"},
		{"a day without", office.AuditFilter{On: today + 2}, ""},
		{"by id", office.AuditFilter{Actor: chen.ID}, "a2 a1 a0"},
		{"by the beginning of a name", office.AuditFilter{Actor: "陈"}, "b2 a2 b1 a1 b0 a0"},
		{"by signs that LIKE knows", office.AuditFilter{Actor: "陈_%"}, "b2 b1 b0"},
		{"by the end of a name", office.AuditFilter{Actor: "静"}, ""},
		{"of a kind", office.AuditFilter{Subject: "room"}, "b2 b1 b0"},
		{"of one", office.AuditFilter{Subject: "order", SubjectID: "1", On: today}, "a1"},
		{"of none", office.AuditFilter{Subject: "order", SubjectID: "2"}, ""},
	} {
		var have []string
		for tt.f.Limit = 2; ; {
			list, err := office.AuditEntries(view(db), tt.f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list {
				have = append(have, e.Action)
				tt.f.After = e.Cursor()
			}
			if len(list) < tt.f.Limit {
				break
			}
		}
		if !slices.Equal(have, strings.Fields(tt.want)) {
			t.Errorf("%s, page by page: %v, want %s", tt.name, have, tt.want)
		}
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	at, id, err := office.FromCursor(office.Cursor(models.At(modelstest.Start), "01/A"))
	if err != nil || at != modelstest.Start.UnixMilli() || id != "01/A" {
		t.Errorf("the cursor is of %d and %s, %v", at, id, err)
	}
	for _, text := range []string{"", "/", "x", "1773540000000", "now/01A", "1e3/01A", " 1/01A"} {
		_, _, err := office.FromCursor(text)
		notFound(t, "the cursor "+text, err)
	}
	db := modelstest.Open(t)
	_, err = office.AuditEntries(view(db), office.AuditFilter{After: "x", Limit: 1})
	notFound(t, "the log after a cursor that is none", err)
}
