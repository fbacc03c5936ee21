package bill

import (
	"sync"
	"time"

	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/store"
)

// desk holds the download addresses and the days whose state is set.
type desk struct {
	states store.Index[string, State]

	mu     sync.Mutex
	tokens map[string]ticket
	order  []string // tokens, oldest first
}

// ticket is a download address. It is good for one merchant only.
type ticket struct {
	m     *merchant.Merchant
	file  file
	until time.Time // real time
}

// keep adds a token and removes those that ran out. The tokens are in the order of age,
// so it looks at no others.
func (d *desk) keep(token string, t ticket) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tokens == nil {
		d.tokens = map[string]ticket{}
	}
	for len(d.order) > 0 && time.Now().After(d.tokens[d.order[0]].until) {
		delete(d.tokens, d.order[0])
		d.order = d.order[1:]
	}
	d.tokens[token] = t
	d.order = append(d.order, token)
}

// lookup returns the ticket of a token that has not run out.
func (d *desk) lookup(token string) (ticket, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tokens[token]
	return t, ok && time.Now().Before(t.until)
}
