package notice

import (
	"container/heap"
	"slices"
	"sync"
	"time"

	"wuyepay/sandbox/core"
)

// queue holds what is to be sent and when, in real time. A retry in the far future
// costs a heap entry, not a goroutine.
type queue struct {
	mu     sync.Mutex
	due    dueHeap
	held   []*Notice // reordered: sent after another event
	flying int
	wake   chan struct{}
}

// dueItem is a delivery and its moment.
type dueItem struct {
	at time.Time
	n  *Notice
}

// dueHeap is a heap by the moment.
type dueHeap []dueItem

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h dueHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *dueHeap) Push(x any)        { *h = append(*h, x.(dueItem)) }
func (h *dueHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// schedule adds a delivery for a moment.
func (q *queue) schedule(n *Notice, at time.Time) {
	q.mu.Lock()
	heap.Push(&q.due, dueItem{at, n})
	q.mu.Unlock()
	q.nudge()
}

// nudge makes the loop look again. One pending nudge is enough.
func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// hold keeps a notification back until release, or until a moment.
func (q *queue) hold(n *Notice, until time.Time) {
	q.mu.Lock()
	q.held = append(q.held, n)
	heap.Push(&q.due, dueItem{until, n})
	q.mu.Unlock()
	q.nudge()
}

// release makes everything that is held due, because another event (by) was sent first.
func (q *queue) release(by *Notice) {
	q.mu.Lock()
	held := q.held
	q.held = nil
	for i := range q.due {
		for _, n := range held {
			if q.due[i].n == n && n != by {
				q.due[i].at = time.Time{}
			}
		}
	}
	if len(held) > 0 {
		heap.Init(&q.due)
	}
	q.mu.Unlock()
	if len(held) > 0 {
		q.nudge()
	}
}

// next takes a delivery that is due. If none is, it returns how long to wait.
func (q *queue) next(now time.Time) (n *Notice, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case len(q.due) == 0 || q.flying >= core.MaxDeliveries:
		return nil, time.Hour // woken by schedule or landed
	case q.due[0].at.After(now):
		return nil, q.due[0].at.Sub(now)
	}
	q.flying++
	n = heap.Pop(&q.due).(dueItem).n
	q.held = slices.DeleteFunc(q.held, func(h *Notice) bool { return h == n })
	return n, 0
}

// landed frees the place of a delivery that ended.
func (q *queue) landed() {
	q.mu.Lock()
	q.flying--
	q.mu.Unlock()
	q.nudge()
}

// idle reports whether nothing is owed and nothing is under way. A delivery schedules
// its retry before it lands, so idle cannot be true between the two.
func (q *queue) idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.due) == 0 && q.flying == 0
}
