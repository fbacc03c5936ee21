package reconcile

import (
	"context"
	"errors"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Refusals of [SignOff].
var (
	ErrDayNotRun = models.Refusal(models.KindConflict, "DAY_NOT_RECONCILED", "这一天还没有对账，不能签核")
	ErrDayOpen   = models.Refusal(models.KindConflict, "DAY_HAS_FINDINGS", "还有未处理的差异，处理完才能签核")
	ErrDaySigned = models.Refusal(models.KindConflict, "DAY_SIGNED", "这一天已经签核")
)

// SignOff puts finance's name under a merchant's day: every difference has been
// dealt with. It returns [ErrDayNotRun], [ErrDaySigned], or [ErrDayOpen] while a finding
// is open. A later run with a new finding or other figures opens the day again.
//
// The day's row is locked, as a run locks it before it stores findings. So no day is
// signed while a run adds a finding to it.
func SignOff(ctx context.Context, s *payment.Service, by models.Actor, merchant string, on models.Date) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		r, err := proof.LockReconciliation(tx, merchant, on)
		switch {
		case errors.Is(err, models.ErrNotFound):
			return ErrDayNotRun
		case err != nil:
			return err
		case r.Signed():
			return ErrDaySigned
		}
		ok, err := proof.SignOff(tx, by, merchant, on)
		if err == nil && !ok {
			err = ErrDayOpen
		}
		return err
	})
}

// billsKept is how many days [CatchUp] goes back from today, whatever its last day is.
// WeChat keeps its bills for three months, and the shortest three months have 89 days.
const billsKept = 89

// maxFailures is after how many failed days, in a row or not, [CatchUp] leaves a merchant
// for its next call.
const maxFailures = 3

// CatchUp reconciles the days before a date for which a merchant has no run yet, oldest
// first, back to its first payment or first run, or as far as WeChat keeps its bills. It
// never goes beyond yesterday in Asia/Shanghai. A merchant whose bills cannot be
// downloaded is left for later and does not hold up the others.
//
// It returns the number of days that it reconciled, and the joined errors of the others.
func CatchUp(ctx context.Context, s *payment.Service, before models.Date) (days int, failed error) {
	for _, name := range s.MerchantNames() {
		n, err := catchUp(ctx, s, s.Merchants[name], min(before, s.DB.Today())-1)
		days += n
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("catch up %s: %w", name, err))
		}
	}
	return days, failed
}

// catchUp is CatchUp for one merchant, up to and including the last day. A merchant
// without any payment or run has nothing to catch up with.
func catchUp(ctx context.Context, s *payment.Service, m *payment.Merchant, last models.Date) (days int, failed error) {
	from, err := proof.ReconciledFrom(s.DB.View(ctx), m.Name)
	if err != nil || from.IsZero() {
		return 0, err
	}
	from = max(from, s.DB.Today()-billsKept)
	ran, err := proof.ReconciledDays(s.DB.View(ctx), m.Name, from, last)
	if err != nil {
		return 0, err
	}
	failures := 0
	for on := from; on <= last && failures < maxFailures && ctx.Err() == nil; on++ {
		if ran[on] {
			continue
		}
		if _, err := runOne(ctx, s, m, on); err != nil {
			failures++
			failed = errors.Join(failed, fmt.Errorf("%s: %w", on, err))
			continue
		}
		days++
	}
	return days, errors.Join(failed, ctx.Err())
}
