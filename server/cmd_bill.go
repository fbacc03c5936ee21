package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"wuyepay/billing/calc"
	"wuyepay/billing/issuing"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// billArgs are the flags of bill.
type billArgs struct {
	period  calc.Period
	draft   bool // compute and keep for staff to look at, issue nothing
	catchUp bool
	gaps    string
}

func billFlags(args []string) (billArgs, error) {
	var b billArgs
	fs := flag.NewFlagSet("bill", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	period := fs.String("period", "", "")
	fs.BoolVar(&b.draft, "draft", false, "")
	fs.BoolVar(&b.catchUp, "catch-up", false, "")
	since := fs.Bool("gaps", false, "")
	all := fs.Bool("all-gaps", false, "")
	if err := fs.Parse(args); err != nil || fs.NArg() != 0 || *period == "" {
		return b, fmt.Errorf("%w: bill wants --period, and takes --draft, --catch-up, and --gaps or --all-gaps", errUsage)
	}
	switch {
	case *all:
		b.gaps = issuing.GapsAll
	case *since:
		b.gaps = issuing.GapsSince
	}
	var err error
	if b.period, err = calc.ParsePeriod(*period); err != nil {
		return b, fmt.Errorf("%w: --period: %w", errUsage, err)
	}
	return b, nil
}

func cmdBill(ctx context.Context, term terminal, cfg Config, args []string) error {
	b, err := billFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		if b.draft {
			return draftBills(ctx, term, db, b)
		}
		r, err := issuing.GenerateBills(ctx, db, commandActor, b.period, issuing.GenerateOptions{CatchUp: b.catchUp, Gaps: b.gaps})
		fmt.Fprintf(term.out,
			"%s: %d rooms, %d bills added, principal %s yuan, %s yuan paid from prepayment; %d billed already, %d without a tariff, %d "+
				"without an area, %d bills without an owner\n",
			b.period, r.Rooms, r.Bills, r.PrincipalFen, r.OffsetFen, r.Billed, r.NoTariff, r.NoFigure, r.NoOwner)
		printSummary(term.out, r.Summary)
		return err
	})
}

// draftBills makes a draft for each community, to be published in the console. One
// that has a run open already is told and left alone.
func draftBills(ctx context.Context, term terminal, db *store.DB, b billArgs) error {
	communities, err := estate.Communities(db.View(ctx), "", 100_000)
	if err != nil {
		return err
	}
	for _, c := range communities {
		run, err := issuing.StartRun(ctx, db, commandActor, issuing.RunRequest{CommunityID: c.ID, Period: b.period, CatchUp: b.catchUp,
			Gaps: b.gaps})
		if errors.Is(err, issuing.ErrRunOpen) && !run.AtOnce {
			fmt.Fprintf(term.out, "%s: a draft of %s is there already\n", c.Name, b.period)
		} else if err != nil {
			return err
		}
		if err := issuing.WorkRun(ctx, db, run.ID, issuing.WorkOptions{}); err != nil {
			return err
		}
		if run, err = fees.RunByID(db.View(ctx), run.ID); err != nil {
			return err
		}
		fmt.Fprintf(term.out, "%s: draft of %s: %d rooms, %d bills, principal %s yuan\n", c.Name, b.period,
			run.RoomsDone, run.Bills, run.PrincipalFen)
		items, err := issuing.RunItems(run)
		if err != nil {
			return err
		}
		for _, name := range sortedKeys(items) {
			fmt.Fprintf(term.out, "  %s: %d bills, %s yuan\n", name, items[name].Bills, items[name].PrincipalFen)
		}
		odd, err := issuing.RunOddities(run)
		if err != nil {
			return err
		}
		for _, kind := range sortedKeys(odd) {
			if kind != fees.OddGap && kind != fees.OddGapBefore { // the summary has them
				fmt.Fprintf(term.out, "  to look at: %s: %d\n", kind, odd[kind])
			}
		}
		rooms, _, err := issuing.RunSummaries(run)
		if err != nil {
			return err
		}
		printSummary(term.out, rooms)
	}
	return nil
}

// printSummary prints what became of each room, and which days before are not billed.
func printSummary(out io.Writer, s issuing.RunSummary) {
	fmt.Fprintf(out, "  rooms: %d with bills, %d billed already, %d not due, %d not handed over, %d free, %d without a reading, "+
		"%d without an area, %d without a tariff: %d\n", s.WithBills, s.Billed, s.NotDue, s.NotHandedOver, s.Free, s.NoReading, s.NoArea,
		s.NoTariff, s.Rooms)
	for _, g := range []struct {
		about string
		issuing.GapSum
	}{
		{"since the first period that was run (bill them with --gaps)", s.Gaps},
		{"before the first period that was run (bill them with --all-gaps)", s.GapsBefore},
	} {
		if g.Lines > 0 {
			fmt.Fprintf(out, "  not billed: %d days of %d rooms and items, %s yuan, %s\n", g.Days, g.Lines, g.Fen, g.about)
		}
	}
}
