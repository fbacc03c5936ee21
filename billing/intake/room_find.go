package intake

import (
	"wuyepay/billing/sheet"
	"wuyepay/models/estate"
)

// Reasons why a room is not found.
const (
	reasonNoCommunity = "系统中没有这个小区，请先导入房产资料"
	reasonNoRoom      = "系统中没有这个房号，请先导入房产资料"
	reasonManyRooms   = "多个小区都有这个房号，请在表中增加「小区」列"
)

// roomRef is how a row identifies a room: by its code and, if the file has the
// column, by the community.
type roomRef struct {
	row       *sheet.Row
	community string
	key       string // models.RoomKey of the code
}

// roomRef reads the code, in any spelling, and the community if the file has it. A blank
// community is like a missing column.
func (p *pass) roomRef(row *sheet.Row) roomRef {
	_, key := p.roomCode(row)
	return roomRef{row: row, community: p.communityName(row), key: key}
}

// findRooms returns the room of each row, in the order of refs. A room that is not
// found has no ID and is recorded as a mistake. Rooms are looked up together, by
// community, instead of one statement for each row. A writing pass locks the
// communities of the rooms found.
func (p *pass) findRooms(refs []roomRef) ([]estate.Room, error) {
	named := map[string][]string{} // code keys by community
	var anywhere []string
	for _, r := range refs {
		if r.community == "" {
			anywhere = append(anywhere, r.key)
		} else {
			named[r.community] = append(named[r.community], r.key)
		}
	}
	everywhere, err := estate.RoomsByCodeKey(p.tx, anywhere)
	if err != nil {
		return nil, err
	}
	inside := map[string]map[string]estate.Room{}
	for name, keys := range named {
		if inside[name], err = p.roomsOf(name, keys); err != nil {
			return nil, err
		}
	}
	rooms := make([]estate.Room, len(refs))
	for i, r := range refs {
		if r.community != "" {
			rooms[i] = p.roomInside(r, inside[r.community])
		} else {
			rooms[i] = p.roomAnywhere(r, everywhere[r.key])
		}
		if rooms[i].ID == "" {
			continue
		}
		if err := p.lock(rooms[i].CommunityID); err != nil {
			return nil, err
		}
	}
	return rooms, nil
}

// roomsOf returns rooms of a community, by the key of their code. The map is nil if
// there is no community of the name, and empty if it has none of the rooms.
func (p *pass) roomsOf(name string, keys []string) (map[string]estate.Room, error) {
	c, err := p.knownCommunity(name)
	if err != nil || c.ID == "" {
		return nil, err
	}
	return estate.RoomsByKeys(p.tx, c.ID, keys)
}

// roomInside returns the room of a row that names its community. rooms is nil if there
// is no such community, which is reported instead of the room. Without a room it
// returns one without ID.
func (p *pass) roomInside(r roomRef, rooms map[string]estate.Room) estate.Room {
	room, ok := rooms[r.key]
	switch {
	case rooms == nil:
		p.addMistake(r.row.Mistake(colCommunity, reasonNoCommunity))
	case !ok:
		p.addMistake(r.row.Mistake(colRoom, reasonNoRoom))
	}
	return room
}

// roomAnywhere returns the room of a row without a community. Many communities have a
// room 1-1-101. If more than one has, the row is a mistake: a guess could charge the
// wrong owner. For a company with one community the column is not needed.
func (p *pass) roomAnywhere(r roomRef, rooms []estate.Room) estate.Room {
	switch len(rooms) {
	case 0:
		p.addMistake(r.row.Mistake(colRoom, reasonNoRoom))
	case 1:
		return rooms[0]
	default:
		p.addMistake(r.row.Mistake(colRoom, reasonManyRooms))
	}
	return estate.Room{}
}
