package main

import (
	"sync"
	"time"

	"wuyepay/models"
)

// dayStart is the time at which each business day of the drill begins, just before the
// servers reconcile the day before. WeChat's bill of that day is ready by then.
const dayStart = 10*time.Hour + 29*time.Minute + 50*time.Second

// clock is the business time of all sides. It runs on by itself, and is set to the next
// morning at the end of a day.
type clock struct {
	mu    sync.Mutex
	first models.Date
	start time.Time
	born  time.Time
}

func newClock() *clock {
	first := models.MustDate("2026-03-10")
	return &clock{first: first, start: first.Start().Add(dayStart), born: time.Now()}
}

// Now returns business time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start.Add(time.Since(c.born))
}

func (c *clock) today() models.Date { return models.DateOf(c.Now()) }

// nextMorning sets the clock to the beginning of the next day.
func (c *clock) nextMorning() {
	next := c.today() + 1
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start, c.born = next.Start().Add(dayStart), time.Now()
}
