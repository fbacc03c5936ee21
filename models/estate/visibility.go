package estate

import "wuyepay/models"

// BillVisibility is which of a room's bills a binding lets its user see and pay.
//
// OwnerID is whom the binding is for: the owner, or the tenant, on whose word it
// was made. The bills that this person owes are always in sight, also after the
// room has changed hands; bills of the owner before and after never are. A tenant
// sees besides the bills of the items they agreed to pay whose period begins in
// the tenancy: the owner owes those, and sees them too.
type BillVisibility struct {
	OwnerID string
	Role    string
	FromOn  models.Date     // first day of the tenancy; of tenants only
	UntilOn models.Date     // last day on which OwnerID holds the room; none: still
	Items   models.ItemList // what a tenant pays; of tenants only
}

// Holds tells whether the person holds the room on a day, as owner or as tenant.
func (s BillVisibility) Holds(on models.Date) bool { return s.UntilOn.IsZero() || s.UntilOn >= on }

// Owns tells whether the binding stands for the owner of the room on a day: only
// then the prepayment is theirs to see and to add to.
func (s BillVisibility) Owns(on models.Date) bool { return s.Role != RoleTenant && s.Holds(on) }

func (s BillVisibility) Sees(ownerID, item string, start, on models.Date) bool {
	if ownerID == "" && s.Owns(on) || ownerID != "" && ownerID == s.OwnerID {
		return true
	}
	return s.Role == RoleTenant && start >= s.FromOn && (s.UntilOn.IsZero() || start <= s.UntilOn) && s.Items.Has(item)
}

const SightColumns = "owner_id, role, from_on, until_on, items"

func (s *BillVisibility) Dest() []any {
	return []any{&s.OwnerID, &s.Role, &s.FromOn, &s.UntilOn, &s.Items}
}

// sightOf is the sight that a tenure gives to a binding in a role.
func sightOf(t Tenure, role string) BillVisibility {
	s := BillVisibility{OwnerID: t.OwnerID, Role: role, UntilOn: t.ToOn}
	if role == RoleTenant {
		s.FromOn, s.Items = t.FromOn, t.Items
	}
	return s
}
