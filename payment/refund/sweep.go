package refund

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/payment"
)

// Sweep sends the approved refunds and asks about those under way that are due: WeChat's
// answer was lost, or its callback never came. It returns the number of refunds that it
// handled. The errors of refunds that fail are joined and do not stop the others.
//
// After three refunds in a row without an answer, the others of that merchant are put off
// by a minute without a call, since each call may take seconds. What is due is fixed at
// the start. A refund that was handled is not due any more, so the next page has only
// others. If one cannot be put off, the database is failing, and the sweep ends after the
// page.
func Sweep(ctx context.Context, s *payment.Service) (dealt int, err error) {
	due := models.RealNow()
	silent := map[string]int{}
	for {
		page, pageErr := money.RefundsToCheck(s.DB.View(ctx), due, payment.SweepPage)
		if pageErr != nil {
			return dealt, errors.Join(err, pageErr)
		}
		for _, no := range page {
			if ctx.Err() != nil {
				return dealt, errors.Join(err, ctx.Err())
			}
			dealt++
			if oneErr := sweepOne(ctx, s, no, silent); oneErr != nil {
				err = errors.Join(err, fmt.Errorf("refund %s: %w", no, oneErr))
			}
		}
		if len(page) < payment.SweepPage || errors.Is(err, payment.ErrNotPostponed) {
			return dealt, err
		}
	}
}

// sweepOne handles one refund. Afterwards it is not due any more, unless the error is
// [payment.ErrNotPostponed]. silent counts, by merchant, the refunds in a row without an
// answer. A missing answer is no error here, because [Follow] has noted the next try.
func sweepOne(ctx context.Context, s *payment.Service, no string, silent map[string]int) error {
	r, err := money.RefundByNo(s.DB.View(ctx), no)
	if err != nil {
		return errors.Join(err, payment.ErrNotPostponed)
	}
	if silent[r.Merchant] < payment.MaxUnanswered {
		switch _, err = Follow(ctx, s, no); {
		case err == nil:
			silent[r.Merchant] = 0
			return nil
		case errors.Is(err, payment.ErrUnavailable):
			silent[r.Merchant]++
			return nil
		}
	}
	if putOff := postponeRefund(ctx, s, r, r.Fault, time.Minute); putOff != nil {
		return errors.Join(err, putOff, payment.ErrNotPostponed)
	}
	return err
}
