package payment

import "context"

// Patience returns how long the service waits for WeChat in a checkout, and in the
// first call of one.
func (s *Service) Patience() (checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)) {
	return s.patience.checkout, s.patience.firstTry
}

// SetPatience has the service wait for WeChat otherwise.
func (s *Service) SetPatience(checkout, firstTry func(context.Context) (context.Context, context.CancelFunc)) {
	s.patience = patience{checkout, firstTry}
}
