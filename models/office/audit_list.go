package office

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// AuditFilter chooses lines of the audit log, newest first.
type AuditFilter struct {
	On        models.Date // none: all days
	Actor     string      // beginning of the actor's name, or their id; empty: all
	Subject   string      // kind of subject, for example order; empty: all
	SubjectID string      // empty: all
	After     string      // AuditEntry.Cursor of the last one seen
	Limit     int
}

// Cursor returns where the next page begins.
func (e AuditEntry) Cursor() string { return Cursor(e.At, e.ID) }

// AuditEntries returns a page of the log. A cursor that is none is
// [models.ErrNotFound].
func AuditEntries(tx *store.Tx, f AuditFilter) ([]AuditEntry, error) {
	q := store.G[AuditEntry](tx).Order("at DESC, id DESC").Limit(f.Limit)
	if !f.On.IsZero() {
		q = q.Where("at >= ? AND at < ?", models.At(f.On.Start()), models.At((f.On + 1).Start()))
	}
	switch {
	case models.IsID(f.Actor):
		q = q.Where("(actor_name LIKE ? ESCAPE '!' OR actor_id = ?)", store.Like(f.Actor)+"%", f.Actor)
	case f.Actor != "": // MySQL finds nothing at all when it is to compare an id with a Chinese name
		q = q.Where("actor_name LIKE ? ESCAPE '!'", store.Like(f.Actor)+"%")
	}
	if f.Subject != "" {
		q = q.Where("subject = ?", f.Subject)
	}
	if f.SubjectID != "" {
		q = q.Where("subject_id = ?", f.SubjectID)
	}
	if f.After != "" {
		at, id, err := FromCursor(f.After)
		if err != nil {
			return nil, err
		}
		q = q.Where("(at < ? OR (at = ? AND id < ?))", at, at, id)
	}
	return q.Find(tx.Context())
}
