package control

import (
	"errors"
	"net/http"
	"time"

	"wuyepay/sandbox/fault"
)

// faultForm is a fault with its delay as text, e.g. "300ms".
type faultForm struct {
	fault.Fault
	Delay string `json:"delay,omitempty"`
}

// controlFaults shows the faults in force.
func (s *Control) controlFaults(*http.Request) (any, error) {
	list := []faultForm{}
	for _, f := range s.Core.Faults.List() {
		form := faultForm{Fault: f}
		if f.Delay > 0 {
			form.Delay = f.Delay.String()
		}
		list = append(list, form)
	}
	return list, nil
}

// controlInject adds a fault.
func (s *Control) controlInject(r *http.Request) (any, error) {
	var in faultForm
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Delay != "" {
		delay, err := time.ParseDuration(in.Delay)
		if err != nil {
			return nil, errors.Join(errControl, err)
		}
		in.Fault.Delay = delay
	}
	id, err := s.Core.Faults.Inject(in.Fault)
	return map[string]string{"id": id}, err
}

// controlClear ends all faults.
func (s *Control) controlClear(*http.Request) (any, error) {
	s.ClearFaults()
	return nil, nil
}

// controlProfile adds the faults of a bad day.
func (s *Control) controlProfile(r *http.Request) (any, error) {
	var in struct {
		Seed        int64   `json:"seed"`
		Probability float64 `json:"probability"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.Core.Faults.InjectProfile(in.Seed, in.Probability)
}
