package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"wuyepay/models"
)

// drill is a drill in progress.
type drill struct {
	opt    options
	bed    *bed
	plan   plan
	homes  []*household
	client *http.Client
	log    *ledger
	keys   atomic.Int64

	cashier, finance, manager *clerk

	result verdict
}

// worker does its part of the plan, one step after another.
type worker struct {
	d    *drill
	ctx  context.Context
	open []*placed // ordered, and to be paid later
	paid []string
}

func (d *drill) nextKey() string { return fmt.Sprintf("drill-%d", d.keys.Add(1)) }

// pastDays returns the business days that are over.
func (d *drill) pastDays() []models.Date {
	var out []models.Date
	for day := d.bed.clock.first; day < d.bed.clock.today(); day++ {
		out = append(out, day)
	}
	return out
}

// perform makes the town, runs the days under faults, lets everything settle and proves
// the books.
func (d *drill) perform(ctx context.Context) error {
	d.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * d.opt.workers, IdleConnTimeout: 5 * time.Second}}
	if err := d.bed.makeTown(ctx, d.opt.households); err != nil {
		return err
	}
	if err := d.startServers(ctx); err != nil {
		return err
	}
	if err := errors.Join(d.moveIn(ctx), d.staffed(ctx)); err != nil {
		return err
	}
	begun := time.Now()
	workers := make([]*worker, d.opt.workers)
	for i := range workers {
		workers[i] = &worker{d: d}
	}
	for day := range d.plan {
		if err := d.storm(ctx, day, workers); err != nil {
			return err
		}
	}
	d.log.set("seconds of storm", int64(time.Since(begun).Seconds()))
	if err := d.settle(ctx); err != nil {
		return err
	}
	return d.prove(ctx)
}

func (d *drill) startServers(ctx context.Context) error {
	for _, s := range d.bed.servers {
		if err := s.keepUp(ctx); err != nil {
			return err
		}
	}
	return nil
}

// storm runs one business day: the plan of the day under every fault. Then it kills all
// processes and begins the next morning.
func (d *drill) storm(ctx context.Context, day int, workers []*worker) error {
	t, err := d.makeTrouble(ctx, day)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	errs := make([]error, len(workers))
	for i, w := range workers {
		all.Go(func() {
			w.ctx = ctx
			for n, s := range d.plan[day][i] {
				if ctx.Err() != nil {
					return
				}
				d.log.add("actions", 1)
				if err := s.what(w, s); err != nil {
					errs[i] = fmt.Errorf("day %d worker %d step %d, %s: %w", day, i, n, s.action, err)
					return
				}
			}
		})
	}
	all.Wait()
	err = errors.Join(append(errs, t.end(), ctx.Err())...)
	if err != nil {
		return err
	}
	for _, s := range d.bed.servers {
		s.kill()
	}
	d.bed.clock.nextMorning()
	return d.startServers(ctx)
}
