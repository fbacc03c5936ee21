package delivery

import "wuyepay/models"

// SetRealNow moves the service's real clock.
func (s *Service) SetRealNow(now func() models.Time) { s.now = now }
