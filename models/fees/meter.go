package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Meter is a meter of a room for one fee item. Multiplier is the one it has now;
// those it had before are [MeterMultiplier]s. Digits is how many it shows before the
// point, 0 if that is not known. It counts from InstalledOn (empty: since ever) to
// RemovedOn (empty: still); Replaces names the meter that was in its place before.
type Meter struct {
	ID          string
	RoomID      string
	Item        string
	Serial      string
	Multiplier  string
	Digits      int
	InstalledOn models.Date
	RemovedOn   models.Date
	Replaces    string
	CreatedAt   models.Time
}

// Reading is what a meter showed on a day. Usage is (Value - Previous + Rolled x
// 10^Digits) x Multiplier; a reading without Previous is a base and never usage.
// Rolled is 1 where staff confirmed that the meter has passed its last digit since,
// and -1 where an estimate had said so and it had not. An Estimated one is settled
// by the next that is not; it is never edited. ByName is who typed it; empty: a
// file.
type Reading struct {
	ID         string
	MeterID    string
	ReadOn     models.Date
	Previous   string
	Value      string
	Multiplier string
	Rolled     int
	Estimated  bool
	Note       string
	ByName     string
	CreatedAt  models.Time
}

const (
	meterColumns   = "id, room_id, item, serial, multiplier, digits, installed_on, removed_on, replaces, created_at"
	readingColumns = "id, meter_id, read_on, previous, value, multiplier, rolled, estimated, note, by_name, created_at"
)

func (r *Reading) dest() []any {
	return []any{&r.ID, &r.MeterID, &r.ReadOn, &r.Previous, &r.Value, &r.Multiplier, &r.Rolled, &r.Estimated, &r.Note, &r.ByName, &r.CreatedAt}
}

// MetersOfRooms gives the meters of the rooms.
func MetersOfRooms(tx *store.Tx, roomIDs []string) ([]Meter, error) {
	var out []Meter
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		var part []Meter
		if err := tx.Gorm().Where("room_id IN ?", roomIDs[:n]).Order("id").Find(&part).Error; err != nil {
			return nil, err
		}
		out = append(out, part...)
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// ReadingsOfMeters gives the readings of the meters, oldest first.
func ReadingsOfMeters(tx *store.Tx, meterIDs []string) ([]Reading, error) {
	var out []Reading
	for len(meterIDs) > 0 {
		n := min(len(meterIDs), 500)
		var part []Reading
		if err := tx.Gorm().Where("meter_id IN ?", meterIDs[:n]).Order("meter_id, read_on").Find(&part).Error; err != nil {
			return nil, err
		}
		out = append(out, part...)
		meterIDs = meterIDs[n:]
	}
	return out, nil
}

// InsertMeters adds meters.
func InsertMeters(tx *store.Tx, meters []Meter) error {
	rows := make([][]any, len(meters))
	for i, m := range meters {
		rows[i] = []any{m.ID, m.RoomID, m.Item, m.Serial, m.Multiplier, m.Digits, m.InstalledOn, m.RemovedOn, m.Replaces, m.CreatedAt}
	}
	_, err := tx.InsertRows(false, "meters", meterColumns, rows)
	return err
}

// InsertReadings adds readings.
func InsertReadings(tx *store.Tx, readings []Reading) error {
	rows := make([][]any, len(readings))
	for i, r := range readings {
		rows[i] = []any{r.ID, r.MeterID, r.ReadOn, r.Previous, r.Value, r.Multiplier, r.Rolled, r.Estimated, r.Note, r.ByName, r.CreatedAt}
	}
	_, err := tx.InsertRows(false, "readings", readingColumns, rows)
	return err
}

// ReadingsBetween gives the readings of the meters taken on the days from..to,
// by meter, oldest first.
func ReadingsBetween(tx *store.Tx, meterIDs []string, from, to models.Date) (map[string][]Reading, error) {
	return readings(tx, "SELECT "+readingColumns+" FROM readings r WHERE r.meter_id IN ", " AND r.read_on BETWEEN ? AND ? ORDER BY r.meter_id, r.read_on",
		meterIDs, from, to)
}

// readings runs a query over many meters, some at a time, and gives what it finds
// by meter.
func readings(tx *store.Tx, head, tail string, meterIDs []string, args ...any) (map[string][]Reading, error) {
	out := make(map[string][]Reading, len(meterIDs))
	for len(meterIDs) > 0 {
		n := min(len(meterIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var r Reading
			if err := scan(r.dest()...); err != nil {
				return err
			}
			out[r.MeterID] = append(out[r.MeterID], r)
			return nil
		}, head+"("+store.Placeholders(n)+")"+tail, append(store.Args(meterIDs[:n]), args...)...)
		if err != nil {
			return nil, err
		}
		meterIDs = meterIDs[n:]
	}
	return out, nil
}
