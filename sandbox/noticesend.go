package sandbox

import (
	"context"
	"time"
)

// notices are the notifications of all orders, owed and sent.
type notices struct {
	core      *core
	merchants *merchants
	queue     noticeQueue
	replayed  map[string]noticeRecord // only while the state file is read
}

func newNotices(k *core, m *merchants) *notices {
	return &notices{core: k, merchants: m, queue: noticeQueue{wake: make(chan struct{}, 1)}, replayed: map[string]noticeRecord{}}
}

// keep stores a new notification and returns the ticket to wait for.
func (s *notices) keep(n *notice) uint64 { return s.core.store.queue(recordNotice, n.record()) }

// post sends a notification as soon as there is room.
func (s *notices) post(n *notice) { s.queue.schedule(n, time.Now()) }

// again sends a notification once more, whatever became of it.
func (s *notices) again(n *notice) {
	n.mu.Lock()
	n.rec.State = noticePending
	n.mu.Unlock()
	s.post(n)
}

// releaseAll sends the notifications that a fault holds back.
func (s *notices) releaseAll() { s.queue.release(nil) }

// run hands out due deliveries until the sandbox stops.
func (s *notices) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		n, wait := s.queue.next(time.Now())
		if n != nil {
			s.core.spawn(func() {
				defer s.queue.landed()
				s.deliver(n)
			})
			continue
		}
		timer.Reset(wait)
		select {
		case <-s.core.ctx.Done():
			return
		case <-timer.C:
		case <-s.queue.wake:
		}
	}
}

// Drain waits until every notification is answered with 2xx, lost or out of
// retries, or until ctx ends.
func (s *notices) Drain(ctx context.Context) error {
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
