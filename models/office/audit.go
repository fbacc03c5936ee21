package office

import (
	"encoding/json"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/store"
)

// AuditEntry is one line of the audit log: who did what to what, and when. The log
// only grows.
type AuditEntry struct {
	ID        string
	At        models.Time
	Actor     models.Actor `gorm:"embedded;embeddedPrefix:actor_"`
	Action    string       // for example order.paid, staff.added
	Subject   string       // for example order, room
	SubjectID string
	Detail    string // JSON, without personal data
	RequestID string // of the HTTP request; empty for a job or a command
}

// TableName returns the table, for GORM.
func (AuditEntry) TableName() string { return "audit" }

var auditTable = store.NewTable[AuditEntry]("audit").Hot(1)

// Audit adds a line in the same transaction as the change. detail is any value that
// JSON can hold, or nil; it must be free of personal data. A change without an actor
// is an error.
func Audit(tx *store.Tx, by models.Actor, action, subject, subjectID string, detail any) error {
	if by.Kind == "" {
		return fmt.Errorf("office: %s of %s without an actor", action, subject)
	}
	text := ""
	if detail != nil {
		b, err := json.Marshal(detail)
		if err != nil {
			return err
		}
		text = string(b)
	}
	return auditTable.DeferInsert(tx, AuditEntry{
		ID: models.NewID(), At: tx.Now, Actor: by, Action: action, Subject: subject, SubjectID: subjectID,
		Detail: text, RequestID: models.RequestID(tx.Context()),
	})
}
