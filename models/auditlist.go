package models

import (
	"strconv"
	"strings"
)

// AuditFilter chooses lines of the audit log, newest first.
type AuditFilter struct {
	On        Date   // none: all days
	Actor     string // beginning of the actor's name, or their id; empty: all
	Subject   string // kind of subject, e.g. order; empty: all
	SubjectID string // empty: all
	After     string // AuditEntry.Cursor of the last one seen
	Limit     int
}

// Cursor is where the next page begins.
func (e AuditEntry) Cursor() string { return cursor(e.At, e.ID) }

// AuditEntries gives a page of the log.
func (tx *Tx) AuditEntries(f AuditFilter) ([]AuditEntry, error) {
	q := tx.g()
	if !f.On.IsZero() {
		q = q.Where("at >= ? AND at < ?", At(f.On.Start()), At((f.On + 1).Start()))
	}
	if f.Actor != "" {
		q = q.Where("(actor_name LIKE ? ESCAPE '!' OR actor_id = ?)", likeText(f.Actor)+"%", f.Actor)
	}
	if f.Subject != "" {
		q = q.Where("subject = ?", f.Subject)
	}
	if f.SubjectID != "" {
		q = q.Where("subject_id = ?", f.SubjectID)
	}
	if f.After != "" {
		at, id, err := fromCursor(f.After)
		if err != nil {
			return nil, err
		}
		q = q.Where("(at < ? OR (at = ? AND id < ?))", at, at, id)
	}
	var out []AuditEntry
	err := q.Order("at DESC, id DESC").Limit(f.Limit).Find(&out).Error
	return out, err
}

// cursor names a row of a list that is ordered by an instant and an id.
func cursor(at Time, id string) string { return strconv.FormatInt(at.UnixMilli(), 10) + "/" + id }

// fromCursor reads what cursor wrote; anything else is [ErrNotFound].
func fromCursor(s string) (int64, string, error) {
	ms, id, ok := strings.Cut(s, "/")
	at, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return 0, "", ErrNotFound
	}
	return at, id, nil
}
