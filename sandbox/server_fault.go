package sandbox

// Inject adds a fault and returns its id. It returns an error if no route, or not
// the route that f names, can show the kind. Of several faults that match a call
// only the oldest strikes.
func (s *Server) Inject(f Fault) (id string, err error) { return s.core.Faults.Inject(f) }

// InjectProfile adds random faults on many routes. Each strikes a matching call
// with the same probability; the same seed repeats the same chances call by call.
func (s *Server) InjectProfile(seed int64, probability float64) error {
	return s.core.Faults.InjectProfile(seed, probability)
}

// Faults returns the faults that are still in force, with how often each has
// struck; Times is what is left of it.
func (s *Server) Faults() []Fault { return s.core.Faults.List() }

// ClearFaults ends all faults. Callbacks that one holds back are sent.
func (s *Server) ClearFaults() { s.controls.ClearFaults() }
