package messages

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

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
	NoticeSending = "sending" // claimed: WeChat may have it by now
	NoticeSent    = "sent"
	NoticeSkipped = "skipped" // nothing is owed any more, or there is no way to reach the user
	NoticeFailed  = "failed"
)

// NoticeUnknown is the reason of a failed [Notice] that may have arrived all the same:
// it is never sent again.
const NoticeUnknown = "unknown"

// StepPrepaidShort is the step of a [Notice] that a room's prepayment will not cover its
// next bills. It is of no bill, so it never stands for a step of one.
const StepPrepaidShort = "prepaid_short"

// Notice is a message of the outbox. Dedupe makes it exist once however often a pass
// runs: "payment_received/" and the order number, for example. ClaimedBy holds it while
// it is being sent, until ClaimedUntil; a claim that outlives that has an unknown
// outcome. Step and DueOn say which step of the reminding calendar it is, and for bills
// due when. NextTryAt and ClaimedUntil are real time, the others business time.
type Notice struct {
	ID           string
	Dedupe       string
	Template     string
	Step         string
	DueOn        models.Date
	UserID       string
	RoomID       string
	OrderNo      string
	RequestID    string     // of a request that was decided, or number of a refund that arrived
	DueFen       models.Fen // what was owed when it was sent
	Status       string
	Reason       string
	Tries        int
	NextTryAt    models.Time
	ClaimedBy    string
	ClaimedUntil models.Time
	BusinessOn   models.Date
	CreatedAt    models.Time
	SentAt       models.Time
}

var noticeTable = store.NewTable[Notice]("notices").HotOrKeep()

// fill completes a new notice.
func (n *Notice) fill(tx *store.Tx) {
	n.ID, n.Status, n.BusinessOn, n.CreatedAt = models.NewID(), NoticeQueued, tx.Today(), tx.Now
}

// QueueNotice puts one message into the outbox, with a single insert. A message with the
// same Dedupe stays as it is.
func QueueNotice(tx *store.Tx, n *Notice) error {
	n.fill(tx)
	return noticeTable.DeferInsertOrKeep(tx, *n)
}

// QueueNotices puts many messages into the outbox and returns the number of those that
// were not there yet.
func QueueNotices(tx *store.Tx, list []Notice) (int64, error) {
	for i := range list {
		list[i].fill(tx)
	}
	return noticeTable.InsertNew(tx, list...)
}

var sqlNoticeByID = store.Hot(noticeTable.Select("WHERE id = ?"))

// NoticeByID returns a message, or [models.ErrNotFound].
func NoticeByID(tx *store.Tx, id string) (Notice, error) {
	return store.Row[Notice](tx, sqlNoticeByID, id)
}

// NoticesOfRoom returns the newest messages about a room.
func NoticesOfRoom(tx *store.Tx, roomID string, limit int) ([]Notice, error) {
	return store.G[Notice](tx).Where("room_id = ?", roomID).Order("created_at DESC, id DESC").Limit(limit).Find(tx.Context())
}

// SetNoticeDue keeps what was owed in the moment of sending.
func SetNoticeDue(tx *store.Tx, n *Notice, due models.Fen) error {
	n.DueFen = due
	_, err := store.G[Notice](tx).Where("id = ?", n.ID).Update(tx.Context(), "due_fen", due)
	return err
}

// WakeNotices has the waiting messages of a user and template that were put off for a
// reason looked at again at once.
func WakeNotices(tx *store.Tx, userID, template, reason string) error {
	_, err := store.G[Notice](tx).
		Where("user_id = ? AND template = ? AND status = ? AND reason = ?", userID, template, NoticeQueued, reason).
		Update(tx.Context(), "next_try_at", 0)
	return err
}
