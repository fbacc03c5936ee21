package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
)

// SweepRefunds sends the refunds that are approved and asks about those under way
// whose time has come: answers that were lost, callbacks that never came. It gives
// the number of refunds it dealt with. One that fails does not keep the others
// waiting.
func (s *Service) SweepRefunds(ctx context.Context) (dealt int, err error) {
	due := models.RealNow()
	silent := map[string]int{}
	for {
		page, pageErr := money.RefundsToCheck(s.db.View(ctx), due, sweepPage)
		if pageErr != nil {
			return dealt, errors.Join(err, pageErr)
		}
		for _, no := range page {
			if ctx.Err() != nil {
				return dealt, errors.Join(err, ctx.Err())
			}
			dealt++
			if oneErr := s.sweepRefund(ctx, no, silent); oneErr != nil {
				err = errors.Join(err, fmt.Errorf("refund %s: %w", no, oneErr))
			}
		}
		if len(page) < sweepPage || errors.Is(err, errStuck) {
			return dealt, err
		}
	}
}

// sweepRefund deals with one refund. Whatever comes of it, it is not due any more.
func (s *Service) sweepRefund(ctx context.Context, no string, silent map[string]int) error {
	r, err := money.RefundByNo(s.db.View(ctx), no)
	if err != nil {
		return errors.Join(err, errStuck)
	}
	if silent[r.Merchant] < maxSilent {
		switch _, err = s.FollowRefund(ctx, no); {
		case err == nil:
			silent[r.Merchant] = 0
			return nil
		case errors.Is(err, ErrUnavailable):
			silent[r.Merchant]++
			return nil
		}
	}
	if putOff := s.postponeRefund(ctx, r, r.Fault, time.Minute); putOff != nil {
		return errors.Join(err, putOff, errStuck)
	}
	return err
}
