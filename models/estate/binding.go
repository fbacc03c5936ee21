package estate

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Roles by which a user is bound to a room.
const (
	RoleOwner  = "owner"
	RoleFamily = "family"
	RoleTenant = "tenant"
	RolePayer  = "payer"
)

// Binding lets a user see a room and pay for it, as far as the [BillVisibility] that its
// last five columns hold.
type Binding struct {
	ID        string
	UserID    string
	RoomID    string
	Role      string
	Source    string // phone: WeChat vouched for the number; form: name and last digits matched
	CreatedAt models.Time
	OwnerID   string
	FromOn    models.Date
	UntilOn   models.Date
	Items     models.ItemList
}

// Bind binds a user to a room in the name of whoever holds it now: the tenant for
// the role of a tenant, else the owner; see [BindTenure].
func Bind(tx *store.Tx, by models.Actor, userID, roomID, role, source string) error {
	t, err := tenureOf(tx, roomID, role)
	if err != nil {
		return err
	}
	return BindTenure(tx, by, userID, roomID, role, source, t)
}

// BindTenure binds a user to a room in the name of who holds it by the tenure. A
// binding that is there already in the same name and role stays as it is; one in
// another name gives way: a phone that paid for the owner before may be the new
// owner's.
func BindTenure(tx *store.Tx, by models.Actor, userID, roomID, role, source string, t Tenure) error {
	s := sightOf(t, role)
	_, err := tx.Exec("INSERT INTO bindings (id, user_id, room_id, source, created_at, "+SightColumns+") VALUES (?,?,?,?,?,?,?,?,?,?)",
		models.NewID(), userID, roomID, source, tx.Now, s.OwnerID, s.Role, s.FromOn, s.UntilOn, s.Items)
	action := "binding.added"
	if err != nil && tx.IsDuplicate(err) {
		action = "binding.changed"
		changed, err := tx.ExecGuarded(`UPDATE bindings SET owner_id = ?, role = ?, from_on = ?, until_on = ?, items = ?, source = ?
			WHERE user_id = ? AND room_id = ? AND owner_id <> ?`, s.OwnerID, s.Role, s.FromOn, s.UntilOn, s.Items, source, userID, roomID, s.OwnerID)
		if err != nil || !changed {
			return err
		}
	} else if err != nil {
		return err
	}
	return office.Audit(tx, by, action, "room", roomID, map[string]string{"user": userID, "role": role, "source": source})
}

// tenureOf is who holds the room today as the role wants it; zero if nobody does.
func tenureOf(tx *store.Tx, roomID, role string) (Tenure, error) {
	kind := TenureOwner
	if role == RoleTenant {
		kind = TenureTenant
	}
	list, err := TenuresOfRoom(tx, roomID)
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

// Unbind ends a user's binding; [models.ErrNotFound] if there is none.
func Unbind(tx *store.Tx, by models.Actor, userID, roomID string) error {
	ok, err := tx.ExecGuarded("DELETE FROM bindings WHERE user_id = ? AND room_id = ?", userID, roomID)
	if err != nil {
		return err
	}
	if !ok {
		return models.ErrNotFound
	}
	return office.Audit(tx, by, "binding.removed", "room", roomID, map[string]string{"user": userID})
}

// BoundRoom is a room with the role of the user who sees it.
type BoundRoom struct {
	Room
	BillVisibility
	CommunityName string
	Merchant      string // that the community pays to; empty: the only or first one
	Settlement    string // the order in which money settles a bill of the community
	MerchantRules bool   // some of its fee items are paid to other merchants
}

// PrepaidSeen is the prepayment as the user may see it: it is the owner's.
func (b BoundRoom) PrepaidSeen(on models.Date) models.Fen {
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
	return append(append(b.Room.Dest(), b.BillVisibility.Dest()...), &b.CommunityName, &b.Merchant, &b.Settlement, &b.MerchantRules)
}

var sqlBoundRoom = store.Hot(boundRoomSelect + " AND b.room_id = ?")

// BoundRoom gives a room if the user is bound to it; [models.ErrNotFound] otherwise,
// whether the room exists or not.
func BoundRoomOf(tx *store.Tx, userID, roomID string) (BoundRoom, error) {
	var b BoundRoom
	return b, tx.QueryRow(b.dest(), sqlBoundRoom, userID, roomID)
}

var sqlBoundRooms = store.Hot(boundRoomSelect + " ORDER BY b.created_at, r.code_key, r.id")

// BoundRooms gives all rooms of a user, in the order of binding.
func BoundRooms(tx *store.Tx, userID string) ([]BoundRoom, error) {
	var out []BoundRoom
	err := tx.QueryRows(func(scan func(...any) error) error {
		var b BoundRoom
		if err := scan(b.dest()...); err != nil {
			return err
		}
		out = append(out, b)
		return nil
	}, sqlBoundRooms, userID)
	return out, err
}

// ReviveBindings lets bindings to a room in a person's name be those of its owner:
// they bought the room back, or rented it before.
func ReviveBindings(tx *store.Tx, roomID, ownerID string) error {
	_, err := tx.Exec(`UPDATE bindings SET until_on = '', from_on = '', items = '', role = CASE WHEN role = 'tenant' THEN 'owner' ELSE role END
		WHERE room_id = ? AND owner_id = ?`, roomID, ownerID)
	return err
}
