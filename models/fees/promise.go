package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Promise is the day by which somebody promised that a room would be paid.
type Promise struct {
	RequestID string
	RoomID    string
	UserID    string // who promised; empty when staff wrote it down
	PayOn     models.Date
	MadeAt    models.Time
}

// Promises returns, by room, the latest promise that was not turned down and whose
// day has not passed: a promise for 31 March still counts on 31 March.
func Promises(tx *store.Tx, roomIDs []string, today models.Date) (map[string]Promise, error) {
	list, err := store.G[Request](tx).Where("room_id IN ? AND kind = ? AND status <> ? AND pay_on >= ?",
		roomIDs, RequestPromise, RequestRejected, today).Order("id").Find(tx.Context())
	out := make(map[string]Promise, len(list))
	for _, r := range list { // they come oldest first
		p := Promise{RequestID: r.ID, RoomID: r.RoomID, PayOn: r.PayOn, MadeAt: r.CreatedAt}
		if r.Asked.Kind == models.ActorUser {
			p.UserID = r.Asked.ID
		}
		out[r.RoomID] = p
	}
	return out, err
}
