package payment

import "context"

// Timeouts returns how long the service waits for WeChat in a checkout, and in
// its first call.
func (s *Service) Timeouts() (checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)) {
	return s.timeouts.checkout, s.timeouts.firstTry
}

// SetTimeouts changes how long the service waits for WeChat. It is for tests,
// which end the waiting at a moment of their choice instead of after some
// seconds.
func (s *Service) SetTimeouts(checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)) {
	s.timeouts = timeouts{checkout, firstTry}
}
