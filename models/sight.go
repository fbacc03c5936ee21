package models

import "strings"

// ItemList is a list of fee items as a column keeps it, one a line; empty means
// all items. It is a text so that rows that hold one can be compared.
type ItemList string

// Items makes a list. No item means all of them.
func Items(items ...string) ItemList { return ItemList(strings.Join(items, "\n")) }

// Names gives the items; none means all.
func (l ItemList) Names() []string {
	if l == "" {
		return nil
	}
	return strings.Split(string(l), "\n")
}

// Has tells whether the item is in the list.
func (l ItemList) Has(item string) bool {
	if l == "" {
		return true
	}
	for _, name := range l.Names() {
		if name == item {
			return true
		}
	}
	return false
}

// Sight is which of a room's bills a binding lets its user see and pay.
//
// OwnerID is whom the binding is for: the owner, or the tenant, on whose word it
// was made. The bills that this person owes are always in sight, also after the
// room has changed hands; bills of the owner before and after never are. A tenant
// sees besides the bills of the items they agreed to pay whose period begins in
// the tenancy: the owner owes those, and sees them too.
type Sight struct {
	OwnerID string
	Role    string
	FromOn  Date     // first day of the tenancy; of tenants only
	UntilOn Date     // last day on which OwnerID holds the room; none: still
	Items   ItemList // what a tenant pays; of tenants only
}

// Holds tells whether the person holds the room on a day, as owner or as tenant.
func (s Sight) Holds(on Date) bool { return s.UntilOn.IsZero() || s.UntilOn >= on }

// Owns tells whether the binding stands for the owner of the room on a day: only
// then the prepayment is theirs to see and to add to.
func (s Sight) Owns(on Date) bool { return s.Role != RoleTenant && s.Holds(on) }

// Sees tells whether a bill is in sight on a day. A bill that names nobody is of
// whoever owns the room.
func (s Sight) Sees(b *Bill, on Date) bool {
	return s.sees(b.OwnerID, b.Item, b.PeriodStart, on)
}

func (s Sight) sees(ownerID, item string, start, on Date) bool {
	if ownerID == "" && s.Owns(on) || ownerID != "" && ownerID == s.OwnerID {
		return true
	}
	return s.Role == RoleTenant && start >= s.FromOn && (s.UntilOn.IsZero() || start <= s.UntilOn) && s.Items.Has(item)
}

// where is [Sight.Sees] as a condition on the bills table.
func (s Sight) where(on Date) (string, []any) {
	either, args := "owner_id = ?", []any{s.OwnerID}
	switch {
	case s.Owns(on):
		either = "owner_id IN (?, '')"
	case s.OwnerID == "":
		either, args = "1 = 0", nil
	}
	if s.Role == RoleTenant {
		tenant := "period_start >= ?"
		args = append(args, s.FromOn)
		if !s.UntilOn.IsZero() {
			tenant, args = tenant+" AND period_start <= ?", append(args, s.UntilOn)
		}
		if names := s.Items.Names(); len(names) > 0 {
			tenant, args = tenant+" AND item IN ("+marks(len(names))+")", append(args, anys(names)...)
		}
		either += " OR (" + tenant + ")"
	}
	return " AND (" + either + ")", args
}

const sightColumns = "owner_id, role, from_on, until_on, items"

func (s *Sight) dest() []any { return []any{&s.OwnerID, &s.Role, &s.FromOn, &s.UntilOn, &s.Items} }

// sightOf is the sight that a tenure gives to a binding in a role.
func sightOf(t Tenure, role string) Sight {
	s := Sight{OwnerID: t.OwnerID, Role: role, UntilOn: t.ToOn}
	if role == RoleTenant {
		s.FromOn, s.Items = t.FromOn, t.Items
	}
	return s
}
