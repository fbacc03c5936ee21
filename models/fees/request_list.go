package fees

import (
	"gorm.io/gorm"

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

// Requests returns a page of requests with their bills, newest first.
func Requests(tx *store.Tx, f RequestFilter) ([]Request, error) {
	q := requestsIn(tx, f.Scope).Order("id DESC").Limit(f.Limit)
	for _, c := range []struct{ cond, value string }{
		{"asked_id = ?", f.AskedBy}, {"room_id = ?", f.RoomID}, {"kind = ?", f.Kind}, {"status = ?", f.Status}, {"id < ?", f.After},
	} {
		if c.value != "" {
			q = q.Where(c.cond, c.value)
		}
	}
	list, err := q.Find(tx.Context())
	return withBills(tx, list, err)
}

// ScopedRequest returns a request of a room that the member of staff may see;
// [models.ErrNotFound] whether it does not exist or is of another's room.
func ScopedRequest(tx *store.Tx, s office.Scope, id string) (Request, error) {
	r, err := requestsIn(tx, s).Where("id = ?", id).Take(tx.Context())
	if err != nil {
		return r, err
	}
	return r, fillBills(tx, &r)
}

// requestsIn chooses the requests of the rooms that a member of staff may see.
func requestsIn(tx *store.Tx, s office.Scope) gorm.ChainInterface[Request] {
	rooms, args := s.And()
	if rooms == "" {
		return store.G[Request](tx).Scopes()
	}
	return store.G[Request](tx).Where("room_id IN (SELECT r.id FROM rooms r WHERE 1 = 1"+rooms+")", args...)
}

// Disputes returns all disputes about the bills of a room, oldest first.
func Disputes(tx *store.Tx, roomID string) ([]Request, error) {
	list, err := store.G[Request](tx).Where("room_id = ? AND kind = ?", roomID, RequestDispute).Order("id").Find(tx.Context())
	return withBills(tx, list, err)
}
