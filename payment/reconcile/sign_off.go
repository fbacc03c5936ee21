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
// dealt with. A later run that finds something new opens the day again.
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

// billsKept is how far back WeChat keeps its bills: three months, less some days
// for months that are short.
const billsKept = 88

// maxFailures is after how many days whose bill could not be had a merchant is left
// for later.
const maxFailures = 3

// CatchUp reconciles the days before a date that a merchant has not been reconciled
// for, oldest first, back to its first payment or as far as WeChat keeps its bills.
// A merchant whose bills cannot be had is left for later, and does not keep the
// others waiting. It returns the number of days that it dealt with.
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

func catchUp(ctx context.Context, s *payment.Service, m *payment.Merchant, last models.Date) (days int, failed error) {
	from, err := proof.ReconciledFrom(s.DB.View(ctx), m.Name)
	if err != nil || from.IsZero() {
		return 0, err
	}
	from = max(from, last-billsKept)
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
