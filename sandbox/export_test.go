package sandbox

import "time"

// SetCloseFor sets how long Close lets answers end by themselves.
func (s *Server) SetCloseFor(d time.Duration) { s.closeFor = d }
