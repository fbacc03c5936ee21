package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// MeterMultiplier is a multiplier that a meter had until a day, that day's reading
// included.
type MeterMultiplier struct {
	ID         string
	MeterID    string
	UntilOn    models.Date
	Multiplier string
	Reason     string
	ByName     string
	CreatedAt  models.Time
}

// MultipliersOfMeters gives the multipliers that the meters had before, by meter,
// oldest first.
func MultipliersOfMeters(tx *store.Tx, meterIDs []string) (map[string][]MeterMultiplier, error) {
	out := map[string][]MeterMultiplier{}
	for len(meterIDs) > 0 {
		n := min(len(meterIDs), 500)
		var part []MeterMultiplier
		if err := tx.Gorm().Where("meter_id IN ?", meterIDs[:n]).Order("meter_id, until_on").Find(&part).Error; err != nil {
			return nil, err
		}
		for _, m := range part {
			out[m.MeterID] = append(out[m.MeterID], m)
		}
		meterIDs = meterIDs[n:]
	}
	return out, nil
}

// MultiplierOn is the multiplier by which the reading of a day counts.
func (m Meter) MultiplierOn(on models.Date, before []MeterMultiplier) string {
	for _, b := range before {
		if on <= b.UntilOn {
			return b.Multiplier
		}
	}
	return m.Multiplier
}

// MeterByID finds a meter.
func MeterByID(tx *store.Tx, id string) (Meter, error) {
	var list []Meter
	if err := tx.Gorm().Where("id = ?", id).Limit(1).Find(&list).Error; err != nil {
		return Meter{}, err
	}
	if len(list) == 0 {
		return Meter{}, models.ErrNotFound
	}
	return list[0], nil
}

// MeterFilter chooses the meters of a sheet: those that are in use on a day.
type MeterFilter struct {
	Scope       office.Scope
	CommunityID string
	Building    string
	Item        string
	On          models.Date
	Limit       int
}

// MeterOfRoom is a meter and the room it is in.
type MeterOfRoom struct {
	Meter
	Room estate.Room
}

// MetersFor gives the meters that the filter chooses, in the order of the rooms.
func MetersFor(tx *store.Tx, f MeterFilter) ([]MeterOfRoom, error) {
	scope, args := f.Scope.And()
	args = append([]any{f.CommunityID, f.Building, f.Item, f.On, f.On}, args...)
	var out []MeterOfRoom
	err := tx.QueryRows(func(scan func(...any) error) error {
		var m MeterOfRoom
		dest := append([]any{&m.ID, &m.RoomID, &m.Item, &m.Serial, &m.Multiplier, &m.Digits, &m.InstalledOn, &m.RemovedOn, &m.Replaces, &m.CreatedAt}, m.Room.Dest()...)
		if err := scan(dest...); err != nil {
			return err
		}
		out = append(out, m)
		return nil
	}, "SELECT "+store.Prefixed("m", meterColumns)+", "+store.Prefixed("r", estate.RoomColumns)+` FROM meters m JOIN rooms r ON r.id = m.room_id
		WHERE r.community_id = ? AND r.building = ? AND m.item = ? AND m.installed_on <= ? AND (m.removed_on = '' OR m.removed_on >= ?)`+scope+
		" ORDER BY r.code_key, m.serial LIMIT ?", append(args, f.Limit)...)
	return out, err
}

// MeterPlace is a building that has meters of an item.
type MeterPlace struct {
	CommunityID string
	Community   string
	Building    string
	Item        string
	Meters      int
}

// MeterPlaces lists where there are meters to read.
func MeterPlaces(tx *store.Tx, s office.Scope) ([]MeterPlace, error) {
	scope, args := s.And()
	var out []MeterPlace
	err := tx.QueryRows(func(scan func(...any) error) error {
		var p MeterPlace
		if err := scan(&p.CommunityID, &p.Community, &p.Building, &p.Item, &p.Meters); err != nil {
			return err
		}
		out = append(out, p)
		return nil
	}, `SELECT c.id, c.name, r.building, m.item, COUNT(*) FROM meters m JOIN rooms r ON r.id = m.room_id JOIN communities c ON c.id = r.community_id
		WHERE m.removed_on = ''`+scope+" GROUP BY c.id, c.name, r.building, m.item ORDER BY c.name, r.building, m.item", args...)
	return out, err
}

// RemoveMeter ends a meter that is in use; false if it had ended.
func RemoveMeter(tx *store.Tx, id string, on models.Date) (bool, error) {
	return tx.ExecGuarded("UPDATE meters SET removed_on = ? WHERE id = ? AND removed_on = ''", on, id)
}

// ChangeMultiplier gives a meter another multiplier and keeps the one it had until
// then; false if it was changed meanwhile.
func ChangeMultiplier(tx *store.Tx, had MeterMultiplier, multiplier string) (bool, error) {
	ok, err := tx.ExecGuarded("UPDATE meters SET multiplier = ? WHERE id = ? AND multiplier = ?", multiplier, had.MeterID, had.Multiplier)
	if err != nil || !ok {
		return false, err
	}
	return true, tx.Create(&had)
}

// SetMeterDigits says how many digits a meter shows before the point.
func SetMeterDigits(tx *store.Tx, id string, digits int) error {
	_, err := tx.Exec("UPDATE meters SET digits = ? WHERE id = ?", digits, id)
	return err
}

// MarkEstimated says of a reading that it was no true one; false if it was marked
// already. Its figures stay as they are.
func MarkEstimated(tx *store.Tx, id, note string) (bool, error) {
	return tx.ExecGuarded("UPDATE readings SET estimated = 1, note = ? WHERE id = ? AND estimated = 0", note, id)
}
