package estate

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Developer says which owner is the 建设单位 of a community: the party that holds the rooms
// that are not sold, and owes their bills. A community has one at most. FromOn is the first
// day of its liability; none means from the beginning. Contact is the person to talk to.
type Developer struct {
	OwnerID     string
	CommunityID string
	Contact     string
	FromOn      models.Date
	Made        models.Actor `gorm:"embedded;embeddedPrefix:made_"`
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

var developerTable = store.NewTable[Developer]("developers")

// ErrDeveloperExists says that the community has a developer.
var ErrDeveloperExists = models.Refusal(models.KindConflict, "DEVELOPER_EXISTS", "该小区已登记建设单位")

// InsertDeveloper makes an owner the developer of their community. It sets the times. It
// returns [ErrDeveloperExists] if there is one.
func InsertDeveloper(tx *store.Tx, by models.Actor, d *Developer) error {
	d.Made, d.CreatedAt, d.UpdatedAt = by, tx.Now, tx.Now
	if err := developerTable.Insert(tx, *d); err != nil {
		if tx.IsDuplicate(err) {
			return ErrDeveloperExists
		}
		return err
	}
	return office.Audit(tx, by, "developer.made", "owner", d.OwnerID, map[string]any{"community": d.CommunityID, "from": d.FromOn})
}

var updateDeveloper = developerTable.Update("contact, updated_at", "owner_id = ?")

// UpdateDeveloper writes another contact.
func UpdateDeveloper(tx *store.Tx, d *Developer) error {
	d.UpdatedAt = tx.Now
	return updateDeveloper.One(tx, d, d.OwnerID)
}

// DeveloperOf returns the developer of a community, or [models.ErrNotFound].
func DeveloperOf(tx *store.Tx, communityID string) (Developer, error) {
	return developerTable.Row(tx, "WHERE community_id = ?", communityID)
}

// DeveloperByOwner returns what makes an owner a developer, or [models.ErrNotFound].
func DeveloperByOwner(tx *store.Tx, ownerID string) (Developer, error) {
	return developerTable.Row(tx, "WHERE owner_id = ?", ownerID)
}

// Developers returns all developers, by community.
func Developers(tx *store.Tx) (map[string]Developer, error) {
	list, err := developerTable.Rows(tx, "ORDER BY community_id")
	return store.Index(list, func(d *Developer) string { return d.CommunityID }), err
}

// UnsoldRooms returns the unsold rooms of a community that nobody owns today or later, in
// order of their ids, at most limit.
func UnsoldRooms(tx *store.Tx, communityID string, limit int) ([]Room, error) {
	return RoomTable.Rows(tx, `WHERE community_id = ? AND occupancy = 'unsold' AND NOT EXISTS (SELECT 1 FROM tenures t
		WHERE t.room_id = rooms.id AND t.role = 'owner' AND (t.to_on = '' OR t.to_on >= ?)) ORDER BY id LIMIT ?`,
		communityID, tx.Today(), limit)
}

// UnsoldHeldByName returns the tenures of unsold rooms of a community that an owner record
// of exactly this name holds, other than one: a file that names the developer room by room
// makes a record for each.
func UnsoldHeldByName(tx *store.Tx, communityID, name, otherThan string) ([]Tenure, error) {
	return store.Rows[Tenure](tx, "SELECT "+tenureTable.Of("t")+` FROM rooms r JOIN tenures t ON t.room_id = r.id
		JOIN owners o ON o.id = t.owner_id WHERE r.community_id = ? AND r.occupancy = 'unsold' AND t.role = 'owner' AND t.to_on = ''
		AND o.name = ? AND o.id <> ? ORDER BY t.id`, communityID, name, otherThan)
}

// UnsoldCount is how many rooms of a community are unsold, and how many of them nobody
// owns.
type UnsoldCount struct {
	CommunityID string
	Rooms       int
	Unowned     int
}

// UnsoldCounts returns the counts of the communities that have unsold rooms.
func UnsoldCounts(tx *store.Tx) (map[string]UnsoldCount, error) {
	list, err := store.Rows[UnsoldCount](tx, `SELECT r.community_id, COUNT(*) AS rooms, COALESCE(SUM(CASE WHEN EXISTS (SELECT 1
		FROM tenures t WHERE t.room_id = r.id AND t.role = 'owner' AND (t.to_on = '' OR t.to_on >= ?)) THEN 0 ELSE 1 END), 0) AS unowned
		FROM rooms r WHERE r.occupancy = 'unsold' GROUP BY r.community_id`, tx.Today())
	return store.Index(list, func(c *UnsoldCount) string { return c.CommunityID }), err
}
