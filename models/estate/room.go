package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Occupancy of a room 房屋状态. It says who owes, and lowers no bill: a [Vacancy]
// does.
const (
	Occupied = "occupied" // 已入住
	Vacant   = "vacant"   // 空置
	Unsold   = "unsold"   // 未售: the developer owes
)

// Room is a 房产. Code is as the company writes it; CodeKey is [models.RoomKey] of it,
// and unique in the community. LooseKey is [models.LooseRoomKey] of it, which two rooms
// may share. PrepaidFen is the balance of prepayment in fen, over
// all fee items.
type Room struct {
	ID           string
	CommunityID  string
	Code         string
	CodeKey      string
	LooseKey     string
	Building     string
	Unit         string
	Number       string
	Kind         string // 物业类型, as tariffs name it
	Area         string // ㎡, two decimals
	Price        string // 元/㎡ and month; takes precedence over the tariff's unless it is empty
	Cycle        string // of billing; takes precedence over the tariff's unless it is empty
	HandedOverOn models.Date
	Occupancy    string
	Steward      string // name of the 管家; see [office.Scope]
	PrepaidFen   models.Fen
	CreatedAt    models.Time
	UpdatedAt    models.Time
}

// Name returns what the room is called in texts: 1栋1单元101, or its code where the
// building or the number is not known.
func (r Room) Name() string {
	if r.Building == "" || r.Number == "" {
		return r.Code
	}
	return r.Building + r.Unit + r.Number
}

// RoomTable keeps rooms.
var RoomTable = store.NewTable[Room]("rooms")

var sqlRoomByID = store.Hot(RoomTable.Select("WHERE id = ?"))

// RoomByID returns a room, or [models.ErrNotFound].
func RoomByID(tx *store.Tx, id string) (Room, error) { return store.Row[Room](tx, sqlRoomByID, id) }

// RoomByCode returns the room of a community by its code in any spelling, or
// [models.ErrNotFound].
func RoomByCode(tx *store.Tx, communityID, code string) (Room, error) {
	return store.G[Room](tx).Where("community_id = ? AND code_key = ?", communityID, models.RoomKey(code)).Take(tx.Context())
}

// RoomsByID returns rooms by id. An id that is no room's is missing.
func RoomsByID(tx *store.Tx, ids []string) (map[string]Room, error) {
	list, err := store.RowsIn[Room](tx, ids, nil, RoomTable.Select("WHERE id (IN)"))
	return store.Index(list, func(r *Room) string { return r.ID }), err
}

// RoomsByKeys returns the rooms of a community whose code key is in the list, by code
// key.
func RoomsByKeys(tx *store.Tx, communityID string, keys []string) (map[string]Room, error) {
	list, err := store.RowsIn[Room](tx, keys, []any{communityID}, RoomTable.Select("WHERE community_id = ? AND code_key (IN)"))
	return store.Index(list, func(r *Room) string { return r.CodeKey }), err
}

// RoomsByCodeKey returns the rooms of all communities whose code key is in the list,
// by code key: a file without a column for the community is matched by it. For
// example, 1-1-101 may be a room of each of two communities.
func RoomsByCodeKey(tx *store.Tx, keys []string) (map[string][]Room, error) {
	// The communities are named because the index of the key begins with them.
	list, err := store.RowsIn[Room](tx, keys, nil,
		RoomTable.Select("WHERE community_id IN (SELECT id FROM communities) AND code_key (IN) ORDER BY id"))
	return store.Group(list, func(r *Room) string { return r.CodeKey }), err
}

// RoomsPage returns a community's rooms in order of their code key, at most limit:
// those after a key, or from the first if it is empty.
func RoomsPage(tx *store.Tx, communityID, afterKey string, limit int) ([]Room, error) {
	return store.Rows[Room](tx, sqlRoomsAfter+" ORDER BY code_key LIMIT ?", communityID, afterKey, limit)
}

var sqlRoomsAfter = "SELECT " + RoomTable.Columns + " FROM rooms" + store.ByCode + " WHERE community_id = ? AND code_key > ?"

// RoomsBetween returns a community's rooms in order of their code key, at most limit:
// those after one key, up to and including another. An empty last key means to the
// end.
func RoomsBetween(tx *store.Tx, communityID, afterKey, lastKey string, limit int) ([]Room, error) {
	if lastKey == "" {
		return RoomsPage(tx, communityID, afterKey, limit)
	}
	return store.Rows[Room](tx, sqlRoomsAfter+" AND code_key <= ? ORDER BY code_key LIMIT ?", communityID, afterKey, lastKey, limit)
}

// RoomsOfOwner returns the rooms that the owner holds or held, by code key.
func RoomsOfOwner(tx *store.Tx, ownerID string) ([]Room, error) {
	held := store.G[Room](tx).Where("id IN (SELECT room_id FROM tenures WHERE owner_id = ?)", ownerID)
	return held.Order("code_key, id").Find(tx.Context())
}

// RoomIDsAfter returns room ids in ascending order, beginning after one of them: a
// walk over all rooms that holds few of them at a time.
func RoomIDsAfter(tx *store.Tx, after string, limit int) (ids []string, err error) {
	err = store.G[Room](tx).Select("id").Where("id > ?", after).Order("id").Limit(limit).Scan(tx.Context(), &ids)
	return ids, err
}

// InsertRooms adds rooms; none may exist yet. It sets their loose keys.
func InsertRooms(tx *store.Tx, rooms []Room) error {
	for i := range rooms {
		rooms[i].LooseKey = models.LooseRoomKey(rooms[i].Code)
	}
	return RoomTable.Insert(tx, rooms...)
}

var sqlUpdateRoom = RoomTable.Update(
	"code, loose_key, building, unit, number, kind, area, price, cycle, handed_over_on, occupancy, steward, updated_at", "id = ?")

// UpdateRoom writes the facts that a rooms file may change. The balance of prepayment
// is not among them.
func UpdateRoom(tx *store.Tx, r Room) error {
	r.LooseKey, r.UpdatedAt = models.LooseRoomKey(r.Code), tx.Now
	return sqlUpdateRoom.One(tx, &r, r.ID)
}
