package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// TenurePeriod is who holds a room from when to when, both days included; no end:
// still.
type TenurePeriod struct {
	OwnerID string
	From    models.Date
	To      models.Date
}

// Holds tells whether the span covers the day.
func (t TenurePeriod) Holds(on models.Date) bool {
	return t.From <= on && (t.To.IsZero() || t.To >= on)
}

// TenurePeriods gives by room who owns it or owned it, the latest first: what
// [OwnerTenuresOfRooms] gives, without the people.
func TenurePeriods(tx *store.Tx, roomIDs []string) (map[string][]TenurePeriod, error) {
	out := make(map[string][]TenurePeriod, len(roomIDs))
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var room string
			var t TenurePeriod
			if err := scan(&room, &t.OwnerID, &t.From, &t.To); err != nil {
				return err
			}
			out[room] = append(out[room], t)
			return nil
		}, "SELECT room_id, owner_id, from_on, to_on FROM tenures WHERE role = 'owner' AND room_id IN ("+store.Placeholders(n)+
			") ORDER BY room_id, from_on DESC, id DESC", store.Args(roomIDs[:n])...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}
