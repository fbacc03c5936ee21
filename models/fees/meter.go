package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// Meter is a meter of a room for one fee item.
//
// Multiplier is the one it has now; those it had before are [MeterMultiplier]s.
// Digits is how many it shows before the point, 0 if that is not known; without it a
// meter that passes its last digit (9998 to 0003) cannot be told from one that was
// misread. It counts from InstalledOn (none: from its first reading on) to RemovedOn
// (none: still). Replaces is the id of the meter that was in its place before.
type Meter struct {
	ID          string
	RoomID      string
	Item        string
	Serial      string
	SerialKey   string // [models.NameKey] of Serial, kept by this package
	Multiplier  string
	Digits      int
	InstalledOn models.Date
	RemovedOn   models.Date
	Replaces    string
	CreatedAt   models.Time
}

var meterTable = store.NewTable[Meter]("meters")

// MetersOfRooms returns the meters of the rooms, removed ones included.
func MetersOfRooms(tx *store.Tx, roomIDs []string) ([]Meter, error) {
	return store.RowsIn[Meter](tx, roomIDs, nil, meterTable.Select("WHERE room_id (IN) ORDER BY id"))
}

// MeterByID returns a meter.
func MeterByID(tx *store.Tx, id string) (Meter, error) {
	return store.G[Meter](tx).Where("id = ?", id).Take(tx.Context())
}

// MetersAfter returns meters in ascending order of id, those after one of them (empty:
// from the first), for a walk over all that holds few of them at a time.
func MetersAfter(tx *store.Tx, after string, limit int) ([]Meter, error) {
	return store.G[Meter](tx).Where("id > ?", after).Order("id").Limit(limit).Find(tx.Context())
}

// InsertMeters adds meters. The item of each becomes the one that its community keeps. A
// room has one meter of an item and a number, in whatever spelling.
func InsertMeters(tx *store.Tx, meters []Meter) error {
	ids := make([]string, len(meters))
	for i, m := range meters {
		ids[i] = m.RoomID
	}
	rooms, err := estate.RoomsByID(tx, ids)
	if err != nil {
		return err
	}
	for i := range meters {
		m := &meters[i]
		if m.Item, err = estate.KeepItem(tx, rooms[m.RoomID].CommunityID, m.Item); err != nil {
			return err
		}
		m.SerialKey = models.NameKey(m.Serial)
	}
	return meterTable.Insert(tx, meters...)
}

// RemoveMeter ends a meter that is in use: on is the last day on which it counts. It
// returns false if the meter had ended.
func RemoveMeter(tx *store.Tx, id string, on models.Date) (bool, error) {
	n, err := store.G[Meter](tx).Where("id = ? AND removed_on = ''", id).Update(tx.Context(), "removed_on", on)
	return n == 1, err
}

// SetMeterDigits sets how many digits a meter shows before the point.
func SetMeterDigits(tx *store.Tx, id string, digits int) error {
	_, err := store.G[Meter](tx).Where("id = ?", id).Update(tx.Context(), "digits", digits)
	return err
}
