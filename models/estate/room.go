package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// RoomsBetween gives a community's rooms in order of their code key: those after
// one key, up to and including another (empty: to the end), at most limit.
func RoomsBetween(tx *store.Tx, communityID, afterKey, lastKey string, limit int) ([]Room, error) {
	if lastKey == "" {
		return RoomsPage(tx, communityID, afterKey, limit)
	}
	return Rooms(tx, "SELECT "+RoomColumns+" FROM rooms"+store.ByCode+" WHERE community_id = ? AND code_key > ? AND code_key <= ? ORDER BY code_key LIMIT ?",
		communityID, afterKey, lastKey, limit)
}

// RoomsByID gives rooms by id.
func RoomsByID(tx *store.Tx, ids []string) (map[string]Room, error) {
	out := make(map[string]Room, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		list, err := Rooms(tx, "SELECT "+RoomColumns+" FROM rooms WHERE id IN ("+store.Placeholders(n)+")", store.Args(ids[:n])...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			out[r.ID] = r
		}
		ids = ids[n:]
	}
	return out, nil
}

// Occupancy of a room 房屋状态.
const (
	Occupied = "occupied" // 已入住
	Vacant   = "vacant"   // 空置
	Unsold   = "unsold"   // 未售: the developer owes
)

// Room is a 房产. Code is as the company writes it; CodeKey is [models.RoomKey] of it.
// Area is ㎡ with two decimals; Price (元/㎡·month) and Cycle, when set, go before
// the tariff's. PrepaidFen is the balance of prepayment.
type Room struct {
	ID           string
	CommunityID  string
	Code         string
	CodeKey      string
	Building     string
	Unit         string
	Number       string
	Kind         string // 物业类型
	Area         string
	Price        string
	Cycle        string
	HandedOverOn models.Date
	Occupancy    string
	Steward      string
	PrepaidFen   models.Fen
	CreatedAt    models.Time
	UpdatedAt    models.Time
}

// Name is how the room is called in texts: 1栋1单元101, or its code where the
// parts are not known.
func (r Room) Name() string {
	if r.Building == "" || r.Number == "" {
		return r.Code
	}
	return r.Building + r.Unit + r.Number
}

// RoomTable keeps rooms.
var RoomTable = store.NewTable[Room]("rooms")

const RoomColumns = "id, community_id, code, code_key, building, unit, number, kind, area, price, cycle, handed_over_on, occupancy, steward, prepaid_fen, created_at, updated_at"

func (r *Room) Dest() []any {
	return []any{&r.ID, &r.CommunityID, &r.Code, &r.CodeKey, &r.Building, &r.Unit, &r.Number, &r.Kind, &r.Area, &r.Price, &r.Cycle,
		&r.HandedOverOn, &r.Occupancy, &r.Steward, &r.PrepaidFen, &r.CreatedAt, &r.UpdatedAt}
}

func (r *Room) values() []any {
	return []any{r.ID, r.CommunityID, r.Code, r.CodeKey, r.Building, r.Unit, r.Number, r.Kind, r.Area, r.Price, r.Cycle,
		r.HandedOverOn, r.Occupancy, r.Steward, r.PrepaidFen, r.CreatedAt, r.UpdatedAt}
}

var sqlRoomByID = store.Hot("SELECT " + RoomColumns + " FROM rooms WHERE id = ?")

// RoomByID finds a room; [models.ErrNotFound] if there is none.
func RoomByID(tx *store.Tx, id string) (Room, error) {
	var r Room
	return r, tx.QueryRow(r.Dest(), sqlRoomByID, id)
}

// RoomByCode finds a room of a community by its code in any spelling.
func RoomByCode(tx *store.Tx, communityID, code string) (Room, error) {
	var r Room
	return r, tx.QueryRow(r.Dest(), "SELECT "+RoomColumns+" FROM rooms WHERE community_id = ? AND code_key = ?", communityID, models.RoomKey(code))
}

// RoomsByCodeKey gives the rooms of all communities whose code key is among those
// given: a file without a column for the community is matched by it.
func RoomsByCodeKey(tx *store.Tx, keys []string) (map[string][]Room, error) {
	out := make(map[string][]Room, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var r Room
			if err := scan(r.Dest()...); err != nil {
				return err
			}
			out[r.CodeKey] = append(out[r.CodeKey], r)
			return nil
		}, "SELECT "+RoomColumns+" FROM rooms WHERE community_id IN (SELECT id FROM communities) AND code_key IN ("+store.Placeholders(n)+") ORDER BY id", store.Args(keys[:n])...)
		if err != nil {
			return nil, err
		}
		keys = keys[n:]
	}
	return out, nil
}

// InsertRooms adds rooms; none may exist yet.
func InsertRooms(tx *store.Tx, rooms []Room) error {
	rows := make([][]any, len(rooms))
	for i := range rooms {
		rows[i] = rooms[i].values()
	}
	_, err := tx.InsertRows(false, "rooms", RoomColumns, rows)
	return err
}

// UpdateRoom writes the facts a rooms file may change. The balance is not among
// them.
func UpdateRoom(tx *store.Tx, r Room) error {
	return tx.ExecOne(`UPDATE rooms SET code = ?, building = ?, unit = ?, number = ?, kind = ?, area = ?, price = ?, cycle = ?,
		handed_over_on = ?, occupancy = ?, steward = ?, updated_at = ? WHERE id = ?`,
		r.Code, r.Building, r.Unit, r.Number, r.Kind, r.Area, r.Price, r.Cycle, r.HandedOverOn, r.Occupancy, r.Steward, tx.Now, r.ID)
}

// RoomsByKeys gives the rooms of a community whose code key is among those given,
// by code key.
func RoomsByKeys(tx *store.Tx, communityID string, keys []string) (map[string]Room, error) {
	out := make(map[string]Room, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), 500)
		list, err := Rooms(tx, "SELECT "+RoomColumns+" FROM rooms WHERE community_id = ? AND code_key IN ("+store.Placeholders(n)+")",
			append([]any{communityID}, store.Args(keys[:n])...)...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			out[r.CodeKey] = r
		}
		keys = keys[n:]
	}
	return out, nil
}

// RoomsPage gives a community's rooms in order of their code key, up to limit,
// those after the key given (empty: from the first).
func RoomsPage(tx *store.Tx, communityID, afterKey string, limit int) ([]Room, error) {
	return Rooms(tx, "SELECT "+RoomColumns+" FROM rooms"+store.ByCode+" WHERE community_id = ? AND code_key > ? ORDER BY code_key LIMIT ?", communityID, afterKey, limit)
}

func Rooms(tx *store.Tx, query string, args ...any) ([]Room, error) {
	var out []Room
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Room{})
		return scan(out[len(out)-1].Dest()...)
	}, query, args...)
	return out, err
}

// RoomIDsAfter gives room ids in ascending order, beginning after one of them: a
// walk over all rooms that holds few of them at a time.
func RoomIDsAfter(tx *store.Tx, after string, limit int) ([]string, error) {
	var out []string
	err := tx.QueryRows(func(scan func(...any) error) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		out = append(out, id)
		return nil
	}, "SELECT id FROM rooms WHERE id > ? ORDER BY id LIMIT ?", after, limit)
	return out, err
}
