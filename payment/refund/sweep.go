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

// Sweep sends the refunds that are approved and asks about those under way
// whose time has come: answers that were lost, callbacks that never came. It gives
// the number of refunds it dealt with. One that fails does not keep the others
// waiting.
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

// sweepOne deals with one refund. Whatever comes of it, it is not due any more.
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
