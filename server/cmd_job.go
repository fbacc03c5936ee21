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
	"billing", "imports", "bill_day", "discounts",
	"reconcile", "plans", "check",
	"evidence", "purge",
}

func isJob(name string) bool { return slices.Contains(jobNames, name) }

// errJobRuns says that a server is running the job at this moment.
var errJobRuns = errors.New("the job is running in another process; nothing was done")

// cmdJob runs a job once, as its time had come today, under the same lease as the
// server does.
func cmdJob(ctx context.Context, term terminal, cfg Config, args []string) error {
	find := func(table []job) job {
		return table[slices.IndexFunc(table, func(j job) bool { return j.name == args[0] })]
	}
	side := leaveWechat
	if find(newJobs(&app{}).table).wechat {
		side = askWechat
	}
	return withApp(ctx, term, cfg, side, func(a *app) error {
		ran := false
		err := a.jobs.withLease(ctx, args[0], func(ctx context.Context) error {
			ran = true
			outcome, err := find(a.jobs.table).do(ctx, a.db.Today())
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
