package models

// Templates of messages; each key stands in miniprogram.templates.
const (
	TemplateBillReady       = "bill_ready"
	TemplateDueSoon         = "due_soon"
	TemplateOverdue         = "overdue"
	TemplatePaymentReceived = "payment_received"
	TemplateRequestDecided  = "request_decided"
)

// States of a [Notice].
const (
	NoticeQueued  = "queued"
	NoticeSent    = "sent"
	NoticeSkipped = "skipped" // nothing is owed any more, or there is no way to reach them
	NoticeFailed  = "failed"
)

// Notice is a message of the outbox. Dedupe makes it exist once however often a
// pass runs. ClaimedBy holds it while it is being sent.
type Notice struct {
	ID           string
	Dedupe       string
	Template     string
	Step         string
	UserID       string
	RoomID       string
	OrderNo      string
	DueFen       Fen
	Status       string
	Reason       string
	Tries        int
	NextTryAt    Time
	ClaimedBy    string
	ClaimedUntil Time
	BusinessOn   Date
	CreatedAt    Time
	SentAt       Time
}

// Subscription is how many messages of a template a user may still be sent.
type Subscription struct {
	UserID    string
	Template  string
	Remaining int
	UpdatedAt Time
}

// SubscriptionEntry is one grant or one use.
type SubscriptionEntry struct {
	ID        string
	UserID    string
	Template  string
	Delta     int
	Reason    string
	NoticeID  string
	CreatedAt Time
}

// Lease is who runs a job at the moment.
type Lease struct {
	Name    string
	Holder  string
	UntilAt Time
}
