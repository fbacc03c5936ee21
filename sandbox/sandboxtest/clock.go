package sandboxtest

import (
	"sync"
	"time"
)

// Clock is a business clock that tests move.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock returns a clock that stands at a time like "2026-03-15 10:00".
func NewClock(text string) *Clock {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, Shanghai)
	if err != nil {
		panic(err)
	}
	return &Clock{at: at}
}

// Now returns the time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
