package messages

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// Subscription is how many messages of a template a user may still be sent: each
// time they agree on the phone, one more. The sum of the [SubscriptionEntry] rows
// is Remaining, and it is never negative.
type Subscription struct {
	UserID    string
	Template  string
	Remaining int
	UpdatedAt models.Time
}

// Why a [SubscriptionEntry] was written.
const (
	QuotaGranted  = "granted"  // the person agreed once more
	QuotaReserved = "reserved" // taken for a message, before it is sent
	QuotaReturned = "returned" // the message was certainly not sent
	QuotaUsedUp   = "used_up"  // WeChat says that there is no agreement left (43101)
)

// SubscriptionEntry is one grant or one use.
type SubscriptionEntry struct {
	ID        string
	UserID    string
	Template  string
	Delta     int
	Reason    string
	NoticeID  string
	CreatedAt models.Time
}

// Subscriptions gives what is left of each template for a user. A template they
// never agreed to is missing.
func Subscriptions(tx *store.Tx, userID string) (map[string]int, error) {
	out := map[string]int{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var template string
		var remaining int
		if err := scan(&template, &remaining); err != nil {
			return err
		}
		out[template] = remaining
		return nil
	}, "SELECT template, remaining FROM subscriptions WHERE user_id = ?", userID)
	return out, err
}

var sqlAddQuota = store.Hot("UPDATE subscriptions SET remaining = remaining + ?, updated_at = ? WHERE user_id = ? AND template = ?")

// AddSubscription gives a user more messages of a template, with the line in the
// ledger that says why. delta is positive.
func AddSubscription(tx *store.Tx, userID, template string, delta int, reason, noticeID string) error {
	n, err := tx.Exec(sqlAddQuota, delta, tx.Now, userID, template)
	if err != nil {
		return err
	}
	if n == 0 {
		_, err = tx.Exec("INSERT INTO subscriptions (user_id, template, remaining, updated_at) VALUES (?,?,?,?)", userID, template, delta, tx.Now)
		if err != nil && tx.IsDuplicate(err) { // two first grants at once
			err = tx.ExecOne(sqlAddQuota, delta, tx.Now, userID, template)
		}
		if err != nil {
			return err
		}
	}
	return subscriptionEntry(tx, userID, template, delta, reason, noticeID)
}

var sqlTakeQuota = store.Hot("UPDATE subscriptions SET remaining = remaining - 1, updated_at = ? WHERE user_id = ? AND template = ? AND remaining > 0")

// TakeSubscription takes one message of a user's for a notice; false if none is
// left. The guarded update decides, so that two passes cannot both take the last
// one.
func TakeSubscription(tx *store.Tx, userID, template, noticeID string) (bool, error) {
	ok, err := tx.ExecGuarded(sqlTakeQuota, tx.Now, userID, template)
	if err != nil || !ok {
		return false, err
	}
	return true, subscriptionEntry(tx, userID, template, -1, QuotaReserved, noticeID)
}

// EmptySubscription brings what is left to nothing: WeChat, whose count is the one
// that holds, says that there is no agreement left.
func EmptySubscription(tx *store.Tx, userID, template, noticeID string) error {
	remaining := 0
	err := tx.QueryRow([]any{&remaining}, "SELECT remaining FROM subscriptions WHERE user_id = ? AND template = ?"+store.ForUpdate, userID, template)
	if errors.Is(err, models.ErrNotFound) || (err == nil && remaining == 0) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.ExecOne("UPDATE subscriptions SET remaining = 0, updated_at = ? WHERE user_id = ? AND template = ?", tx.Now, userID, template); err != nil {
		return err
	}
	return subscriptionEntry(tx, userID, template, -remaining, QuotaUsedUp, noticeID)
}

var sqlInsertQuotaEntry = store.Hot("INSERT INTO subscription_entries (id, user_id, template, delta, reason, notice_id, created_at) VALUES (?,?,?,?,?,?,?)")

func subscriptionEntry(tx *store.Tx, userID, template string, delta int, reason, noticeID string) error {
	_, err := tx.Exec(sqlInsertQuotaEntry, models.NewID(), userID, template, delta, reason, noticeID, tx.Now)
	return err
}

// SubscriptionEntries gives a user's ledger of a template, oldest first.
func SubscriptionEntries(tx *store.Tx, userID, template string) ([]SubscriptionEntry, error) {
	var out []SubscriptionEntry
	err := tx.QueryRows(func(scan func(...any) error) error {
		var e SubscriptionEntry
		if err := scan(&e.ID, &e.UserID, &e.Template, &e.Delta, &e.Reason, &e.NoticeID, &e.CreatedAt); err != nil {
			return err
		}
		out = append(out, e)
		return nil
	}, `SELECT id, user_id, template, delta, reason, notice_id, created_at FROM subscription_entries WHERE user_id = ? AND template = ?
		ORDER BY created_at, id`, userID, template)
	return out, err
}

// Reachable is a user bound to a room who may still be sent a message of a
// template.
type Reachable struct {
	RoomID   string
	UserID   string
	Template string
	estate.BillVisibility
}

// ReachableUsers gives who of the rooms' bound users may be sent a message of
// which of the templates, in one statement.
func ReachableUsers(tx *store.Tx, roomIDs, templates []string) ([]Reachable, error) {
	var out []Reachable
	err := tx.QueryRows(func(scan func(...any) error) error {
		var r Reachable
		if err := scan(append([]any{&r.RoomID, &r.UserID, &r.Template}, r.BillVisibility.Dest()...)...); err != nil {
			return err
		}
		out = append(out, r)
		return nil
	}, "SELECT b.room_id, b.user_id, s.template, "+store.Prefixed("b", estate.SightColumns)+` FROM bindings b JOIN subscriptions s ON s.user_id = b.user_id
		WHERE b.room_id IN (`+store.Placeholders(len(roomIDs))+") AND s.template IN ("+store.Placeholders(len(templates))+`) AND s.remaining > 0
		ORDER BY b.room_id, b.created_at, b.user_id`, append(store.Args(roomIDs), store.Args(templates)...)...)
	return out, err
}
