package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// jobNames are the jobs of the server's table; a test holds the two together.
var jobNames = []string{
	"sweep", "receipts", "refunds", "messages", "shipping", "remind",
	"billing", "bill_day", "discounts",
	"reconcile", "plans", "check",
	"evidence", "purge",
}

func isJob(name string) bool { return slices.Contains(jobNames, name) }

// errJobRuns says that a server is running the job at this moment.
var errJobRuns = errors.New("the job is running in another process; nothing was done")

// cmdJob runs a job once, as its time had come today, under the same lease as the
// server does.
func cmdJob(ctx context.Context, term terminal, cfg Config, args []string) error {
	return withApp(ctx, term, cfg, func(a *app) error {
		i := slices.IndexFunc(a.jobs.table, func(j job) bool { return j.name == args[0] })
		ran := false
		err := a.jobs.withLease(ctx, args[0], func(ctx context.Context) error {
			ran = true
			outcome, err := a.jobs.table[i].do(ctx, a.db.Today())
			if err == nil {
				fmt.Fprintf(term.out, "%s: %s\n", args[0], outcome)
			}
			return err
		})
		if err == nil && !ran {
			err = errJobRuns
		}
		return err
	})
}
