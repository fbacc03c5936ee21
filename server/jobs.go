package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/intake"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment/reconcile"
	"wuyepay/payment/refund"
	"wuyepay/reminder"
)

// job is something that runs by itself. A daily job has a time of day and runs
// once for each day over all replicas, also for days that were missed; a job
// without one runs again and again, every so often.
type job struct {
	name   string
	every  time.Duration // of a job that runs again and again, in real time
	at     time.Duration // of a daily job: business time since midnight in Shanghai
	daily  bool
	wechat bool // it asks WeChat
	do     func(ctx context.Context, day models.Date) (outcome string, err error)
}

// newJobs returns the table of all jobs, none of them running yet.
func newJobs(a *app) *jobs {
	j := &jobs{app: a, holder: models.NewID(), failed: map[string]time.Time{}, noted: map[string]time.Time{}}
	j.table = []job{
		{name: "sweep", every: 5 * time.Second, wechat: true, do: j.sweep},
		{name: "receipts", every: 2 * time.Second, do: j.receipts},
		{name: "refunds", every: 5 * time.Second, wechat: true, do: j.refunds},
		{name: "messages", every: 5 * time.Second, wechat: true, do: j.messages},
		{name: "shipping", every: 10 * time.Second, wechat: true, do: j.shipping},
		{name: "remind", every: 5 * time.Minute, wechat: true, do: j.remind},
		{name: "billing", every: 5 * time.Second, do: j.billingWork},
		{name: "imports", every: 2 * time.Second, do: j.imports},
		{name: "bill_day", daily: true, at: time.Hour, do: j.billDay},
		{name: "discounts", daily: true, at: 2 * time.Hour, do: j.discounts},
		{name: "reconcile", daily: true, at: 10*time.Hour + 30*time.Minute, wechat: true, do: j.reconcile},
		{name: "plans", daily: true, at: 20 * time.Minute, do: j.plans},
		{name: "check", daily: true, at: 4 * time.Hour, do: j.check},
		{name: "evidence", daily: true, at: 3*time.Hour + 20*time.Minute, do: j.evidence},
		{name: "purge", daily: true, at: 3 * time.Hour, do: j.purge},
	}
	return j
}

// sweep asks WeChat about orders whose callback is late, and closes expired ones.
func (j *jobs) sweep(ctx context.Context, _ models.Date) (string, error) {
	asked, err := j.app.pay.Sweep(ctx)
	return fmt.Sprintf("asked about %d orders", asked), err
}

// receipts numbers the receipts of new payments.
func (j *jobs) receipts(ctx context.Context, _ models.Date) (string, error) {
	n, err := j.app.pay.Receipts.NumberReceipts(ctx)
	return fmt.Sprintf("numbered %d receipts", n), err
}

// refunds sends refunds that are approved and asks about those under way.
func (j *jobs) refunds(ctx context.Context, _ models.Date) (string, error) {
	dealt, err := refund.Sweep(ctx, j.app.pay)
	return fmt.Sprintf("dealt with %d refunds", dealt), err
}

// messages sends what is queued in the outbox.
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

// imports works on files that were handed in, also on those that a program which was killed
// has left half done.
func (j *jobs) imports(ctx context.Context, _ models.Date) (string, error) {
	n, err := j.app.imports.Work(ctx)
	return fmt.Sprintf("worked on %d files", n), err
}

// previewsKept is how long the rows of a preview are kept after its end.
const previewsKept = 30 * 24 * time.Hour

// shipping tells WeChat what has been delivered, where that is asked for.
func (j *jobs) shipping(ctx context.Context, _ models.Date) (string, error) {
	r, err := j.app.delivery.Drain(ctx)
	return fmt.Sprintf("sent %d, skipped %d, failed %d, deferred %d", r.Sent, r.Skipped, r.Failed, r.Deferred), err
}

// evidence erases the messages of WeChat that have been kept long enough.
func (j *jobs) evidence(ctx context.Context, _ models.Date) (string, error) {
	erased, err := j.app.pay.EraseEvidence(ctx, models.SystemActor("evidence"),
		models.At(models.RealNow().AddDate(0, 0, -j.app.cfg.Evidence.KeepDays)))
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
	if err != nil {
		return "", err
	}
	previews, err := intake.Purge(ctx, j.app.db, models.At(j.app.db.Now().Add(-previewsKept)))
	return fmt.Sprintf("%d sessions, %d idempotency keys, %d previews", sessions, keys, previews), err
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
