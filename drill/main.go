package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
)

// options are the flags.
type options struct {
	seed       uint64
	actions    int
	workers    int
	households int
	days       int
	chance     float64 // of each kind of fault, at each call that can fail that way
	killEvery  float64 // mean seconds until a process is killed
	hasty      bool    // do not wait a minute for the leases of killed processes
	plan       bool
	binary     string
	mysqlDSN   string // without a database name; empty for one process on SQLite
	verbose    bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "drill:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, args []string, out io.Writer) error {
	opt := options{mysqlDSN: os.Getenv("TEST_MYSQL_DSN")}
	fs := flag.NewFlagSet("drill", flag.ContinueOnError)
	fs.Uint64Var(&opt.seed, "seed", 0, "seed of all chances; 0: a new one, which is printed")
	fs.IntVar(&opt.actions, "actions", 6000, "actions of all workers together")
	fs.IntVar(&opt.workers, "workers", 12, "workers")
	fs.IntVar(&opt.households, "households", 150, "households, with two phones each")
	fs.IntVar(&opt.days, "days", 3, "business days")
	fs.Float64Var(&opt.chance, "chance", 0.02, "chance of each kind of fault at each call that can show it")
	fs.Float64Var(&opt.killEvery, "kill-every", 5, "seconds that a process lives, on average")
	fs.BoolVar(&opt.hasty, "hasty", false, "do not wait a minute for the leases of killed processes")
	fs.BoolVar(&opt.plan, "plan", false, "print the plan of the seed and do nothing")
	fs.BoolVar(&opt.verbose, "v", false, "show what surprised the phones")
	fs.StringVar(&opt.binary, "server", "", "drill this binary of the server instead of building one")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 {
		return flag.ErrHelp
	}
	if opt.seed == 0 {
		opt.seed = rand.Uint64() >> 16
	}
	if opt.plan {
		return newPlan(opt).print(out)
	}
	return run(ctx, opt, out)
}

// run runs the whole drill. It prints the report in any case.
func run(ctx context.Context, opt options, out io.Writer) (err error) {
	plan := newPlan(opt)
	fmt.Fprintf(out, "seed %d: %d actions, plan %s\n", opt.seed, plan.count(), plan.digest())
	fmt.Fprintf(out, "again: go run ./drill -seed %d -actions %d -workers %d -households %d -days %d -chance %g -kill-every %g\n",
		opt.seed, opt.actions, opt.workers, opt.households, opt.days, opt.chance, opt.killEvery)
	b, err := newBed(ctx, opt)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close(err)) }()
	d := &drill{opt: opt, bed: b, plan: plan, log: newLedger()}
	err = d.perform(ctx)
	return errors.Join(err, d.report(out))
}
