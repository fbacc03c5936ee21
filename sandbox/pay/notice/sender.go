package notice

import (
	"context"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/merchant"
)

// Sender delivers the notifications of all orders.
type Sender struct {
	core      *core.Core
	merchants *merchant.Set
	queue     queue
	replayed  map[string]Record // only while the state file is read
}

// NewSender returns a sender that owes nothing. [Sender.Run] makes it send.
func NewSender(k *core.Core, m *merchant.Set) *Sender {
	return &Sender{core: k, merchants: m, queue: queue{wake: make(chan struct{}, 1)}, replayed: map[string]Record{}}
}

// Keep stores a new notification and returns the ticket to wait for.
func (s *Sender) Keep(n *Notice) uint64 { return s.core.Store.Queue(kindNotice, n.Record()) }

// Post sends a notification as soon as there is room.
func (s *Sender) Post(n *Notice) { s.queue.schedule(n, time.Now()) }

// Resend sends a notification once more, whatever its state.
func (s *Sender) Resend(n *Notice) {
	n.mu.Lock()
	n.rec.State = statePending
	n.mu.Unlock()
	s.Post(n)
}

// ReleaseAll sends the notifications that a fault holds back.
func (s *Sender) ReleaseAll() { s.queue.release(nil) }

// Run delivers what is due until the sandbox stops.
func (s *Sender) Run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		n, wait := s.queue.next(time.Now())
		if n != nil {
			s.core.Go(func() {
				defer s.queue.landed()
				s.deliver(n)
			})
			continue
		}
		timer.Reset(wait)
		select {
		case <-s.core.Context.Done():
			return
		case <-timer.C:
		case <-s.queue.wake:
		}
	}
}

// Drain blocks until every notification is answered with 2xx, lost or out of retries,
// or until ctx is done.
func (s *Sender) Drain(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !s.queue.idle() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}
