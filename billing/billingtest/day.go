package billingtest

import (
	"context"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

// Rule returns a late-fee rule: daily rate, days of grace, and cap as a share
// of the principal or "" for none.
func Rule(rate string, grace int, limit string) estate.LateRule {
	r := estate.LateRule{Rate: decimal.RequireFromString(rate), GraceDays: grace}
	if limit != "" {
		r.Cap = decimal.NewNullDecimal(decimal.RequireFromString(limit))
	}
	return r
}

// Day returns a day written as 2026-03-15.
func Day(s string) models.Date { return models.MustDate(s) }

// Ctx is for calls that no test cancels.
//
// The others are members of staff, one for each role, and a deputy manager who
// can approve what the manager asked for.
var (
	Ctx     = context.Background()
	Manager = office.Staff{ID: "m", Name: "经理", Role: office.RoleManager}
	Deputy  = office.Staff{ID: "m2", Name: "副经理", Role: office.RoleManager}
	Finance = office.Staff{ID: "f", Name: "财务", Role: office.RoleFinance}
	Cashier = office.Staff{ID: "c", Name: "收费员", Role: office.RoleCashier}
	Steward = office.Staff{ID: "s", Name: "周楠", Role: office.RoleSteward}
)

// Clerk makes requests in tests.
var Clerk = models.Actor{Kind: models.ActorStaff, ID: "clerk", Name: "财务甲"}

// Chief approves them.
var Chief = models.Actor{Kind: models.ActorStaff, ID: "chief", Name: "经理乙"}

// As returns the member of staff behind an actor, with a role.
func As(a models.Actor, role string) office.Staff {
	return office.Staff{ID: a.ID, Name: a.Name, Username: a.ID, Role: role}
}
