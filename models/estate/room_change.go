package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// RoomChange is a change of the data of a room: one field, from one value to another,
// with who made it and why. It is only ever added. Phone numbers are masked in it.
type RoomChange struct {
	ID        string
	RoomID    string
	Field     string // as [RoomDiff] names it, or FieldPhone
	OldValue  string
	NewValue  string
	Reason    string
	By        models.Actor `gorm:"embedded;embeddedPrefix:by_"`
	CreatedAt models.Time
}

var roomChangeTable = store.NewTable[RoomChange]("room_changes")

// Fields of a [RoomChange] besides those of the room itself.
const (
	FieldPhone   = "owner_phone"   // the registered number of the owner
	FieldFurther = "further_phone" // another of theirs
)

// RoomDiff returns what differs between two states of a room, in the order in which a
// page shows it. The balance of prepayment and the times are no data of the room.
func RoomDiff(was, now Room) []RoomChange {
	var out []RoomChange
	for _, f := range []struct{ name, was, now string }{
		{"code", was.Code, now.Code},
		{"building", was.Building, now.Building},
		{"unit", was.Unit, now.Unit},
		{"number", was.Number, now.Number},
		{"kind", was.Kind, now.Kind},
		{"area", was.Area, now.Area},
		{"price", was.Price, now.Price},
		{"cycle", was.Cycle, now.Cycle},
		{"handed_over_on", was.HandedOverOn.String(), now.HandedOverOn.String()},
		{"occupancy", was.Occupancy, now.Occupancy},
		{"steward", was.Steward, now.Steward},
	} {
		if f.was != f.now {
			out = append(out, RoomChange{RoomID: now.ID, Field: f.name, OldValue: f.was, NewValue: f.now})
		}
	}
	return out
}

// KeepRoomChanges adds changes to the history of their rooms. It fills in the ids, by,
// reason and the time. The page and each import call it.
func KeepRoomChanges(tx *store.Tx, by models.Actor, reason string, list []RoomChange) error {
	for i := range list {
		list[i].ID, list[i].By, list[i].Reason, list[i].CreatedAt = models.NewID(), by, reason, tx.Now
	}
	if len(list) == 0 {
		return nil
	}
	return roomChangeTable.Insert(tx, list...)
}

// RoomChanges returns the history of a room, the newest first, at most limit. after is
// the id of the last one of the page before.
func RoomChanges(tx *store.Tx, roomID, after string, limit int) ([]RoomChange, error) {
	q := store.G[RoomChange](tx).Where("room_id = ?", roomID).Order("id DESC").Limit(limit)
	if after != "" {
		q = q.Where("id < ?", after)
	}
	return q.Find(tx.Context())
}

// LockRoom returns a room for a change of its data, or [models.ErrNotFound].
func LockRoom(tx *store.Tx, id string) (Room, error) {
	return RoomTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}
