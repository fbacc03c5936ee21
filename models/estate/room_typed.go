package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// RoomAsTyped returns the room of a community by its code as an owner types it, or
// [models.ErrNotFound]. The name of the community may stand before the code. The code in
// one of the spellings of [models.RoomKey] comes first. Failing that, a looser one finds a
// room ([models.LooseRoomKey]), but only if it is the only one: 0101 is never taken for
// 101 where both could be meant.
//
// It asks the same questions of the database whether there is such a room or not, so that
// the time of an answer says no more than the answer.
func RoomAsTyped(tx *store.Tx, communityID, code string) (Room, error) {
	name, err := store.Rows[string](tx, "SELECT name FROM communities WHERE id = ?", communityID)
	if err != nil {
		return Room{}, err
	}
	codes := []string{code}
	if len(name) == 1 {
		if rest, ok := models.WithoutPrefix(code, name[0]); ok {
			codes = append(codes, rest)
		}
	}
	exact, loose := make([]string, len(codes)), make([]string, len(codes))
	for i, c := range codes {
		exact[i], loose[i] = models.RoomKey(c), models.LooseRoomKey(c)
	}
	known, err := RoomsByKeys(tx, communityID, exact)
	if err != nil {
		return Room{}, err
	}
	list, err := store.RowsIn[Room](tx, loose, []any{communityID}, RoomTable.Select("WHERE community_id = ? AND loose_key (IN)"))
	if err != nil {
		return Room{}, err
	}
	for _, key := range exact {
		if r, ok := known[key]; ok && key != "" {
			return r, nil
		}
	}
	byLoose := store.Group(list, func(r *Room) string { return r.LooseKey })
	for _, key := range loose {
		if rooms := byLoose[key]; len(rooms) > 0 && key != "" {
			if len(rooms) > 1 {
				break
			}
			return rooms[0], nil
		}
	}
	return Room{}, models.ErrNotFound
}
