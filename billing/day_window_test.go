package billing_test

import (
	"context"
	"testing"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
)

// Forms and commands end in the same operations, which refuse days that cannot be meant.
func TestDaysThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := billingtest.NewHome(t)
	for name, try := range map[string]func() error{
		"a vacancy": func() error {
			_, err := billing.RequestVacancy(ctx, h.DB, billingtest.Clerk, h.Room.ID, billingtest.Day("2205-01-01"),
				billingtest.Day("2205-02-01"),
				"装修")
			return err
		},
		"a tenancy": func() error {
			_, err := billing.AddTenant(ctx, h.DB, billingtest.Clerk, billing.TenantRequest{RoomID: h.Room.ID, Name: "赵租",
				Phone: "13900000001",
				From:  billingtest.Day("2205-01-01")})
			return err
		},
		"the end of a tenancy": func() error {
			_, err := billing.AddTenant(ctx, h.DB, billingtest.Clerk, billing.TenantRequest{RoomID: h.Room.ID, Name: "赵租",
				Phone: "13900000001",
				From:  billingtest.Day("2026-01-01"), To: billingtest.Day("2205-01-01")})
			return err
		},
	} {
		if e, ok := models.AsError(try()); !ok || e.Code != "DAY_OUT_OF_RANGE" {
			t.Errorf("%s: %v", name, e)
		}
	}
}
