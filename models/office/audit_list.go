package office

import (
	"strconv"
	"strings"

	"wuyepay/models"
	"wuyepay/models/store"
)

// AuditFilter chooses lines of the audit log, newest first.
type AuditFilter struct {
	On        models.Date // none: all days
	Actor     string      // beginning of the actor's name, or their id; empty: all
	Subject   string      // kind of subject, e.g. order; empty: all
	SubjectID string      // empty: all
	After     string      // AuditEntry.Cursor of the last one seen
	Limit     int
}

// Cursor is where the next page begins.
func (e AuditEntry) Cursor() string { return Cursor(e.At, e.ID) }

// AuditEntries gives a page of the log.
func AuditEntries(tx *store.Tx, f AuditFilter) ([]AuditEntry, error) {
	q := tx.Gorm()
	if !f.On.IsZero() {
		q = q.Where("at >= ? AND at < ?", models.At(f.On.Start()), models.At((f.On + 1).Start()))
	}
	if f.Actor != "" {
		q = q.Where("(actor_name LIKE ? ESCAPE '!' OR actor_id = ?)", store.Like(f.Actor)+"%", f.Actor)
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
	var out []AuditEntry
	err := q.Order("at DESC, id DESC").Limit(f.Limit).Find(&out).Error
	return out, err
}

// Cursor names a row of a list that is ordered by an instant and an id.
func Cursor(at models.Time, id string) string {
	return strconv.FormatInt(at.UnixMilli(), 10) + "/" + id
}

// fromCursor reads what cursor wrote; anything else is [models.ErrNotFound].
func FromCursor(s string) (int64, string, error) {
	ms, id, ok := strings.Cut(s, "/")
	at, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return 0, "", models.ErrNotFound
	}
	return at, id, nil
}
