package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// TenurePeriod is the part of an owner's [Tenure] by which a bill finds its debtor:
// the owner and the days, both included. No first day means from the beginning, no
// last day means still.
type TenurePeriod struct {
	OwnerID string
	From    models.Date `gorm:"column:from_on"`
	To      models.Date `gorm:"column:to_on"`
}

// Holds reports whether the period covers the day, as [Tenure.Holds] does.
func (t TenurePeriod) Holds(on models.Date) bool {
	return t.From <= on && (t.To.IsZero() || t.To >= on)
}

// TenurePeriods returns by room who owns it or owned it, the latest first: what
// [OwnerTenuresOfRooms] returns, without the people. A billing run reads it for
// thousands of rooms.
func TenurePeriods(tx *store.Tx, roomIDs []string) (map[string][]TenurePeriod, error) {
	type period struct {
		RoomID string
		TenurePeriod
	}
	out := make(map[string][]TenurePeriod, len(roomIDs))
	return out, store.EachIn(tx, roomIDs, func(p *period) error {
		out[p.RoomID] = append(out[p.RoomID], p.TenurePeriod)
		return nil
	}, nil, `SELECT room_id, owner_id, from_on, to_on FROM tenures WHERE role = 'owner' AND room_id (IN)
		ORDER BY room_id, from_on DESC, id DESC`)
}
