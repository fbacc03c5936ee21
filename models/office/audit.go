package office

import (
	"encoding/json"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/store"
)

// AuditEntry is one line of the audit log: who did what to what, and when. The
// log only grows.
type AuditEntry struct {
	ID        string
	At        models.Time
	ActorKind string
	ActorID   string
	ActorName string
	Action    string // e.g. order.paid, staff.added
	Subject   string // e.g. order, room
	SubjectID string
	Detail    string // JSON, without personal data
	RequestID string
}

// TableName is the table.
func (AuditEntry) TableName() string { return "audit" }

var sqlInsertAudit = store.Hot("INSERT INTO audit (id, at, actor_kind, actor_id, actor_name, action, subject, subject_id, detail, request_id) VALUES (?,?,?,?,?,?,?,?,?,?)")

// Audit adds a line in the same transaction as the change. detail is any value
// that JSON can hold, or nil; it must be free of personal data.
func Audit(tx *store.Tx, by models.Actor, action, subject, subjectID string, detail any) error {
	if by.Kind == "" {
		return fmt.Errorf("models: %s of %s without an actor", action, subject)
	}
	text := ""
	if detail != nil {
		b, err := json.Marshal(detail)
		if err != nil {
			return err
		}
		text = string(b)
	}
	return tx.Defer(sqlInsertAudit, models.NewID(), tx.Now, by.Kind, by.ID, by.Name, action, subject, subjectID, text, models.RequestID(tx.Context()))
}
