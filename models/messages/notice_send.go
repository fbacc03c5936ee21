package messages

import (
	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/store"
)

// DueNotice is a message to send now, in short.
type DueNotice struct {
	ID        string
	Template  string
	UserID    string
	RoomID    string
	Reason    string // why it was put off before, or empty
	Remaining int    // messages of the template that its user has left
}

var sqlDueNotices = store.Hot(`SELECT n.id, n.template, n.user_id, n.room_id, n.reason, COALESCE(s.remaining, 0) AS remaining FROM notices n
	LEFT JOIN subscriptions s ON s.user_id = n.user_id AND s.template = n.template
	WHERE n.status = 'queued' AND n.template = ? AND n.next_try_at <= ? ORDER BY n.next_try_at, n.id LIMIT ?`)

// DueNotices returns the messages of a template that are to be sent by now (real time),
// the longest overdue first.
func DueNotices(tx *store.Tx, template string, now models.Time, limit int) ([]DueNotice, error) {
	return store.Rows[DueNotice](tx, sqlDueNotices, template, now, limit)
}

var sqlClaimNotice = store.Hot(`UPDATE notices SET status = 'sending', claimed_by = ?, claimed_until = ?, tries = tries + 1
	WHERE id = ? AND status = 'queued' AND next_try_at <= ?`)

// ClaimNotice takes a waiting message to send it. It reports false if another process
// was quicker. now and until, the end of the claim, are real time.
func ClaimNotice(tx *store.Tx, id, holder string, now, until models.Time) (Notice, bool, error) {
	ok, err := tx.ExecGuarded(sqlClaimNotice, holder, until, id, now)
	if err != nil || !ok {
		return Notice{}, false, err
	}
	n, err := NoticeByID(tx, id)
	return n, err == nil, err
}

// The claim that learned the outcome decides, also when the claim had run out and the
// message was given up as unknown meanwhile.
const claimHeld = " WHERE id = ? AND claimed_by = ? AND (status = 'sending' OR (status = 'failed' AND reason = 'unknown'))"

var sqlFinishNotice = store.Hot("UPDATE notices SET status = ?, reason = ?, sent_at = ?, claimed_until = 0" + claimHeld)

// FinishNotice ends a claimed message. It reports false if the claim is no longer held.
// again lets the same step be queued anew: another dedupe key is put on the message.
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

// RequeueNotice puts a claimed message back, to be tried again at a real time. It
// reports false if the claim is no longer held.
func RequeueNotice(tx *store.Tx, n *Notice, next models.Time, reason string) (bool, error) {
	return tx.ExecGuarded("UPDATE notices SET status = 'queued', reason = ?, next_try_at = ?, claimed_until = 0"+claimHeld,
		reason, next, n.ID, n.ClaimedBy)
}

// SkipNotices ends waiting messages that cannot or need not be sent, and lets their
// steps be queued anew. It returns the number of those that still waited.
func SkipNotices(tx *store.Tx, ids []string, reason string) (int64, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	return tx.Exec(`UPDATE notices SET status = 'skipped', reason = ?, dedupe = CONCAT(dedupe, '#', id)
		WHERE status = 'queued' AND id IN (`+store.Placeholders(len(ids))+")", append([]any{reason}, store.Args(ids)...)...)
}

// DeferNotices puts waiting messages off to a real time, for a reason. It returns the
// number of those that still waited.
func DeferNotices(tx *store.Tx, ids []string, next models.Time, reason string) (int64, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	n, err := store.G[Notice](tx).Where("status = ? AND id IN ?", NoticeQueued, ids).
		Set(clause.Assignments(map[string]any{"next_try_at": next, "reason": reason})).Update(tx.Context())
	return int64(n), err
}

// GiveUpClaims ends claims that ran out before now (real time). Whether WeChat took the
// message is not known, so it is never sent again.
func GiveUpClaims(tx *store.Tx, now models.Time) (int64, error) {
	n, err := store.G[Notice](tx).Where("status = ? AND claimed_until < ?", NoticeSending, now).
		Set(clause.Assignments(map[string]any{"status": NoticeFailed, "reason": NoticeUnknown})).Update(tx.Context())
	return int64(n), err
}

// ExpireNotices ends messages that were queued before a day and still wait: a reminder
// is for its day only. It ends at most limit of them and returns their number.
func ExpireNotices(tx *store.Tx, templates []string, before models.Date, limit int) (int64, error) {
	stale, err := store.G[Notice](tx).Select("id").
		Where("status = ? AND business_on < ? AND template IN ?", NoticeQueued, before, templates).
		Limit(limit).Find(tx.Context())
	if err != nil {
		return 0, err
	}
	ids := make([]string, len(stale))
	for i := range stale {
		ids[i] = stale[i].ID
	}
	return SkipNotices(tx, ids, "stale")
}
