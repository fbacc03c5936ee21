package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// PrepaidMove is that staff moved prepayment of a room from one fee item to another;
// an empty item is the general balance.
type PrepaidMove struct {
	ID        string
	RoomID    string
	FromItem  string
	ToItem    string // another one than FromItem
	AmountFen models.Fen
	Reason    string
	ByName    string // the member of staff
	CreatedAt models.Time
}

var _ = store.NewTable[PrepaidMove]("prepaid_moves")

// InsertPrepaidMove moves prepayment between two items of a room: it keeps the move and
// its two entries. The room's balance stays as it is. It fails with [ErrPrepaidShort] if
// the item has less.
func InsertPrepaidMove(tx *store.Tx, m PrepaidMove) error {
	if _, err := LockPrepaid(tx, m.RoomID); err != nil {
		return err
	}
	out := PrepaidEntry{RoomID: m.RoomID, Kind: PrepaidMoved, Item: m.FromItem, AmountFen: -m.AmountFen}
	in := PrepaidEntry{RoomID: m.RoomID, Kind: PrepaidMoved, Item: m.ToItem, AmountFen: m.AmountFen}
	for _, e := range []PrepaidEntry{out, in} {
		if err := keepEntry(tx, e); err != nil {
			return err
		}
	}
	return store.G[PrepaidMove](tx).Create(tx.Context(), &m)
}

// PrepaidMoves returns what was moved between items of a room, newest first.
func PrepaidMoves(tx *store.Tx, roomID string, limit int) ([]PrepaidMove, error) {
	return store.G[PrepaidMove](tx).Where("room_id = ?", roomID).Order("created_at DESC, id DESC").Limit(limit).Find(tx.Context())
}
