package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"wuyepay/billing/statement"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

type statementArgs struct {
	community, room, out string
	year                 int
}

func statementFlags(args []string) (statementArgs, error) {
	var a statementArgs
	fs := flag.NewFlagSet("statement", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&a.community, "community", "", "")
	fs.StringVar(&a.room, "room", "", "")
	fs.StringVar(&a.out, "out", "", "")
	fs.IntVar(&a.year, "year", 0, "")
	if err := fs.Parse(args); err != nil || fs.NArg() != 0 || a.room == "" || a.out == "" || a.year < 1990 || a.year > 2200 {
		return a, fmt.Errorf("%w: statement wants --room CODE --year YYYY --out FILE.pdf (and --community)", errUsage)
	}
	return a, nil
}

// cmdStatement writes the statement of a room's present owner for a year. The file
// is readable by its owner alone.
func cmdStatement(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := statementFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		view := db.View(ctx)
		room, err := roomByCode(view, a.community, a.room)
		if err != nil {
			return err
		}
		c, err := estate.CommunityByID(view, room.CommunityID)
		if err != nil {
			return err
		}
		holder, err := statement.CurrentHolder(view, room.ID)
		if err != nil {
			return err
		}
		from, to := statement.Year(a.year, view.Today())
		s, err := statement.Of(view, room, holder.Visibility, from, to)
		if err != nil {
			return err
		}
		f, err := os.OpenFile(a.out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		err = s.WritePDF(f, statement.Party{Community: c.Name, Owner: holder.Name, MadeAt: db.Now()})
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err == nil {
			fmt.Fprintf(term.out, "%s: %d lines, closing balance %s yuan\n", a.out, len(s.Lines), s.ClosingFen)
		}
		return err
	})
}
