package reminder

import (
	"sync"
	"time"

	"wuyepay/models"
)

const (
	// tripAfter is how many failures of WeChat's in a row stop the sending.
	tripAfter = 3
	// restFor is how long it then stays stopped. Afterwards one message tries its
	// luck: an outage spends one a minute, whatever the number of workers.
	restFor = time.Minute
	// blockFor is how long a template rests that WeChat does not know.
	blockFor = 10 * time.Minute
)

// breaker stops the sending while WeChat, or a template, is out of order, so that
// an outage does not spend the agreements of a whole town. It lives in memory: a
// new process begins hopefully.
type breaker struct {
	single  sync.Mutex // held while sending, when the last answer was none
	mu      sync.Mutex
	inRow   int
	until   models.Time
	blocked map[string]models.Time // by template
}

// resting reports whether nothing is to be sent now.
func (b *breaker) resting(now models.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return now.Before(b.until.Time)
}

// worked notes that WeChat gave a proper answer.
func (b *breaker) worked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inRow = 0
}

// faulted notes that WeChat gave none.
func (b *breaker) faulted(now models.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.inRow++; b.inRow >= tripAfter {
		b.trip(now)
	}
}

// rest stops at once: every other message would fail alike.
func (b *breaker) rest(now models.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trip(now)
}

// trip leaves the count so high that the next fault trips it again.
func (b *breaker) trip(now models.Time) {
	b.inRow, b.until = tripAfter-1, models.At(now.Add(restFor))
}

// turn waits for the turn to send: all at once as long as WeChat answers, one after
// the other when it last did not. Call the result afterwards.
func (b *breaker) turn() (done func()) {
	b.mu.Lock()
	shaky := b.inRow > 0
	b.mu.Unlock()
	if !shaky {
		return func() {}
	}
	b.single.Lock()
	return b.single.Unlock
}

// block lets a template rest.
func (b *breaker) block(template string, now models.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.blocked == nil {
		b.blocked = map[string]models.Time{}
	}
	b.blocked[template] = models.At(now.Add(blockFor))
}

// isBlocked reports whether a template rests.
func (b *breaker) isBlocked(template string, now models.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return now.Before(b.blocked[template].Time)
}
