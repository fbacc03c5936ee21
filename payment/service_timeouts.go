package payment

import "context"

// Timeouts returns how long the service waits for WeChat in a checkout, and in the
// first call of one.
func (s *Service) Timeouts() (checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)) {
	return s.timeouts.checkout, s.timeouts.firstTry
}

// SetTimeouts has the service wait for WeChat otherwise.
func (s *Service) SetTimeouts(checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)) {
	s.timeouts = timeouts{checkout, firstTry}
}
