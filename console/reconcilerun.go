package console

import (
	"context"

	"wuyepay/models"
)

// reconcileAgain holds a day against WeChat's bill once more. Who asked for it is
// in the audit log before WeChat is asked; what came of it is what the day shows.
func (c *call) reconcileAgain() error {
	on, err := models.ParseDate(c.r.PathValue("day"))
	if err != nil {
		return models.ErrNotFound
	}
	c.longWork()
	err = c.DB.Write(c.r.Context(), func(tx *models.Tx) error {
		return tx.Audit(c.staff.Actor(), "reconciliation.asked", "reconciliation", on.String(), nil)
	})
	if err != nil {
		return err
	}
	// A phone that goes to sleep does not end the run: it is bounded by its time.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.r.Context()), longWorkTime)
	defer cancel()
	c.say(c.runReconcile(ctx, on))
	if on >= c.view.Today() {
		return c.redirect("/staff/reconcile")
	}
	return c.redirect("/staff/reconcile/" + on.String())
}

// runReconcile runs and gives the code of what to say about it.
func (c *call) runReconcile(ctx context.Context, on models.Date) string {
	reports, err := c.Pay.Reconcile(ctx, on)
	if err != nil {
		c.Log.WarnContext(ctx, "reconciliation asked for by staff failed", "date", on.String(), "request_id", models.RequestID(ctx), "error", err)
		if e, ok := models.AsError(err); ok {
			if _, ok := flashes[e.Code]; ok {
				return e.Code
			}
		}
		return "reconcile_failed"
	}
	for _, r := range reports {
		for _, d := range r.Differences {
			if d.Resolution == models.ResolutionOpen {
				return "reconciled_open"
			}
		}
	}
	return "reconciled_clean"
}
