package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment/reconcile"
	"wuyepay/payment/refund"
	"wuyepay/reminder"
)

// The operations of the jobs; when each runs stands in newJobs.

// sweep asks WeChat about orders whose callback is late, and closes expired ones.
func (j *jobs) sweep(ctx context.Context, _ models.Date) (string, error) {
	asked, err := j.app.pay.Sweep(ctx)
	return fmt.Sprintf("asked about %d orders", asked), err
}

// receipts gives the receipts of new payments their numbers.
func (j *jobs) receipts(ctx context.Context, _ models.Date) (string, error) {
	n, err := j.app.pay.Receipts.NumberReceipts(ctx)
	return fmt.Sprintf("numbered %d receipts", n), err
}

// refunds sends refunds that are approved and asks about those under way.
func (j *jobs) refunds(ctx context.Context, _ models.Date) (string, error) {
	dealt, err := refund.Sweep(ctx, j.app.pay)
	return fmt.Sprintf("dealt with %d refunds", dealt), err
}

// messages sends what waits in the outbox.
func (j *jobs) messages(ctx context.Context, _ models.Date) (string, error) {
	r, err := j.app.reminder.Drain(ctx)
	j.app.metrics.messages(r)
	return fmt.Sprintf("sent %d messages", r.Sent), err
}

// remind makes one pass over who owes; outside of hours it does nothing.
func (j *jobs) remind(ctx context.Context, _ models.Date) (string, error) {
	r, err := j.app.reminder.Pass(ctx)
	j.app.metrics.messages(r.DrainResult)
	return fmt.Sprintf("queued %d, sent %d", r.Queued, r.Sent), err
}

// reconcile holds the day before against WeChat's bills, which are ready by then,
// and makes up for days that a merchant's bills could not be had for.
func (j *jobs) reconcile(ctx context.Context, day models.Date) (string, error) {
	reports, err := reconcile.Run(ctx, j.app.pay, day-1)
	differences := 0
	for _, r := range reports {
		differences += len(r.Differences)
	}
	missed, late := reconcile.CatchUp(ctx, j.app.pay, day-1)
	outcome := fmt.Sprintf("%d merchants, %d differences", len(reports), differences)
	if missed > 0 {
		outcome += fmt.Sprintf(", %d days made up for", missed)
	}
	return outcome, errors.Join(err, late)
}

// plans ends the instalment plans that are kept or broken.
func (j *jobs) plans(ctx context.Context, _ models.Date) (string, error) {
	kept, broken, err := billing.EndPlans(ctx, j.app.db, models.SystemActor("plans"))
	return fmt.Sprintf("%d plans kept, %d broken", kept, broken), err
}

// check proves the books every night; a violation is a failed job.
func (j *jobs) check(ctx context.Context, _ models.Date) (string, error) {
	violations, err := proveBooks(ctx, j.app.db)
	if err == nil && len(violations) > 0 {
		for _, v := range violations {
			j.app.log.ErrorContext(ctx, "the books do not agree", "violation", v.String())
		}
		err = fmt.Errorf("%d violations", len(violations))
	}
	return "clean", err
}

// shipping tells WeChat what has been delivered, where that is asked for.
func (j *jobs) shipping(ctx context.Context, _ models.Date) (string, error) {
	r, err := j.app.delivery.Drain(ctx)
	return fmt.Sprintf("sent %d, skipped %d, failed %d, deferred %d", r.Sent, r.Skipped, r.Failed, r.Deferred), err
}

// evidence erases the messages of WeChat that have been kept long enough.
func (j *jobs) evidence(ctx context.Context, _ models.Date) (string, error) {
	erased, err := j.app.pay.EraseEvidence(ctx, models.SystemActor("evidence"), models.At(models.RealNow().AddDate(0, 0, -j.app.cfg.Evidence.KeepDays)))
	return fmt.Sprintf("%d rows erased", erased), err
}

// purge removes what is past its time.
func (j *jobs) purge(ctx context.Context, _ models.Date) (string, error) {
	var sessions, keys int64
	err := j.app.db.Write(ctx, func(tx *store.Tx) (err error) {
		if sessions, err = office.PurgeSessions(tx); err != nil {
			return err
		}
		keys, err = money.PurgeIdempotent(tx)
		return err
	})
	return fmt.Sprintf("%d sessions, %d idempotency keys", sessions, keys), err
}

func (j *jobs) failedAt(name string) time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed[name]
}

func (j *jobs) setFailed(name string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.failed, name)
	if err != nil {
		j.failed[name] = time.Now()
	}
}

// messages counts what became of messages.
func (m *metrics) messages(r reminder.DrainResult) {
	m.reminders.WithLabelValues("sent").Add(float64(r.Sent))
	for prefix, counts := range map[string]map[string]int{"skipped_": r.Skipped, "failed_": r.Failed, "deferred_": r.Deferred} {
		for reason, n := range counts {
			m.reminders.WithLabelValues(prefix + reason).Add(float64(n))
		}
	}
}
