package fault

import "time"

// KindOf returns the kind of a fault, and "" for nil.
func KindOf(f *Fault) Kind {
	if f == nil {
		return ""
	}
	return f.Kind
}

// Fault spoils the calls and callbacks that match it: the next Times of them, or each
// one by chance if it has a Probability.
//
// For example, Fault{Kind: TimeoutAfter, Route: RoutePrepay, Times: 2} places the next
// two orders and does not answer.
type Fault struct {
	ID         string `json:"id,omitempty"` // given by Inject
	Kind       Kind   `json:"kind"`
	Route      Route  `json:"route,omitempty"`        // "" means every route that can show the kind
	Merchant   string `json:"merchant,omitempty"`     // by name; "" means all
	OutTradeNo string `json:"out_trade_no,omitempty"` // "" means all
	Times      int    `json:"times,omitempty"`        // 0 means once, or without limit with a Probability
	// Probability is in (0,1]; 0 means every match. The same Seed repeats the same chances.
	Probability float64 `json:"probability,omitempty"`
	Seed        int64   `json:"seed,omitempty"`

	Delay   time.Duration `json:"delay,omitempty"`   // ns in JSON; for slow, timeout-*, late, reordered
	Count   int           `json:"count,omitempty"`   // for repeated; 0 means 3
	Status  int           `json:"status,omitempty"`  // for error on WeChat Pay calls
	Code    string        `json:"code,omitempty"`    // for error on WeChat Pay calls, e.g. NOT_ENOUGH
	ErrCode int           `json:"errcode,omitempty"` // for error on mini-program calls, e.g. 43108

	Hits int `json:"hits"` // how often it struck; set by Set.List
}
