package estate

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// What a room can have of its own that takes precedence over the tariff: see [RoomFilter].
const (
	OwnPrice = "price"
	OwnCycle = "cycle"
)

// RoomFilter chooses rooms for staff, in order of their code key.
type RoomFilter struct {
	Scope       office.Scope
	Text        string // room in any spelling, part of the owner's name, last four digits or all of the phone; empty: all
	CommunityID string // empty: all
	Kind        string // 物业类型; empty: all
	Own         string // OwnPrice or OwnCycle: only rooms that have one of their own; empty: all
	After       string // RoomLine.Cursor of the last one seen
	Limit       int
}

// RoomLine is a room as a list shows it. Owner is who owns it today, zero if nobody
// does; OwedFen is the principal of its unpaid and part-paid bills in fen, without
// late fee.
type RoomLine struct {
	Room
	Community string
	Owner     Owner      `gorm:"-"`
	OwedFen   models.Fen `gorm:"-"`
}

// Cursor returns where the next page begins.
func (l RoomLine) Cursor() string { return l.CodeKey + "/" + l.ID }

// roomLines selects the rooms that the scope may see, with the name of their community.
// more is a condition besides, with AND before it.
func roomLines(tx *store.Tx, scope office.Scope, more string, moreArgs ...any) gorm.ChainInterface[RoomLine] {
	where, args := scope.And()
	return store.G[RoomLine](tx).Table("rooms r JOIN communities c ON c.id = r.community_id").
		Select(RoomTable.Of("r")+", c.name AS community").Where("1 = 1"+where+more, slices.Concat(args, moreArgs)...)
}

// RoomLines returns a page of rooms with owner and debt, in three statements however
// many rooms there are. A cursor that is none is [models.ErrNotFound].
func RoomLines(tx *store.Tx, f RoomFilter) ([]RoomLine, error) {
	text, args := RoomText(tx, f.Text)
	q := roomLines(tx, f.Scope, text, args...)
	if f.CommunityID != "" {
		q = q.Where("r.community_id = ?", f.CommunityID)
	}
	if f.Kind != "" {
		q = q.Where("r.kind = ?", f.Kind)
	}
	switch f.Own {
	case OwnPrice:
		q = q.Where("r.price <> ''")
	case OwnCycle:
		q = q.Where("r.cycle <> ''")
	}
	if f.After != "" {
		cut := strings.LastIndexByte(f.After, '/')
		if cut < 0 {
			return nil, models.ErrNotFound
		}
		key, id := f.After[:cut], f.After[cut+1:]
		q = q.Where("(r.code_key > ? OR (r.code_key = ? AND r.id > ?))", key, key, id)
	}
	out, err := q.Order("r.code_key, r.id").Limit(f.Limit).Find(tx.Context())
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, fillLines(tx, out)
}

func fillLines(tx *store.Tx, lines []RoomLine) error {
	ids := make([]string, len(lines))
	for i := range lines {
		ids[i] = lines[i].ID
	}
	holdings, err := OwnerTenuresOfRooms(tx, ids)
	if err != nil {
		return err
	}
	owed, err := OwedPrincipals(tx, ids)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		l.OwedFen = owed[l.ID]
		for _, h := range holdings[l.ID] {
			if h.Holds(tx.Today()) {
				l.Owner = h.Owner
				break
			}
		}
	}
	return nil
}

// ScopedRoom returns a room that the scope may see, with the name of its community. It
// returns [models.ErrNotFound] both if there is none and if it is somebody else's.
func ScopedRoom(tx *store.Tx, scope office.Scope, id string) (Room, string, error) {
	l, err := roomLines(tx, scope, " AND r.id = ?", id).Take(tx.Context())
	return l.Room, l.Community, err
}

// CountRooms returns how many rooms a community has.
func CountRooms(tx *store.Tx, communityID string) (int64, error) {
	return store.G[Room](tx).Where("community_id = ?", communityID).Count(tx.Context(), "*")
}
