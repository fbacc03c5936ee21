package payment

import (
	"context"
	"time"
)

// What the phone may wait for: the calls to WeChat of one checkout, the first of
// them, and the booking that follows an answer.
var (
	CheckoutBudget = checkoutBudget
	FirstTry       = firstTry
	BookingTime    = bookingTime
)

func init() { bookingTime = time.Minute } // a machine may be slow

// Patience returns how long the service waits for WeChat in a checkout, and in the
// first call of one.
func (s *Service) Patience() (checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)) {
	return s.patience.checkout, s.patience.firstTry
}

// SetPatience has the service wait for WeChat otherwise.
func (s *Service) SetPatience(checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)) {
	s.patience = patience{checkout, firstTry}
}
