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
	NoticeSkipped = "skipped" // nothing is owed any more, or there is no way to reach them
	NoticeFailed  = "failed"
)

// NoticeUnknown is the reason of a failed [Notice] that may have arrived all the
// same: it is never sent again.
const NoticeUnknown = "unknown"

// StepPrepaidShort is the step of a [Notice] that a room's prepayment will not cover
// its next bills. It is of no bill, so it never stands for a step of one.
const StepPrepaidShort = "prepaid_short"

// Notice is a message of the outbox. Dedupe makes it exist once however often a
// pass runs. ClaimedBy holds it while it is being sent, until ClaimedUntil; a
// claim that outlives that has an unknown outcome. Step and DueOn say which step
// of the reminding calendar it is and for bills due when. NextTryAt and
// ClaimedUntil are real time, the others business time.
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

const noticeColumns = `id, dedupe, template, step, due_on, user_id, room_id, order_no, request_id, due_fen, status, reason, tries, next_try_at,
	claimed_by, claimed_until, business_on, created_at, sent_at`

func (n *Notice) dest() []any {
	return []any{&n.ID, &n.Dedupe, &n.Template, &n.Step, &n.DueOn, &n.UserID, &n.RoomID, &n.OrderNo, &n.RequestID, &n.DueFen, &n.Status, &n.Reason, &n.Tries,
		&n.NextTryAt, &n.ClaimedBy, &n.ClaimedUntil, &n.BusinessOn, &n.CreatedAt, &n.SentAt}
}

func (n *Notice) values() []any {
	return []any{n.ID, n.Dedupe, n.Template, n.Step, n.DueOn, n.UserID, n.RoomID, n.OrderNo, n.RequestID, n.DueFen, n.Status, n.Reason, n.Tries,
		n.NextTryAt, n.ClaimedBy, n.ClaimedUntil, n.BusinessOn, n.CreatedAt, n.SentAt}
}

// fill completes a new notice.
func (n *Notice) fill(tx *store.Tx) {
	n.ID, n.Status, n.BusinessOn, n.CreatedAt = models.NewID(), NoticeQueued, tx.Today(), tx.Now
}

var sqlInsertNotice = store.Hot("INSERT INTO notices (" + noticeColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)" + store.OrKeep)

// QueueNotice puts one message into the outbox, with a single insert. A message
// that is there already stays as it is.
func QueueNotice(tx *store.Tx, n *Notice) error {
	n.fill(tx)
	return tx.Defer(sqlInsertNotice, n.values()...)
}

// QueueNotices puts many messages into the outbox and gives the number of those
// that were not there yet.
func QueueNotices(tx *store.Tx, list []Notice) (int64, error) {
	rows := make([][]any, len(list))
	for i := range list {
		list[i].fill(tx)
		rows[i] = list[i].values()
	}
	return tx.InsertRows(true, "notices", noticeColumns, rows)
}

// DueNotice is a message to send now, in short.
type DueNotice struct {
	ID        string
	Template  string
	UserID    string
	RoomID    string
	Reason    string // why it was put off before, or empty
	Remaining int    // messages of the template that its user has left
}

var sqlDueNotices = store.Hot(`SELECT n.id, n.template, n.user_id, n.room_id, n.reason, COALESCE(s.remaining, 0) FROM notices n
	LEFT JOIN subscriptions s ON s.user_id = n.user_id AND s.template = n.template
	WHERE n.status = 'queued' AND n.template = ? AND n.next_try_at <= ? ORDER BY n.next_try_at, n.id LIMIT ?`)

// DueNotices gives the oldest messages of a template that wait to be sent by now
// (real time).
func DueNotices(tx *store.Tx, template string, now models.Time, limit int) ([]DueNotice, error) {
	var out []DueNotice
	err := tx.QueryRows(func(scan func(...any) error) error {
		var n DueNotice
		if err := scan(&n.ID, &n.Template, &n.UserID, &n.RoomID, &n.Reason, &n.Remaining); err != nil {
			return err
		}
		out = append(out, n)
		return nil
	}, sqlDueNotices, template, now, limit)
	return out, err
}

var (
	sqlClaimNotice = store.Hot(`UPDATE notices SET status = 'sending', claimed_by = ?, claimed_until = ?, tries = tries + 1
		WHERE id = ? AND status = 'queued' AND next_try_at <= ?`)
	sqlNoticeByID = store.Hot("SELECT " + noticeColumns + " FROM notices WHERE id = ?")
)

// ClaimNotice takes a waiting message to send it: false if somebody else was
// quicker. The claim and now are real time.
func ClaimNotice(tx *store.Tx, id, holder string, now, until models.Time) (Notice, bool, error) {
	ok, err := tx.ExecGuarded(sqlClaimNotice, holder, until, id, now)
	if err != nil || !ok {
		return Notice{}, false, err
	}
	n, err := NoticeByID(tx, id)
	return n, err == nil, err
}

// NoticeByID finds a message.
func NoticeByID(tx *store.Tx, id string) (Notice, error) {
	var n Notice
	return n, tx.QueryRow(n.dest(), sqlNoticeByID, id)
}

// SetNoticeDue keeps what was owed in the moment of sending.
func SetNoticeDue(tx *store.Tx, n *Notice, due models.Fen) error {
	n.DueFen = due
	_, err := tx.Exec("UPDATE notices SET due_fen = ? WHERE id = ?", due, n.ID)
	return err
}

// The claim that learned the outcome decides, also when the claim had run out and
// the message was given up as unknown meanwhile.
const claimHeld = " WHERE id = ? AND claimed_by = ? AND (status = 'sending' OR (status = 'failed' AND reason = 'unknown'))"

var sqlFinishNotice = store.Hot("UPDATE notices SET status = ?, reason = ?, sent_at = ?, claimed_until = 0" + claimHeld)

// FinishNotice ends a claimed message; false if the claim is no longer held.
// again lets the same step be queued anew: its dedupe key is given up.
func FinishNotice(tx *store.Tx, n *Notice, status, reason string, again bool) (bool, error) {
	sent := models.Time{}
	if status == NoticeSent {
		sent = tx.Now
	}
	ok, err := tx.ExecGuarded(sqlFinishNotice, status, reason, sent, n.ID, n.ClaimedBy)
	if err != nil || !ok || !again {
		return ok, err
	}
	return true, tx.ExecOne("UPDATE notices SET dedupe = CONCAT(dedupe, '#', id) WHERE id = ?", n.ID)
}

// RequeueNotice gives a claimed message back, to be tried again at a real time;
// false if the claim is no longer held.
func RequeueNotice(tx *store.Tx, n *Notice, next models.Time, reason string) (bool, error) {
	return tx.ExecGuarded("UPDATE notices SET status = 'queued', reason = ?, next_try_at = ?, claimed_until = 0"+claimHeld, reason, next, n.ID, n.ClaimedBy)
}

// SkipNotices ends waiting messages that cannot or need not be sent, and lets
// their steps be queued anew.
func SkipNotices(tx *store.Tx, ids []string, reason string) (int64, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	return tx.Exec("UPDATE notices SET status = 'skipped', reason = ?, dedupe = CONCAT(dedupe, '#', id) WHERE status = 'queued' AND id IN ("+store.Placeholders(len(ids))+")",
		append([]any{reason}, store.Args(ids)...)...)
}

// DeferNotices puts waiting messages off to a real time.
func DeferNotices(tx *store.Tx, ids []string, next models.Time, reason string) (int64, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	return tx.Exec("UPDATE notices SET next_try_at = ?, reason = ? WHERE status = 'queued' AND id IN ("+store.Placeholders(len(ids))+")",
		append([]any{next, reason}, store.Args(ids)...)...)
}

// WakeNotices has a user's waiting messages of a template, put off for a reason,
// looked at again at once.
func WakeNotices(tx *store.Tx, userID, template, reason string) error {
	_, err := tx.Exec("UPDATE notices SET next_try_at = 0 WHERE user_id = ? AND template = ? AND status = 'queued' AND reason = ?", userID, template, reason)
	return err
}

// AlsoReminded tells whether the user was, or may have been, sent another message
// of the templates for the same room on the same day.
func AlsoReminded(tx *store.Tx, n *Notice, templates []string) (bool, error) {
	count := 0
	err := tx.QueryRow([]any{&count}, `SELECT COUNT(*) FROM notices WHERE room_id = ? AND business_on = ? AND user_id = ? AND id <> ?
		AND template IN (`+store.Placeholders(len(templates))+") AND (status IN ('sending','sent') OR (status = 'failed' AND reason = 'unknown'))",
		append([]any{n.RoomID, n.BusinessOn, n.UserID, n.ID}, store.Args(templates)...)...)
	return count > 0, err
}

// GiveUpClaims ends claims that ran out before now (real time): whether WeChat
// took the message is not known, so it is never sent again.
func GiveUpClaims(tx *store.Tx, now models.Time) (int64, error) {
	return tx.Exec("UPDATE notices SET status = 'failed', reason = 'unknown' WHERE status = 'sending' AND claimed_until < ?", now)
}

// ExpireNotices ends messages that were queued before a day and still wait: a
// reminder is for its day only.
func ExpireNotices(tx *store.Tx, templates []string, before models.Date, limit int) (int64, error) {
	var ids []string
	err := tx.QueryRows(func(scan func(...any) error) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		ids = append(ids, id)
		return nil
	}, "SELECT id FROM notices WHERE status = 'queued' AND business_on < ? AND template IN ("+store.Placeholders(len(templates))+") LIMIT ?",
		append(append([]any{before}, store.Args(templates)...), limit)...)
	if err != nil {
		return 0, err
	}
	return SkipNotices(tx, ids, "stale")
}

// RoomReminder is the last reminder of a template that a user got, or may have
// got, for a room.
type RoomReminder struct {
	RoomID   string
	UserID   string
	Template string
	LastOn   models.Date
}

// LastReminders gives, for each of the rooms' users and templates, the day of the
// last message about a bill that waits, was sent or may have arrived.
func LastReminders(tx *store.Tx, roomIDs, templates []string) ([]RoomReminder, error) {
	var out []RoomReminder
	err := tx.QueryRows(func(scan func(...any) error) error {
		var r RoomReminder
		if err := scan(&r.RoomID, &r.UserID, &r.Template, &r.LastOn); err != nil {
			return err
		}
		out = append(out, r)
		return nil
	}, `SELECT room_id, user_id, template, MAX(business_on) FROM notices
		WHERE room_id IN (`+store.Placeholders(len(roomIDs))+") AND template IN ("+store.Placeholders(len(templates))+`)
		AND (status IN ('queued','sending','sent') OR (status = 'failed' AND reason = 'unknown'))
		AND step <> '`+StepPrepaidShort+`' GROUP BY room_id, user_id, template`, append(store.Args(roomIDs), store.Args(templates)...)...)
	return out, err
}

// ReminderDays gives, by room, the days since a day on which the room was, or was
// to be, sent a message of the templates; failed attempts count.
func ReminderDays(tx *store.Tx, roomIDs, templates []string, since models.Date) (map[string][]models.Date, error) {
	out := map[string][]models.Date{}
	args := append(append(store.Args(roomIDs), since), store.Args(templates)...)
	err := tx.QueryRows(func(scan func(...any) error) error {
		var room string
		var on models.Date
		if err := scan(&room, &on); err != nil {
			return err
		}
		out[room] = append(out[room], on)
		return nil
	}, "SELECT DISTINCT room_id, business_on FROM notices WHERE room_id IN ("+store.Placeholders(len(roomIDs))+`) AND business_on >= ?
		AND template IN (`+store.Placeholders(len(templates))+") AND status <> 'skipped' ORDER BY room_id, business_on", args...)
	return out, err
}

// NoticesOfRoom gives the newest messages about a room.
func NoticesOfRoom(tx *store.Tx, roomID string, limit int) ([]Notice, error) {
	var out []Notice
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Notice{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+noticeColumns+" FROM notices WHERE room_id = ? ORDER BY created_at DESC, id DESC LIMIT ?", roomID, limit)
	return out, err
}
