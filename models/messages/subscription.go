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

var (
	subscriptionTable      = store.NewTable[Subscription]("subscriptions")
	subscriptionEntryTable = store.NewTable[SubscriptionEntry]("subscription_entries").Hot(1)
)

// Subscriptions returns what is left of each template for a user. A template that they
// never agreed to is missing.
func Subscriptions(tx *store.Tx, userID string) (map[string]int, error) {
	list, err := store.G[Subscription](tx).Where("user_id = ?", userID).Find(tx.Context())
	out := make(map[string]int, len(list))
	for _, s := range list {
		out[s.Template] = s.Remaining
	}
	return out, err
}

var sqlAddQuota = store.Hot("UPDATE subscriptions SET remaining = remaining + ?, updated_at = ? WHERE user_id = ? AND template = ?")

// AddSubscription adds messages of a template that a user may be sent, with the line in
// the ledger that says why. delta is positive.
func AddSubscription(tx *store.Tx, userID, template string, delta int, reason, noticeID string) error {
	n, err := tx.Exec(sqlAddQuota, delta, tx.Now, userID, template)
	if err != nil {
		return err
	}
	if n == 0 {
		err = subscriptionTable.Insert(tx, Subscription{UserID: userID, Template: template, Remaining: delta, UpdatedAt: tx.Now})
		if err != nil && tx.IsDuplicate(err) { // two first grants at once
			err = tx.ExecOne(sqlAddQuota, delta, tx.Now, userID, template)
		}
		if err != nil {
			return err
		}
	}
	return subscriptionEntry(tx, userID, template, delta, reason, noticeID)
}

var sqlTakeQuota = store.Hot(`UPDATE subscriptions SET remaining = remaining - 1, updated_at = ?
	WHERE user_id = ? AND template = ? AND remaining > 0`)

// TakeSubscription takes one message of a user's for a notice. It reports false if none
// is left. The guarded update decides, so that two passes cannot both take the last one.
func TakeSubscription(tx *store.Tx, userID, template, noticeID string) (bool, error) {
	ok, err := tx.ExecGuarded(sqlTakeQuota, tx.Now, userID, template)
	if err != nil || !ok {
		return false, err
	}
	return true, subscriptionEntry(tx, userID, template, -1, QuotaReserved, noticeID)
}

// EmptySubscription brings what is left to nothing, because WeChat says that there is no
// agreement left: WeChat's count is the one that holds. A user may, for example, have
// switched messages off in the app.
func EmptySubscription(tx *store.Tx, userID, template, noticeID string) error {
	remaining, err := store.Row[int](tx,
		"SELECT remaining FROM subscriptions WHERE user_id = ? AND template = ?"+store.ForUpdate, userID, template)
	if errors.Is(err, models.ErrNotFound) || (err == nil && remaining == 0) {
		return nil
	}
	if err != nil {
		return err
	}
	err = tx.ExecOne("UPDATE subscriptions SET remaining = 0, updated_at = ? WHERE user_id = ? AND template = ?", tx.Now, userID, template)
	if err != nil {
		return err
	}
	return subscriptionEntry(tx, userID, template, -remaining, QuotaUsedUp, noticeID)
}

func subscriptionEntry(tx *store.Tx, userID, template string, delta int, reason, noticeID string) error {
	return subscriptionEntryTable.Insert(tx, SubscriptionEntry{ID: models.NewID(), UserID: userID, Template: template, Delta: delta,
		Reason: reason, NoticeID: noticeID, CreatedAt: tx.Now})
}

// SubscriptionEntries returns a user's ledger of a template, oldest first.
func SubscriptionEntries(tx *store.Tx, userID, template string) ([]SubscriptionEntry, error) {
	return store.G[SubscriptionEntry](tx).Where("user_id = ? AND template = ?", userID, template).Order("created_at, id").Find(tx.Context())
}

// Reachable is a user bound to a room who may still be sent a message of a template.
type Reachable struct {
	RoomID   string
	UserID   string
	Template string
	estate.BillVisibility
}

// ReachableUsers returns which of the users bound to the rooms may be sent a message of
// which of the templates: room by room, the longest bound first.
func ReachableUsers(tx *store.Tx, roomIDs, templates []string) ([]Reachable, error) {
	return store.RowsIn[Reachable](tx, roomIDs, nil, "SELECT b.room_id, b.user_id, s.template, "+estate.BillVisibilityTable.Of("b")+`
		FROM bindings b JOIN subscriptions s ON s.user_id = b.user_id
		WHERE b.room_id (IN) AND s.template IN (`+store.Placeholders(len(templates))+`) AND s.remaining > 0
		ORDER BY b.room_id, b.created_at, b.user_id`, store.Args(templates)...)
}
