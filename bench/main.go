// Command bench measures Wuyepay against a floor: the least that any program must do for
// the same work on the same machine, written on the bare driver. Both sides take turns in
// one run, round by round. What counts is the median of their ratios: absolute figures
// drift with the machine, ratios do not.
//
//	.ci/mariadb go run ./bench        everything
//	go run ./bench                    what needs no MariaDB
//	go run ./bench -only ready        one measurement
//
// The server under test is the real binary in a process of its own. The command exits
// with 1 if a target is missed. docs/performance.md explains what is compared with what.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	rounds int
	quick  bool
	rooms  int // of generate and ledger; 0 means their default
}

// pick returns the size of a measurement: the second value with -quick.
func (o options) pick(full, quick int) int {
	if o.quick {
		return quick
	}
	return full
}

// measurement is one of the comparisons.
type measurement struct {
	name    string
	mariadb bool
	run     func(ctx context.Context, b *bed, opt options) ([]row, error)
}

var measurements = []measurement{
	{"ready", false, measureReady},
	{"sqlite", false, measureSQLite},
	{"imports", false, measureImports},
	{"callback", true, measureCallback},
	{"flood", true, measureFlood},
	{"two", true, measureTwo},
	{"arrears", true, measureArrears},
	{"order", true, measureOrder},
	{"reconcile", true, measureReconcile},
	{"generate", true, measureGenerate},
	{"ledger", true, measureLedger},
}

// children are the floors that need a process of their own. The program starts itself as
// one of them.
var children = map[string]func(ctx context.Context, args []string) error{
	"arrears-floor":   arrearsFloor,
	"reconcile-floor": reconcileFloor,
	"threeway-floor":  threeWayFloor,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := start(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// gcPercent is the server's setting of the garbage collector (server/memory.go). The
// floors have the same, so that no ratio measures the garbage collector.
const gcPercent = 400

// start returns the exit code: 1 after an error or a missed target.
func start(ctx context.Context, args []string) int {
	debug.SetGCPercent(gcPercent)
	if len(args) > 1 && args[0] == "-child" {
		if err := children[args[1]](ctx, args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", args[1]+":", err)
			return 1
		}
		return 0
	}
	missed, err := run(ctx, args, os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 2
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	case missed > 0:
		fmt.Fprintf(os.Stderr, "bench: %d targets missed\n", missed)
		return 1
	}
	return 0
}

func run(ctx context.Context, args []string, out io.Writer) (missed int, err error) {
	var opt options
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := fs.String("only", "",
		"measure only these, comma-separated: ready,sqlite,imports,callback,arrears,order,reconcile,generate,ledger")
	fs.IntVar(&opt.rounds, "rounds", 0, "rounds of each comparison (default 5, or 3 with -quick)")
	binary := fs.String("server", "", "measure this binary of the server instead of building one")
	fs.BoolVar(&opt.quick, "quick", false, "smaller rounds: about two minutes instead of ten")
	fs.IntVar(&opt.rooms, "rooms", 0, "rooms of generate, ledger and imports instead of their own sizes: -only generate -rooms 1000000")
	if err := fs.Parse(args); err != nil {
		return 0, flag.ErrHelp
	}
	if opt.rounds == 0 {
		opt.rounds = opt.pick(5, 3)
	}
	chosen, err := choose(*only)
	if err != nil {
		return 0, err
	}
	b, err := newBed(ctx, *binary)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	table := newTable(out)
	for _, m := range chosen {
		if m.mariadb && b.mysqlDSN == "" {
			table.note(m.name + ": skipped, it needs a MariaDB (.ci/mariadb go run ./bench)")
			continue
		}
		begun := time.Now()
		rows, err := m.run(ctx, b, opt)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", m.name, err)
		}
		table.add(rows)
		fmt.Fprintf(os.Stderr, "bench: %s took %s\n", m.name, time.Since(begun).Round(time.Second))
	}
	return table.print(), nil
}

func choose(only string) ([]measurement, error) {
	if only == "" {
		return measurements, nil
	}
	var chosen []measurement
	for _, name := range strings.Split(only, ",") {
		i := slices.IndexFunc(measurements, func(m measurement) bool { return m.name == name })
		if i < 0 {
			return nil, fmt.Errorf("-only: there is no %q", name)
		}
		chosen = append(chosen, measurements[i])
	}
	return chosen, nil
}
