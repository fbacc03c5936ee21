package notice

import (
	"time"

	"wuyepay/sandbox/fault"
)

// Attempt is one delivery of a notification, or one that a fault prevented.
type Attempt struct {
	EventID   string     `json:"event_id"` // the same over all attempts of one event
	EventType string     `json:"event_type"`
	Number    int        `json:"number"` // from 1
	At        time.Time  `json:"at"`     // real time
	URL       string     `json:"url"`
	Serial    string     `json:"serial"`          // Wechatpay-Serial that was sent
	Fault     fault.Kind `json:"fault,omitempty"` // what spoiled it, if anything did
	Status    int        `json:"status"`          // HTTP status answered; 0 when none came
	Error     string     `json:"error,omitempty"`
}
