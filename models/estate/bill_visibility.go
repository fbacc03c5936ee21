package estate

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// BillVisibility says which of a room's bills a binding lets its user see and pay.
//
// OwnerID is the person in whose name the binding was made: the owner, or the tenant.
// The bills that this person owes are always visible, also after the room has changed
// hands; bills of the owner before and after never are. A tenant sees besides the
// bills of the items they agreed to pay whose period begins in the tenancy: the owner
// owes those, and sees them too.
//
// For example, Wang sells to Li on 15 March and owes for January. Wang still sees
// January and does not see April. Li sees April and does not see January. Li's tenant
// from 1 May, who pays 水费, sees the water bill of May and nothing else.
type BillVisibility struct {
	OwnerID string
	Role    string
	FromOn  models.Date     // first day of the tenancy; of tenants only
	UntilOn models.Date     // last day on which OwnerID holds the room; none: still
	Items   models.ItemList // that a tenant pays; of tenants only
}

// BillVisibilityTable is the part of the table bindings that a visibility is read from.
var BillVisibilityTable = store.NewTable[BillVisibility]("bindings")

// Holds reports whether the person holds the room on a day, as owner or as tenant.
func (s BillVisibility) Holds(on models.Date) bool { return s.UntilOn.IsZero() || s.UntilOn >= on }

// Owns reports whether the binding stands for the owner of the room on a day. Only
// then the prepayment is theirs to see and to add to.
func (s BillVisibility) Owns(on models.Date) bool { return s.Role != RoleTenant && s.Holds(on) }

// Sees reports whether the bill of an owner for an item, of a period from start, is
// visible on a day. A bill without an owner is visible to who owns the room on that
// day. Package fees says the same in SQL.
func (s BillVisibility) Sees(ownerID, item string, start, on models.Date) bool {
	if ownerID == "" && s.Owns(on) || ownerID != "" && ownerID == s.OwnerID {
		return true
	}
	return s.Role == RoleTenant && start >= s.FromOn && (s.UntilOn.IsZero() || start <= s.UntilOn) && s.Items.Has(item)
}

// visibilityOf returns what a tenure lets a binding see in a role.
func visibilityOf(t Tenure, role string) BillVisibility {
	s := BillVisibility{OwnerID: t.OwnerID, Role: role, UntilOn: t.ToOn}
	if role == RoleTenant {
		s.FromOn, s.Items = t.FromOn, t.Items
	}
	return s
}
