package notice

import (
	"encoding/json"
	"time"

	"wuyepay/sandbox/fault"
)

// State is whether a notification is still owed.
type State string

// The states of a notification.
const (
	statePending   State = "pending"
	stateDone      State = "done"      // answered 2xx
	stateLost      State = "lost"      // a fault dropped it
	stateExhausted State = "exhausted" // all retries used
)

// Record is what the state file keeps of a notification.
type Record struct {
	EventID    string          `json:"event_id"`
	EventType  string          `json:"event_type"`
	Route      fault.Route     `json:"route"`
	MchID      string          `json:"mchid"`
	OutTradeNo string          `json:"no"`
	URL        string          `json:"url"`
	Created    time.Time       `json:"created"` // business time
	Plain      json.RawMessage `json:"plain"`   // before encryption
	Body       json.RawMessage `json:"body"`    // the envelope, the same at every retry
	State      State           `json:"state"`
	Sent       int             `json:"sent"` // deliveries so far
	Attempts   []Attempt       `json:"attempts,omitempty"`
}

// update is the part of a record that deliveries change. The envelope is long and never
// changes, so it is stored once.
type update struct {
	EventID  string    `json:"event_id"`
	State    State     `json:"state"`
	Sent     int       `json:"sent"`
	Attempts []Attempt `json:"attempts"`
}
