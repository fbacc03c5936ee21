package reconciliation

import (
	"context"

	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/reconcile"
)

// RunAgain compares a day with WeChat's bill once more. The audit log keeps who asked for it
// before WeChat is asked; the page of the day shows what came of it.
func RunAgain(c *ui.Call) error {
	on, err := models.ParseDate(c.R.PathValue("day"))
	if err != nil {
		return models.ErrNotFound
	}
	c.LongWork()
	err = c.DB.Write(c.R.Context(), func(tx *store.Tx) error {
		return office.Audit(tx, c.Staff.Actor(), "reconciliation.asked", "reconciliation", on.String(), nil)
	})
	if err != nil {
		return err
	}
	// A phone that goes to sleep does not end the run, which has a time limit of its own.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.R.Context()), ui.LongWorkTime)
	defer cancel()
	c.Say(runReconcile(ctx, c, on))
	if on >= c.View.Today() {
		return c.Redirect("/staff/reconcile")
	}
	return c.Redirect("/staff/reconcile/" + on.String())
}

// runReconcile compares a day and returns the code of the message about it.
func runReconcile(ctx context.Context, c *ui.Call, on models.Date) string {
	reports, err := reconcile.Run(ctx, c.Pay, on)
	if err != nil {
		c.Log.WarnContext(ctx, "reconciliation asked for by staff failed", "date", on.String(), "request_id", models.RequestID(ctx),
			"error", err)
		if e, ok := models.AsError(err); ok {
			if ui.HasFlash(e.Code) {
				return e.Code
			}
		}
		return "reconcile_failed"
	}
	for _, r := range reports {
		for _, d := range r.Differences {
			if d.Resolution == proof.ResolutionOpen {
				return "reconciled_open"
			}
		}
	}
	return "reconciled_clean"
}
