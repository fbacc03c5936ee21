package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"wuyepay/sandbox"
)

// trouble is everything that goes wrong during a day.
type trouble struct {
	d      *drill
	cancel context.CancelFunc
	all    sync.WaitGroup
	mu     sync.Mutex
	err    error
}

// more lists the faults that the sandbox's own profile of faults leaves out.
var more = []sandbox.Fault{
	{Kind: sandbox.FaultUnsigned, Route: sandbox.RoutePrepay},
	{Kind: sandbox.FaultSystemErrorAfter, Route: sandbox.RouteQuery},
	{Kind: sandbox.FaultFrequency, Route: sandbox.RouteQuery},
	{Kind: sandbox.FaultFrequency, Route: sandbox.RouteClose},
	{Kind: sandbox.FaultForged, Route: sandbox.RouteClose},
	{Kind: sandbox.FaultSlow, Route: sandbox.RoutePrepay, Delay: 300 * time.Millisecond},
	{Kind: sandbox.FaultTimeoutAfter, Route: sandbox.RouteClose, Delay: time.Second},
	{Kind: sandbox.FaultWrongOrder, Route: sandbox.RouteNotifyPayment},
	{Kind: sandbox.FaultWrongMchID, Route: sandbox.RouteNotifyPayment},
	{Kind: sandbox.FaultNoResource, Route: sandbox.RouteNotifyPayment},
	{Kind: sandbox.FaultFrequency, Route: sandbox.RouteRefund},
	{Kind: sandbox.FaultTimeoutAfter, Route: sandbox.RouteRefund, Delay: time.Second},
	{Kind: sandbox.FaultUnsigned, Route: sandbox.RouteRefund},
	{Kind: sandbox.FaultUnsigned, Route: sandbox.RouteRefundQuery},
	{Kind: sandbox.FaultWrongTotal, Route: sandbox.RouteNotifyRefund},
	{Kind: sandbox.FaultForged, Route: sandbox.RouteNotifyRefund},
	{Kind: sandbox.FaultReordered, Route: sandbox.RouteNotifyRefund, Delay: time.Second},
}

// rare lists the faults of calls that are seldom made. They have a higher chance.
var rare = []sandbox.Fault{
	{Kind: sandbox.FaultCutAfter, Route: sandbox.RouteBillDownload},
	{Kind: sandbox.FaultHalfBill, Route: sandbox.RouteBillDownload},
	{Kind: sandbox.FaultWrongHash, Route: sandbox.RouteTradeBill},
	{Kind: sandbox.FaultWrongHash, Route: sandbox.RouteFundFlowBill},
	{Kind: sandbox.FaultSystemError, Route: sandbox.RouteTradeBill},
	{Kind: sandbox.FaultUnsigned, Route: sandbox.RouteFundFlowBill},
}

// makeTrouble starts the faults of a day.
func (d *drill) makeTrouble(ctx context.Context, day int) (*trouble, error) {
	seed := int64(d.opt.seed) + int64(day)*1000
	if d.opt.chance > 0 {
		if err := d.bed.box.InjectProfile(seed, d.opt.chance); err != nil {
			return nil, err
		}
	}
	for i, f := range slices.Concat(more, rare) {
		f.Probability, f.Seed = d.opt.chance, seed+500+int64(i)
		if i >= len(more) {
			f.Probability = min(5*d.opt.chance, 0.5)
		}
		if d.opt.chance == 0 {
			break
		}
		if _, err := d.bed.box.Inject(f); err != nil {
			return nil, err
		}
	}
	t := &trouble{d: d}
	ctx, t.cancel = context.WithCancel(ctx)
	for i, s := range d.bed.servers {
		t.all.Go(func() { t.killing(ctx, s, rand.New(rand.NewPCG(d.opt.seed, uint64(1000+100*day+i)))) })
	}
	t.all.Go(func() { t.cutting(ctx, rand.New(rand.NewPCG(d.opt.seed, uint64(5000+day)))) })
	return t, nil
}

// killing kills a process with SIGKILL and starts it again, over and over.
func (t *trouble) killing(ctx context.Context, s *server, draw *rand.Rand) {
	if t.d.opt.killEvery <= 0 {
		return
	}
	for {
		life := time.Duration((0.2 + 1.6*draw.Float64()) * t.d.opt.killEvery * float64(time.Second))
		if !pause(ctx, life) {
			return
		}
		if s.kill() {
			t.d.log.add("processes killed with SIGKILL", 1)
		} else {
			t.fail(fmt.Errorf("server %d ended by itself", s.number))
			return
		}
		pause(ctx, time.Duration(draw.IntN(500))*time.Millisecond)
		if err := s.keepUp(context.WithoutCancel(ctx)); err != nil {
			t.fail(err)
			return
		}
	}
}

// cutting resets connections on one of the wires, or stalls it, over and over.
func (t *trouble) cutting(ctx context.Context, draw *rand.Rand) {
	wires := t.d.bed.wires()
	for pause(ctx, time.Duration(100+draw.IntN(900))*time.Millisecond) {
		w := wires[draw.IntN(len(wires))]
		if draw.IntN(4) == 0 {
			w.stall(time.Duration(200+draw.IntN(1500)) * time.Millisecond)
			t.d.log.add("wires that stood still", 1)
			continue
		}
		w.cut(draw, 0.5)
	}
}

func (t *trouble) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = errors.Join(t.err, err)
}

// end stops all faults and counts those that struck.
func (t *trouble) end() error {
	t.cancel()
	t.all.Wait()
	for _, f := range t.d.bed.box.Faults() {
		t.d.log.fault(string(f.Kind), f.Hits)
	}
	t.d.bed.box.ClearFaults()
	return t.err
}

// pause waits. It reports whether it waited to the end.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
