package intake

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// leaseFor is how long a worker may be silent, in real time, before another replica takes
// over what it was doing.
const leaseFor = time.Minute

// leaseName is not the name of the job that works on imports, which has a lease of its own.
const leaseName = "import_worker"

// Worker does what imports wait for: previews, commits, taking back. Of all replicas one
// works at a time, so that no two imports write at once.
type Worker struct {
	db     *store.DB
	log    *slog.Logger
	holder string

	at      sync.Mutex // held while it works: the lease only keeps other workers away
	mu      sync.Mutex
	running bool
	again   bool
	ctx     context.Context //nolint:containedctx // of the goroutine that Kick starts
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// NewWorker returns a worker. Close ends it.
func NewWorker(db *store.DB, log *slog.Logger) *Worker {
	w := &Worker{db: db, log: log, holder: models.NewID()}
	w.ctx, w.stop = context.WithCancel(context.Background())
	return w
}

// Close stops what the worker does and waits for it. A run that was under way is gone on
// with by the next worker.
func (w *Worker) Close() error {
	w.stop()
	w.done.Wait()
	return nil
}

// Kick has the worker look for work at once, and returns.
func (w *Worker) Kick() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ctx.Err() != nil {
		return
	}
	if w.running {
		w.again = true
		return
	}
	w.running = true
	w.done.Go(func() {
		for more := true; more; {
			if _, err := w.Work(w.ctx); err != nil && w.ctx.Err() == nil {
				w.log.ErrorContext(w.ctx, "import not worked on", "error", err)
			}
			w.mu.Lock()
			more = w.again && w.ctx.Err() == nil
			w.again, w.running = false, more
			w.mu.Unlock()
		}
	})
}

// Work does everything that waits, unless another worker is at it, and returns for how many
// runs it did something.
func (w *Worker) Work(ctx context.Context) (int, error) {
	if _, err := office.NextImportRun(w.db.View(ctx)); errors.Is(err, models.ErrNotFound) {
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	if !w.at.TryLock() {
		return 0, nil
	}
	defer w.at.Unlock()
	held, err := w.lease(ctx)
	if err != nil || !held {
		return 0, err
	}
	defer w.release(ctx)
	var failed error
	seen := map[string]int{}
	for n := 0; ; n++ {
		run, err := office.NextImportRun(w.db.View(ctx))
		if errors.Is(err, models.ErrNotFound) || err == nil && seen[run.ID] > 8 {
			return n, failed
		}
		if err != nil {
			return n, errors.Join(failed, err)
		}
		seen[run.ID]++
		if err := w.do(ctx, run); err != nil && !refuses(err) && !errors.Is(err, errLost) {
			if ctx.Err() != nil {
				return n, err
			}
			failed = errors.Join(failed, err)
			seen[run.ID] += 8
			if err := w.postpone(ctx, run.ID); err != nil {
				return n, errors.Join(failed, err)
			}
		}
	}
}

// do does the next thing for a run.
func (w *Worker) do(ctx context.Context, run office.ImportRun) error {
	var err error
	switch run.State {
	case office.ImportUploaded:
		_, _, err = check(ctx, w.db, &run, w.renew)
	case office.ImportCommitting:
		_, err = commitRun(ctx, w.db, &run, nil, w.renew)
	case office.ImportUndoing, office.ImportTakingBack:
		err = takeBack(ctx, w.db, &run, w.renew)
	default:
		err = change(ctx, w.db, &run, func(*store.Tx) error {
			run.QueuedAt = models.Time{}
			return nil
		})
	}
	return err
}

// postpone puts a run that failed behind the others, so that it does not keep them from
// being worked on.
func (w *Worker) postpone(ctx context.Context, id string) error {
	run, err := office.ImportRunByID(w.db.View(ctx), id)
	if err != nil || run.QueuedAt.IsZero() {
		return err
	}
	return change(ctx, w.db, &run, func(*store.Tx) error {
		run.QueuedAt = models.RealNow()
		return nil
	})
}

func (w *Worker) lease(ctx context.Context) (held bool, err error) {
	err = w.db.Write(ctx, func(tx *store.Tx) error {
		held, err = office.AcquireLease(tx, leaseName, w.holder, leaseFor)
		return err
	})
	return held, err
}

// release ends the lease. If that fails, it ends by itself.
func (w *Worker) release(ctx context.Context) {
	_ = w.db.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return office.ReleaseLease(tx, leaseName, w.holder) })
}

// renew keeps the lease, in the transaction of a step: who has lost it writes nothing.
func (w *Worker) renew(tx *store.Tx) error {
	held, err := office.AcquireLease(tx, leaseName, w.holder, leaseFor)
	if err == nil && !held {
		err = errors.New("intake: another worker has taken over")
	}
	return err
}

// waitForLease takes the lease when it is free.
func (w *Worker) waitForLease(ctx context.Context) error {
	for {
		held, err := w.lease(ctx)
		if err != nil || held {
			return err
		}
		pause := time.NewTimer(100 * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		}
	}
}

// Purge deletes the rows of previews whose runs ended some time ago. The runs, their files
// and what is needed to take them back stay.
func Purge(ctx context.Context, db *store.DB, before models.Time) (int, error) {
	runs, err := office.ImportRunsToPurge(db.View(ctx), before, batchRows)
	if err != nil {
		return 0, err
	}
	for i, run := range runs {
		if err := dropRows(ctx, db, run.ID); err != nil {
			return i, err
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return office.MarkImportPurged(tx, run.ID) }); err != nil {
			return i, err
		}
	}
	return len(runs), nil
}
