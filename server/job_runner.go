package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"wuyepay/models/office"
	"wuyepay/models/store"
)

// jobs runs the table below.
type jobs struct {
	app    *app
	holder string
	table  []job
	mu     sync.Mutex
	failed map[string]time.Time // when a daily job failed last, in real time
	noted  map[string]time.Time // when a run of a repeating job was last noted in the database, in real time
}

const (
	leaseFor  = time.Minute
	tickEvery = time.Second
)

// releaseFor bounds giving a lease back. Tests wait longer.
var releaseFor = time.Second

// run runs the jobs, each beside the others, until ctx ends.
func (j *jobs) run(ctx context.Context) {
	if err := j.app.pay.ExpediteAll(ctx); err != nil {
		j.app.log.WarnContext(ctx, "pending orders are asked about in their own time", "err", err)
	}
	var all sync.WaitGroup
	for _, job := range j.table {
		all.Go(func() {
			tick := time.NewTicker(max(job.every, tickEvery))
			defer tick.Stop()
			for {
				j.turn(ctx, job)
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
			}
		})
	}
	all.Wait()
}

// turn runs a job if it is due and no other replica runs it.
func (j *jobs) turn(ctx context.Context, job job) {
	var err error
	ran := false
	if job.daily {
		if time.Since(j.failedAt(job.name)) < retryDaily {
			return
		}
		due, dueErr := j.due(ctx, job)
		if dueErr != nil || len(due) == 0 {
			j.report(ctx, job, dueErr != nil, dueErr)
			return
		}
		err = j.withLease(ctx, job.name, func(ctx context.Context) error { ran = true; return j.makeUp(ctx, job) })
		j.setFailed(job.name, err)
	} else {
		err = j.withLease(ctx, job.name, func(ctx context.Context) error {
			ran = true
			outcome, err := job.do(ctx, j.app.db.Today())
			if err != nil {
				return err
			}
			return j.note(ctx, job.name, outcome)
		})
	}
	j.report(ctx, job, ran || err != nil, err)
}

func (j *jobs) report(ctx context.Context, job job, ran bool, err error) {
	if !ran || ctx.Err() != nil {
		return
	}
	j.app.metrics.job(job.name, err)
	if err != nil {
		j.app.log.ErrorContext(ctx, "job failed", "job", job.name, "err", err)
	}
}

// noteEvery is how often a repeating job's run is noted for staff to see: not each
// time, which would be a write every few seconds for nothing.
const noteEvery = time.Minute

// note keeps that a repeating job ended well.
func (j *jobs) note(ctx context.Context, name, outcome string) error {
	j.mu.Lock()
	recent := time.Since(j.noted[name]) < noteEvery
	if !recent {
		j.noted[name] = time.Now()
	}
	j.mu.Unlock()
	if recent {
		return nil
	}
	return j.app.db.Write(ctx, func(tx *store.Tx) error {
		if err := office.StartJobRun(tx, name, "latest"); err != nil {
			return err
		}
		return office.FinishJobRun(tx, name, "latest", outcome)
	})
}

// withLease runs fn while this process holds the lease, and renews it meanwhile.
// Held elsewhere, nothing happens. A lease that cannot be renewed ends fn.
func (j *jobs) withLease(ctx context.Context, name string, fn func(context.Context) error) error {
	acquire := func(ctx context.Context) (ok bool, err error) {
		err = j.app.db.Write(ctx, func(tx *store.Tx) error {
			ok, err = office.AcquireLease(tx, name, j.holder, leaseFor)
			return err
		})
		return ok, err
	}
	ok, err := acquire(ctx)
	if err != nil || !ok {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		tick := time.NewTicker(leaseFor / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if ok, err := acquire(ctx); err != nil || !ok {
				cancel(errors.Join(errors.New("lease lost"), err))
				return
			}
		}
	}()
	err = fn(ctx)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = errors.Join(err, cause)
	}
	cancel(nil)
	<-renewed
	release, stop := context.WithTimeout(context.WithoutCancel(ctx), releaseFor)
	defer stop()
	return errors.Join(err, j.app.db.Write(release, func(tx *store.Tx) error { return office.ReleaseLease(tx, name, j.holder) }))
}
