package payment

import (
	"context"
	"errors"

	"wuyepay/models"
)

const sweepPage = 100

// Sweep asks WeChat about every order whose time to be asked has come: callbacks
// that are late or lost, orders that expired, closings that WeChat has not
// confirmed. It gives the number of orders asked about. Orders that WeChat does
// not answer for are left for the next sweep.
func (s *Service) Sweep(ctx context.Context) (asked int, err error) {
	due := models.RealNow()
	for ctx.Err() == nil {
		page, err := s.db.View(ctx).OrdersToCheck(due, sweepPage)
		if err != nil {
			return asked, err
		}
		unreachable := 0
		for _, no := range page {
			if ctx.Err() != nil {
				return asked, ctx.Err()
			}
			asked++
			if _, err := s.Ask(ctx, no); errors.Is(err, ErrUnavailable) {
				unreachable++
			} else if err != nil {
				return asked, err
			}
		}
		// Every order asked about has moved beyond due, so a full page is followed by
		// others; when WeChat answers nothing at all, going on is pointless.
		if len(page) < sweepPage || unreachable == len(page) {
			return asked, nil
		}
	}
	return asked, ctx.Err()
}

// AskOpenOrders asks WeChat about the open orders of a room, so that what is owed
// afterwards is true. It errs if WeChat leaves any of them in doubt.
func (s *Service) AskOpenOrders(ctx context.Context, roomID string) error {
	open, err := s.db.View(ctx).OpenOrdersOfRoom(roomID)
	if err != nil {
		return err
	}
	for _, no := range open {
		if _, err := s.Ask(ctx, no); err != nil {
			return err
		}
	}
	return nil
}
