package billingtest

import (
	"context"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

func Rule(rate string, grace int, limit string) estate.LateRule {
	r := estate.LateRule{Rate: decimal.RequireFromString(rate), GraceDays: grace}
	if limit != "" {
		r.Cap = decimal.NewNullDecimal(decimal.RequireFromString(limit))
	}
	return r
}

func Day(s string) models.Date { return models.MustDate(s) }

var (
	Bg      = context.Background()
	Manager = office.Staff{ID: "m", Name: "经理", Role: office.RoleManager}
	Second  = office.Staff{ID: "m2", Name: "副经理", Role: office.RoleManager}
	Finance = office.Staff{ID: "f", Name: "财务", Role: office.RoleFinance}
	Cashier = office.Staff{ID: "c", Name: "收费员", Role: office.RoleCashier}
	Steward = office.Staff{ID: "s", Name: "周楠", Role: office.RoleSteward}
)

// Clerk asks for things in tests; chief approves.
var Clerk = models.Actor{Kind: models.ActorStaff, ID: "clerk", Name: "财务甲"}

var Chief = models.Actor{Kind: models.ActorStaff, ID: "chief", Name: "经理乙"}
