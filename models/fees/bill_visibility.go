package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// CanSee reports whether a bill is in sight on a day. A bill that names nobody is of
// the owner of the room.
func CanSee(s estate.BillVisibility, b *Bill, on models.Date) bool {
	return s.Sees(b.OwnerID, b.Item, b.PeriodStart, on)
}

// visible returns [CanSee] as a condition on the bills table, with its arguments.
func visible(s estate.BillVisibility, on models.Date) (string, []any) {
	either, args := "owner_id = ?", []any{s.OwnerID}
	switch {
	case s.Owns(on):
		either = "owner_id IN (?, '')"
	case s.OwnerID == "":
		either, args = "1 = 0", nil
	}
	if s.Role == estate.RoleTenant {
		tenant := "period_start >= ?"
		args = append(args, s.FromOn)
		if !s.UntilOn.IsZero() {
			tenant, args = tenant+" AND period_start <= ?", append(args, s.UntilOn)
		}
		if names := s.Items.Names(); len(names) > 0 {
			tenant, args = tenant+" AND item IN ("+store.Placeholders(len(names))+")", append(args, store.Args(names)...)
		}
		either += " OR (" + tenant + ")"
	}
	return "(" + either + ")", args
}
