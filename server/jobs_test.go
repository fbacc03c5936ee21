package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// replica is a process that runs jobs over a database.
func replica(db *store.DB) *jobs {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	return &jobs{
		app: &app{db: db, log: log, metrics: newMetrics(db, log)}, holder: models.NewID(), failed: map[string]time.Time{},
		noted: map[string]time.Time{},
	}
}

func daily(days *[]string, err func(models.Date) error) job {
	return job{name: "daily", daily: true, at: 10*time.Hour + 30*time.Minute, do: func(_ context.Context, day models.Date) (string, error) {
		if err != nil {
			if e := err(day); e != nil {
				return "", e
			}
		}
		*days = append(*days, day.String())
		return "done", nil
	}}
}

func TestDailyJobMakesUpForMissedDays(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	clock := modelstest.NewClock(time.Date(2026, 3, 15, 9, 0, 0, 0, models.Shanghai))
	j := replica(modelstest.OpenAt(t, clock.Now))
	var days []string
	job := daily(&days, nil)
	j.turn(ctx, job) // first start: nothing to make up for
	clock.Set(time.Date(2026, 3, 15, 10, 29, 0, 0, models.Shanghai))
	j.turn(ctx, job)
	if len(days) != 0 {
		t.Fatalf("ran before its time: %v", days)
	}
	clock.Set(time.Date(2026, 3, 15, 10, 30, 0, 0, models.Shanghai))
	j.turn(ctx, job)
	j.turn(ctx, job)
	clock.Set(time.Date(2026, 3, 18, 11, 0, 0, 0, models.Shanghai)) // down for two days
	j.turn(ctx, job)
	j.turn(ctx, job)
	if diff := cmp.Diff([]string{"2026-03-15", "2026-03-16", "2026-03-17", "2026-03-18"}, days); diff != "" {
		t.Errorf("days (-want +have):\n%s", diff)
	}
}

func TestFailedDayIsTriedAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	clock := modelstest.NewClock(time.Date(2026, 3, 15, 11, 0, 0, 0, models.Shanghai))
	j := replica(modelstest.OpenAt(t, clock.Now))
	var days []string
	broken := true
	job := daily(&days, func(models.Date) error {
		if broken {
			return errors.New("WeChat is making the bill")
		}
		return nil
	})
	j.turn(ctx, job)
	clock.Advance(24 * time.Hour)
	j.turn(ctx, job)
	broken = false
	j.turn(ctx, job) // too soon after the failure
	if len(days) != 0 {
		t.Fatalf("ran %v", days)
	}
	j.failed["daily"] = time.Now().Add(-retryDaily)
	j.turn(ctx, job)
	if diff := cmp.Diff([]string{"2026-03-16"}, days); diff != "" {
		t.Errorf("days (-want +have):\n%s", diff)
	}
}

// Two replicas: each slot runs once, and a job is never under way twice at a time.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := modelstest.NewConfig(t)
	clock := modelstest.NewClock(time.Date(2026, 3, 15, 11, 0, 0, 0, models.Shanghai))
	one, two := replica(modelstest.OpenConfig(t, cfg, clock.Now)), replica(modelstest.OpenConfig(t, cfg, clock.Now))
	var mu sync.Mutex
	running, most := 0, 0
	var days []string
	job := job{name: "daily", daily: true, do: func(_ context.Context, day models.Date) (string, error) {
		mu.Lock()
		running++
		most = max(most, running)
		days = append(days, day.String())
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		running--
		mu.Unlock()
		return "", nil
	}}
	one.turn(ctx, job)
	for range 4 {
		clock.Advance(24 * time.Hour)
		var both sync.WaitGroup
		for _, j := range []*jobs{one, two} {
			both.Go(func() { j.turn(ctx, job) })
		}
		both.Wait()
	}
	if most != 1 || len(days) != 4 {
		t.Errorf("%d at once; ran %v", most, days)
	}
}

func TestLeaseEndsWithItsHolder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	j, other := replica(modelstest.Open(t)), models.NewID()
	lease := func(holder string, valid time.Duration) (ok bool) {
		modelstest.Write(t, j.app.db, func(tx *store.Tx) (err error) {
			ok, err = office.AcquireLease(tx, "x", holder, valid)
			return err
		})
		return ok
	}
	if !lease(other, time.Minute) || lease(j.holder, time.Minute) {
		t.Fatal("a lease that is held was given away")
	}
	ran := false
	if err := j.withLease(ctx, "x", func(context.Context) error { ran = true; return nil }); err != nil || ran {
		t.Fatalf("ran without the lease: %v", err)
	}
	if !lease(other, -time.Second) { // its holder died, and its time is over
		t.Fatal("the holder has lost the lease")
	}
	if err := j.withLease(ctx, "x", func(context.Context) error { ran = true; return nil }); err != nil || !ran {
		t.Errorf("a lease that ended was not taken over: %v", err)
	}
	if !lease(other, time.Minute) {
		t.Error("the lease was not given back")
	}
}

// Staff see when a repeating job last ended well, also if it runs every second.
func TestRepeatingJobIsNoted(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	j := replica(modelstest.Open(t))
	fail := true
	job := job{name: "sweep", every: time.Second, do: func(context.Context, models.Date) (string, error) {
		if fail {
			return "", errors.New("WeChat is out of reach")
		}
		return "asked about 3 orders", nil
	}}
	j.turn(ctx, job)
	if last, err := office.LastJobRun(j.app.db.View(ctx), "sweep"); err != nil || last.Slot != "" {
		t.Errorf("a failed run was noted as done: %+v, %v", last, err)
	}
	fail = false
	j.turn(ctx, job)
	last, err := office.LastJobRun(j.app.db.View(ctx), "sweep")
	if err != nil || last.FinishedAt != j.app.db.Now() || last.Outcome != "asked about 3 orders" {
		t.Errorf("noted %+v, %v", last, err)
	}
}
