package payment

import (
	"context"
	"sync/atomic"
	"time"

	"wuyepay/models"
)

// ErrBusy says that more callbacks came than can be booked in time. WeChat Pay
// repeats them.
var ErrBusy = models.Refusal(models.KindUnavailable, "BUSY", "系统繁忙，请稍后再试")

const (
	// callbacksAtOnce keeps the forty connections for transactions busy. More would wait
	// for one of them in no order, and be answered late all together.
	callbacksAtOnce = 48
	// callbackWait is how long a callback waits for its turn. WeChat Pay waits five
	// seconds for the answer; one that is refused it tells again after fifteen.
	callbackWait = 2 * time.Second
	// maxCallbacksWaiting bounds the memory of those that wait.
	maxCallbacksWaiting = 4096
)

// admission lets callbacks in, first come first served, and turns away those that
// could not be answered in time: then the others are, whatever the flood.
type admission struct {
	slots   chan struct{}
	waiting atomic.Int64
}

func newAdmission() *admission { return &admission{slots: make(chan struct{}, callbacksAtOnce)} }

// enter waits for a turn, at most callbackWait; [ErrBusy] if none came.
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

func (a *admission) leave() { <-a.slots }
