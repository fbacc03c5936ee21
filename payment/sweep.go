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
	SweepPage = 100
	// maxSilent is after how many unanswered questions in a row a merchant's other
	// orders are left for a later sweep: each may take seconds.
	MaxUnanswered = 3
)

// Sweep asks WeChat about every order whose time to be asked has come: callbacks
// that are late or lost, orders that expired, closings that WeChat has not
// confirmed. It gives the number of orders it dealt with. Orders that WeChat does
// not answer for are left for a later sweep. An order that fails is in the error
// and does not keep the others waiting.
func (s *Service) Sweep(ctx context.Context) (asked int, err error) {
	due := models.RealNow()
	silent := map[string]int{} // by merchant: questions in a row without an answer
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
			if oneErr := s.sweepOne(ctx, no, silent); oneErr != nil {
				err = errors.Join(err, fmt.Errorf("order %s: %w", no, oneErr))
			}
		}
		// Every order dealt with has moved beyond due, so a full page is followed by
		// others. If one could not be moved, it is the database that fails.
		if len(page) < SweepPage || errors.Is(err, ErrNotPostponed) {
			return asked, err
		}
	}
}

// ExpediteAll has every pending order asked about at the next sweep. It is for the start
// of the program: callbacks may have been lost while it was down.
func (s *Service) ExpediteAll(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		_, err := money.HurryPending(tx)
		return err
	})
}

// ErrNotPostponed says that an order could not even be put off.
var ErrNotPostponed = errors.New("payment: the order cannot be put off")

// sweepOne asks about an order. Whatever comes of it, the order is not due any
// more.
func (s *Service) sweepOne(ctx context.Context, no string, silent map[string]int) error {
	o, err := money.OrderByNo(s.DB.View(ctx), no)
	if err != nil {
		return errors.Join(err, ErrNotPostponed)
	}
	if silent[o.Merchant] < MaxUnanswered {
		switch _, err = s.QueryOrder(ctx, no); {
		case err == nil:
			silent[o.Merchant] = 0
			return nil
		case errors.Is(err, ErrUnavailable):
			silent[o.Merchant]++
			return nil
		}
	}
	if putOff := s.postpone(ctx, o); putOff != nil {
		return errors.Join(err, putOff, ErrNotPostponed)
	}
	return err
}

// QueryOpenOrders asks WeChat about the open orders of a room, so that what is owed
// afterwards is true. It errs if WeChat leaves any of them in doubt.
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
