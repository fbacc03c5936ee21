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

// Binding lets a user see a room and pay for it, as far as its [BillVisibility]
// reaches. A user has one binding to a room at most.
type Binding struct {
	ID        string
	UserID    string
	RoomID    string
	Source    string // phone: WeChat vouched for the number; form: name and last digits matched
	CreatedAt models.Time
	BillVisibility
}

// BindingTable keeps bindings.
var BindingTable = store.NewTable[Binding]("bindings")

// Bind binds a user to a room in the name of who holds it today: the tenant for the
// role of a tenant, else the owner; see [BindTenure]. A room that nobody holds is
// bound in nobody's name.
func Bind(tx *store.Tx, by models.Actor, userID, roomID, role, source string) error {
	t, err := tenureOf(tx, roomID, role)
	if err != nil {
		return err
	}
	return BindTenure(tx, by, userID, roomID, role, source, t)
}

var sqlRebind = BindingTable.Update("owner_id, role, from_on, until_on, items, source", "user_id = ? AND room_id = ? AND owner_id <> ?")

// BindTenure binds a user to a room in the name of the holder of a tenure. A binding
// that is there already in the same name stays as it is, also in another role; one in
// another name is replaced. For example, a phone that paid for the owner before may be
// the new owner's.
func BindTenure(tx *store.Tx, by models.Actor, userID, roomID, role, source string, t Tenure) error {
	b := Binding{
		ID: models.NewID(), UserID: userID, RoomID: roomID, Source: source, CreatedAt: tx.Now,
		BillVisibility: visibilityOf(t, role),
	}
	action := "binding.added"
	if err := store.G[Binding](tx).Create(tx.Context(), &b); err != nil {
		if !tx.IsDuplicate(err) {
			return err
		}
		action = "binding.changed"
		changed, err := sqlRebind.Guarded(tx, &b, userID, roomID, b.OwnerID)
		if err != nil || !changed {
			return err
		}
	}
	return office.Audit(tx, by, action, "room", roomID, map[string]string{"user": userID, "role": role, "source": source})
}

// tenureOf returns who holds the room today as the role wants it; zero if nobody does.
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

// Unbind ends a user's binding. If there is none it returns [models.ErrNotFound].
func Unbind(tx *store.Tx, by models.Actor, userID, roomID string) error {
	n, err := store.G[Binding](tx).Where("user_id = ? AND room_id = ?", userID, roomID).Delete(tx.Context())
	if err != nil {
		return err
	}
	if n == 0 {
		return models.ErrNotFound
	}
	return office.Audit(tx, by, "binding.removed", "room", roomID, map[string]string{"user": userID})
}

// IsBound reports whether a user is bound to a room, in anybody's name.
func IsBound(tx *store.Tx, userID, roomID string) (bool, error) {
	n, err := store.G[Binding](tx).Where("user_id = ? AND room_id = ?", userID, roomID).Count(tx.Context(), "*")
	return n > 0, err
}

// ReviveBindings turns the bindings to a room in a person's name into those of its
// owner: they bought the room back, or rented it before.
func ReviveBindings(tx *store.Tx, roomID, ownerID string) error {
	_, err := tx.Exec(`UPDATE bindings SET until_on = '', from_on = '', items = '',
		role = CASE WHEN role = 'tenant' THEN 'owner' ELSE role END WHERE room_id = ? AND owner_id = ?`, roomID, ownerID)
	return err
}
