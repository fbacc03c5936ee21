package models

import "errors"

// Roles by which a user is bound to a room.
const (
	RoleOwner  = "owner"
	RoleFamily = "family"
	RoleTenant = "tenant"
	RolePayer  = "payer"
)

// Binding lets a user see a room and pay for it, as far as the [Sight] that its
// last five columns hold.
type Binding struct {
	ID        string
	UserID    string
	RoomID    string
	Role      string
	Source    string // phone: WeChat vouched for the number; form: name and last digits matched
	CreatedAt Time
	OwnerID   string
	FromOn    Date
	UntilOn   Date
	Items     ItemList
}

// Bind binds a user to a room in the name of whoever holds it now: the tenant for
// the role of a tenant, else the owner; see [Tx.BindTenure].
func (tx *Tx) Bind(by Actor, userID, roomID, role, source string) error {
	t, err := tx.tenureOf(roomID, role)
	if err != nil {
		return err
	}
	return tx.BindTenure(by, userID, roomID, role, source, t)
}

// BindTenure binds a user to a room in the name of who holds it by the tenure. A
// binding that is there already in the same name and role stays as it is; one in
// another name gives way: a phone that paid for the owner before may be the new
// owner's.
func (tx *Tx) BindTenure(by Actor, userID, roomID, role, source string, t Tenure) error {
	s := sightOf(t, role)
	_, err := tx.exec("INSERT INTO bindings (id, user_id, room_id, source, created_at, "+sightColumns+") VALUES (?,?,?,?,?,?,?,?,?,?)",
		NewID(), userID, roomID, source, tx.Now, s.OwnerID, s.Role, s.FromOn, s.UntilOn, s.Items)
	action := "binding.added"
	if err != nil && tx.isDuplicate(err) {
		action = "binding.changed"
		changed, err := tx.guarded(`UPDATE bindings SET owner_id = ?, role = ?, from_on = ?, until_on = ?, items = ?, source = ?
			WHERE user_id = ? AND room_id = ? AND owner_id <> ?`, s.OwnerID, s.Role, s.FromOn, s.UntilOn, s.Items, source, userID, roomID, s.OwnerID)
		if err != nil || !changed {
			return err
		}
	} else if err != nil {
		return err
	}
	return tx.Audit(by, action, "room", roomID, map[string]string{"user": userID, "role": role, "source": source})
}

// tenureOf is who holds the room today as the role wants it; zero if nobody does.
func (tx *Tx) tenureOf(roomID, role string) (Tenure, error) {
	kind := TenureOwner
	if role == RoleTenant {
		kind = TenureTenant
	}
	list, err := tx.TenuresOfRoom(roomID)
	if err != nil {
		return Tenure{}, err
	}
	for _, t := range list {
		if t.Role == kind && t.Holds(tx.Today()) {
			return t, nil
		}
	}
	return Tenure{}, nil
}

// Unbind ends a user's binding; [ErrNotFound] if there is none.
func (tx *Tx) Unbind(by Actor, userID, roomID string) error {
	ok, err := tx.guarded("DELETE FROM bindings WHERE user_id = ? AND room_id = ?", userID, roomID)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNotFound
	}
	return tx.Audit(by, "binding.removed", "room", roomID, map[string]string{"user": userID})
}

// BoundRoom is a room with the role of the user who sees it.
type BoundRoom struct {
	Room
	Sight
	CommunityName string
	Merchant      string // that the community pays to; empty: the only or first one
	Settlement    string // the order in which money settles a bill of the community
	MerchantRules bool   // some of its fee items are paid to other merchants
}

// PrepaidSeen is the prepayment as the user may see it: it is the owner's.
func (b BoundRoom) PrepaidSeen(on Date) Fen {
	if !b.Owns(on) {
		return 0
	}
	return b.PrepaidFen
}

const boundRoomSelect = `SELECT r.id, r.community_id, r.code, r.code_key, r.building, r.unit, r.number, r.kind, r.area, r.price, r.cycle,
	r.handed_over_on, r.occupancy, r.steward, r.prepaid_fen, r.created_at, r.updated_at, b.owner_id, b.role, b.from_on, b.until_on, b.items, c.name, c.merchant, c.settlement,
	EXISTS (SELECT 1 FROM merchant_rules q WHERE q.community_id = c.id)
	FROM bindings b JOIN rooms r ON r.id = b.room_id JOIN communities c ON c.id = r.community_id WHERE b.user_id = ?`

func (b *BoundRoom) dest() []any {
	return append(append(b.Room.dest(), b.Sight.dest()...), &b.CommunityName, &b.Merchant, &b.Settlement, &b.MerchantRules)
}

var sqlBoundRoom = hot(boundRoomSelect + " AND b.room_id = ?")

// BoundRoom gives a room if the user is bound to it; [ErrNotFound] otherwise,
// whether the room exists or not.
func (tx *Tx) BoundRoom(userID, roomID string) (BoundRoom, error) {
	var b BoundRoom
	return b, tx.one(b.dest(), sqlBoundRoom, userID, roomID)
}

var sqlBoundRooms = hot(boundRoomSelect + " ORDER BY b.created_at, r.code_key, r.id")

// BoundRooms gives all rooms of a user, in the order of binding.
func (tx *Tx) BoundRooms(userID string) ([]BoundRoom, error) {
	var out []BoundRoom
	err := tx.each(func(scan func(...any) error) error {
		var b BoundRoom
		if err := scan(b.dest()...); err != nil {
			return err
		}
		out = append(out, b)
		return nil
	}, sqlBoundRooms, userID)
	return out, err
}

// CountFailure adds a failed attempt of a subject on a day.
func (tx *Tx) CountFailure(subject string, day Date) error {
	n, err := tx.exec("UPDATE attempts SET failures = failures + 1 WHERE subject = ? AND day = ?", subject, day)
	if err != nil || n == 1 {
		return err
	}
	_, err = tx.exec("INSERT INTO attempts (subject, day, failures) VALUES (?,?,1)", subject, day)
	if err != nil && tx.isDuplicate(err) {
		_, err = tx.exec("UPDATE attempts SET failures = failures + 1 WHERE subject = ? AND day = ?", subject, day)
	}
	return err
}

// Failures is the number of failed attempts of a subject on a day.
func (tx *Tx) Failures(subject string, day Date) (int, error) {
	n := 0
	err := tx.one([]any{&n}, "SELECT failures FROM attempts WHERE subject = ? AND day = ?", subject, day)
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return n, err
}
