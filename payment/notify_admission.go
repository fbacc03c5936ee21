package payment

import (
	"context"
	"sync/atomic"
	"time"

	"wuyepay/models"
)

// ErrBusy is the refusal of a callback that could not be booked in time. WeChat
// Pay repeats it.
var ErrBusy = models.Refusal(models.KindUnavailable, "BUSY", "系统繁忙，请稍后再试")

const (
	// callbacksAtOnce keeps the forty connections for transactions busy. More
	// callbacks would wait for a connection in no order, and all of them would
	// be answered late.
	callbacksAtOnce = 48
	// callbackWait is how long a callback waits for its turn. WeChat Pay waits
	// five seconds for the answer and repeats a refused callback after fifteen.
	callbackWait = 2 * time.Second
	// maxCallbacksWaiting limits the memory of waiting callbacks.
	maxCallbacksWaiting = 4096
)

// admission lets callbacks in, first come, first served, and refuses those that
// could not be answered in time. So the others are answered in time, however
// many come.
type admission struct {
	slots   chan struct{}
	waiting atomic.Int64
}

func newAdmission() *admission { return &admission{slots: make(chan struct{}, callbacksAtOnce)} }

// enter waits for a turn, at most callbackWait, and returns [ErrBusy] if none
// came.
func (a *admission) enter(ctx context.Context) error {
	select {
	case a.slots <- struct{}{}:
		return nil
	default:
	}
	defer a.waiting.Add(-1)
	if a.waiting.Add(1) > maxCallbacksWaiting {
		return ErrBusy
	}
	timer := time.NewTimer(callbackWait)
	defer timer.Stop()
	select {
	case a.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave ends a turn.
func (a *admission) leave() { <-a.slots }
