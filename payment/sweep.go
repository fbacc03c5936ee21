package payment

import (
	"context"
	"errors"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

const (
	// SweepPage is how many orders or refunds a sweep reads at a time.
	SweepPage = 100
	// MaxUnanswered is after how many unanswered queries in a row a sweep leaves a
	// merchant's other orders for a later one: each of them may take seconds.
	MaxUnanswered = 3
)

// Sweep queries every order that is due: those whose callback is late or lost,
// those that expired, and those whose closing WeChat has not confirmed. It
// returns how many it handled. If WeChat does not answer, the orders of that
// merchant are left for a later sweep. The errors of orders that fail are
// joined and do not stop the others.
func (s *Service) Sweep(ctx context.Context) (asked int, err error) {
	due := models.RealNow()
	unanswered := map[string]int{} // by merchant: queries in a row without an answer
	for {
		page, pageErr := money.OrdersToCheck(s.DB.View(ctx), due, SweepPage)
		if pageErr != nil {
			return asked, errors.Join(err, pageErr)
		}
		for _, no := range page {
			if ctx.Err() != nil {
				return asked, errors.Join(err, ctx.Err())
			}
			asked++
			if oneErr := s.sweepOne(ctx, no, unanswered); oneErr != nil {
				err = errors.Join(err, fmt.Errorf("order %s: %w", no, oneErr))
			}
		}
		// Every order that was handled has moved beyond due, so a full page is followed by
		// others. If one could not be moved, the database is failing.
		if len(page) < SweepPage || errors.Is(err, ErrNotPostponed) {
			return asked, err
		}
	}
}

// ExpediteAll makes the next sweep query every pending order. It is for the
// start of the program: callbacks may have been lost while it was down.
func (s *Service) ExpediteAll(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		_, err := money.HurryPending(tx)
		return err
	})
}

// ErrNotPostponed reports an order that could not even be postponed.
var ErrNotPostponed = errors.New("payment: the order cannot be put off")

// sweepOne queries an order. Whatever the result, the order is not due any more
// afterwards.
func (s *Service) sweepOne(ctx context.Context, no string, unanswered map[string]int) error {
	o, err := money.OrderByNo(s.DB.View(ctx), no)
	if err != nil {
		return errors.Join(err, ErrNotPostponed)
	}
	if unanswered[o.Merchant] < MaxUnanswered {
		switch _, err = s.QueryOrder(ctx, no); {
		case err == nil:
			unanswered[o.Merchant] = 0
			return nil
		case errors.Is(err, ErrUnavailable):
			unanswered[o.Merchant]++
			return nil
		}
	}
	if putOff := s.postpone(ctx, o); putOff != nil {
		return errors.Join(err, putOff, ErrNotPostponed)
	}
	return err
}

// QueryOpenOrders queries the open orders of a room, so that what is owed
// afterwards is right. It returns an error if the state of any of them stays
// unknown.
func (s *Service) QueryOpenOrders(ctx context.Context, roomID string) error {
	open, err := money.OpenOrdersOfRoom(s.DB.View(ctx), roomID)
	if err != nil {
		return err
	}
	for _, no := range open {
		if _, err := s.QueryOrder(ctx, no); err != nil {
			return err
		}
	}
	return nil
}
