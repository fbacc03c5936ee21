package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// MeterFilter chooses the meters of a sheet: those of one item in a building that are
// in use on a day.
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
	Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`
}

// A meter is in use on the day on which it is installed and on that on which it is
// removed: the old meter and the new one are both read on the day of the change.
var sqlMetersFor = "SELECT " + meterTable.Of("m") + ", " + estate.RoomTable.As("r", "r_") + ` FROM meters m JOIN rooms r ON r.id = m.room_id
	WHERE r.community_id = ? AND r.building = ? AND m.item = ? AND m.installed_on <= ? AND (m.removed_on = '' OR m.removed_on >= ?)`

// MetersFor returns the meters that the filter chooses, in the order of the rooms.
func MetersFor(tx *store.Tx, f MeterFilter) ([]MeterOfRoom, error) {
	scope, args := f.Scope.And()
	args = append([]any{f.CommunityID, f.Building, f.Item, f.On, f.On}, args...)
	return store.Rows[MeterOfRoom](tx, sqlMetersFor+scope+" ORDER BY r.code_key, m.serial LIMIT ?", append(args, f.Limit)...)
}

// MeterPlace is a building that has meters of an item, and how many.
type MeterPlace struct {
	CommunityID string
	Community   string
	Building    string
	Item        string
	Meters      int
}

// MeterPlaces returns where there are meters to read, by community, building and
// item. Removed meters do not count.
func MeterPlaces(tx *store.Tx, s office.Scope) ([]MeterPlace, error) {
	scope, args := s.And()
	return store.Rows[MeterPlace](tx, `SELECT c.id AS community_id, c.name AS community, r.building, m.item, COUNT(*) AS meters
		FROM meters m JOIN rooms r ON r.id = m.room_id JOIN communities c ON c.id = r.community_id
		WHERE m.removed_on = ''`+scope+" GROUP BY c.id, c.name, r.building, m.item ORDER BY c.name, r.building, m.item", args...)
}
