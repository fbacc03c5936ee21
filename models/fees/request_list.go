package fees

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// RequestFilter chooses requests, newest first.
type RequestFilter struct {
	Scope   office.Scope // whose rooms
	AskedBy string       // id of the user who asked; empty: anybody
	RoomID  string       // empty: any room
	Kind    string       // empty: all
	Status  string       // empty: all
	After   string       // id of the last one seen
	Limit   int
}

// Requests gives a page of requests with their bills, newest first.
func Requests(tx *store.Tx, f RequestFilter) ([]Request, error) {
	and, args := f.Scope.And()
	q := "SELECT " + store.Prefixed("q", requestColumns) + " FROM requests q JOIN rooms r ON r.id = q.room_id WHERE 1 = 1" + and
	for _, c := range []struct{ cond, value string }{{"q.asked_id = ?", f.AskedBy}, {"q.room_id = ?", f.RoomID}, {"q.kind = ?", f.Kind},
		{"q.status = ?", f.Status}, {"q.id < ?", f.After}} {
		if c.value != "" {
			q, args = q+" AND "+c.cond, append(args, c.value)
		}
	}
	return requests(tx, q+" ORDER BY q.id DESC LIMIT ?", append(args, f.Limit)...)
}

// ScopedRequest finds a request of a room that the member of staff may see.
func ScopedRequest(tx *store.Tx, s office.Scope, id string) (Request, error) {
	and, args := s.And()
	list, err := requests(tx, "SELECT "+store.Prefixed("q", requestColumns)+" FROM requests q JOIN rooms r ON r.id = q.room_id WHERE q.id = ?"+and, append([]any{id}, args...)...)
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return Request{}, err
	}
	return list[0], nil
}

// SetDisputed marks bills that an owner disputes: nobody is reminded of them.
func SetDisputed(tx *store.Tx, billIDs []string) error {
	_, err := tx.Exec("UPDATE bills SET disputed = 1, updated_at = ? WHERE disputed = 0 AND id IN ("+store.Placeholders(len(billIDs))+")",
		append([]any{tx.Now}, store.Args(billIDs)...)...)
	return err
}

// ClearDisputed takes the mark off the bills that no open dispute is about any more.
func ClearDisputed(tx *store.Tx, billIDs []string) error {
	_, err := tx.Exec("UPDATE bills SET disputed = 0, updated_at = ? WHERE disputed = 1 AND id IN ("+store.Placeholders(len(billIDs))+`) AND id NOT IN
		(SELECT rb.bill_id FROM request_bills rb JOIN requests q ON q.id = rb.request_id WHERE q.kind = 'dispute' AND q.status = 'open')`,
		append([]any{tx.Now}, store.Args(billIDs)...)...)
	return err
}

// Disputes gives all disputes about the bills of a room, oldest first.
func Disputes(tx *store.Tx, roomID string) ([]Request, error) {
	return requests(tx, "SELECT "+requestColumns+" FROM requests WHERE room_id = ? AND kind = 'dispute' ORDER BY id", roomID)
}

// Promise is the day by which somebody said a room would be paid.
type Promise struct {
	RequestID string
	RoomID    string
	UserID    string // who promised; empty when staff wrote it down
	PayOn     models.Date
	MadeAt    models.Time
}

// Promises gives, by room, the latest promise that was not turned down and whose
// day has not passed.
func Promises(tx *store.Tx, roomIDs []string, today models.Date) (map[string]Promise, error) {
	out := map[string]Promise{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var p Promise
		var kind string
		if err := scan(&p.RequestID, &p.RoomID, &kind, &p.UserID, &p.PayOn, &p.MadeAt); err != nil {
			return err
		}
		if kind != models.ActorUser {
			p.UserID = ""
		}
		out[p.RoomID] = p // they come oldest first
		return nil
	}, "SELECT id, room_id, asked_kind, asked_id, pay_on, created_at FROM requests WHERE room_id IN ("+store.Placeholders(len(roomIDs))+`)
		AND kind = 'promise' AND status <> 'rejected' AND pay_on >= ? ORDER BY id`, append(store.Args(roomIDs), today)...)
	return out, err
}
