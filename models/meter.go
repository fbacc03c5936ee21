package models

// Meter is a meter of a room for one fee item.
type Meter struct {
	ID         string
	RoomID     string
	Item       string
	Serial     string
	Multiplier string
	CreatedAt  Time
}

// Reading is what a meter showed on a day. Usage is (Value - Previous) x
// multiplier; a reading without Previous is a base and never usage.
type Reading struct {
	ID        string
	MeterID   string
	ReadOn    Date
	Previous  string
	Value     string
	CreatedAt Time
}

// MetersOfRooms gives the meters of the rooms.
func (tx *Tx) MetersOfRooms(roomIDs []string) ([]Meter, error) {
	var out []Meter
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		var part []Meter
		if err := tx.g().Where("room_id IN ?", roomIDs[:n]).Order("id").Find(&part).Error; err != nil {
			return nil, err
		}
		out = append(out, part...)
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// ReadingsOfMeters gives the readings of the meters, oldest first.
func (tx *Tx) ReadingsOfMeters(meterIDs []string) ([]Reading, error) {
	var out []Reading
	for len(meterIDs) > 0 {
		n := min(len(meterIDs), 500)
		var part []Reading
		if err := tx.g().Where("meter_id IN ?", meterIDs[:n]).Order("meter_id, read_on").Find(&part).Error; err != nil {
			return nil, err
		}
		out = append(out, part...)
		meterIDs = meterIDs[n:]
	}
	return out, nil
}

// InsertMeters adds meters.
func (tx *Tx) InsertMeters(meters []Meter) error {
	rows := make([][]any, len(meters))
	for i, m := range meters {
		rows[i] = []any{m.ID, m.RoomID, m.Item, m.Serial, m.Multiplier, m.CreatedAt}
	}
	_, err := tx.insertRows(false, "meters", "id, room_id, item, serial, multiplier, created_at", rows)
	return err
}

// InsertReadings adds readings.
func (tx *Tx) InsertReadings(readings []Reading) error {
	rows := make([][]any, len(readings))
	for i, r := range readings {
		rows[i] = []any{r.ID, r.MeterID, r.ReadOn, r.Previous, r.Value, r.CreatedAt}
	}
	_, err := tx.insertRows(false, "readings", "id, meter_id, read_on, previous, value, created_at", rows)
	return err
}

// ReadingsBetween gives the readings of the meters taken on the days from..to,
// by meter, oldest first.
func (tx *Tx) ReadingsBetween(meterIDs []string, from, to Date) (map[string][]Reading, error) {
	out := make(map[string][]Reading, len(meterIDs))
	for len(meterIDs) > 0 {
		n := min(len(meterIDs), 500)
		err := tx.each(func(scan func(...any) error) error {
			var r Reading
			if err := scan(&r.ID, &r.MeterID, &r.ReadOn, &r.Previous, &r.Value, &r.CreatedAt); err != nil {
				return err
			}
			out[r.MeterID] = append(out[r.MeterID], r)
			return nil
		}, "SELECT id, meter_id, read_on, previous, value, created_at FROM readings WHERE meter_id IN ("+marks(n)+
			") AND read_on BETWEEN ? AND ? ORDER BY meter_id, read_on", append(anys(meterIDs[:n]), from, to)...)
		if err != nil {
			return nil, err
		}
		meterIDs = meterIDs[n:]
	}
	return out, nil
}
