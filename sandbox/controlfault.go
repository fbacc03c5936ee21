package sandbox

import (
	"errors"
	"net/http"
	"time"
)

// faultForm is a Fault with its delay as text, e.g. "300ms".
type faultForm struct {
	Fault
	Delay string `json:"delay,omitempty"`
}

func (s *controls) controlFaults(*http.Request) (any, error) {
	list := []faultForm{}
	for _, f := range s.core.faults.waiting() {
		form := faultForm{Fault: f}
		if f.Delay > 0 {
			form.Delay = f.Delay.String()
		}
		list = append(list, form)
	}
	return list, nil
}

// controlInject reads the delay as text and leaves the rest to Inject.
func (s *controls) controlInject(r *http.Request) (any, error) {
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
	id, err := s.core.faults.inject(in.Fault)
	return map[string]string{"id": id}, err
}

func (s *controls) controlClear(*http.Request) (any, error) {
	s.clearFaults()
	return nil, nil
}

func (s *controls) controlProfile(r *http.Request) (any, error) {
	var in struct {
		Seed        int64   `json:"seed"`
		Probability float64 `json:"probability"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.core.faults.injectProfile(in.Seed, in.Probability)
}
