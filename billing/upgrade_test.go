package billing_test

import (
	"context"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// Books of an earlier release are whole after the migration, and a reading that had
// come too late for its bill then is counted by the next run.
func TestBillingGoesOnAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, err := models.Open(modelstest.Old(t), modelstest.DataKey, modelstest.NewClock(modelstest.Start).Now)
	try(t, err)
	t.Cleanup(func() { _ = db.Close() })
	_, err = db.Migrate(ctx)
	try(t, err)
	clean := func() {
		t.Helper()
		for _, check := range []func(*models.Tx) ([]models.Violation, error){(*models.Tx).Check, billing.CheckMeters, billing.CheckLateFees} {
			violations, err := check(db.View(ctx))
			try(t, err)
			for _, v := range violations {
				t.Error(v)
			}
		}
	}
	clean()
	if r := generate(t, db, "2026-02"); r.Bills != 0 {
		t.Errorf("February again: %+v", r)
	}
	// (870 - 864.25) x 40 x 0.5583
	if r := generate(t, db, "2026-03"); r.Bills != 1 || r.PrincipalFen != 12841 {
		t.Errorf("March: %+v", r)
	}
	clean()
}
