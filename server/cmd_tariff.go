package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// tariffArgs are the flags of tariff.
type tariffArgs struct {
	do, by, community, id string
	lastDay               models.Date
	preview               bool
}

const tariffWants = "tariff wants list --community C; end --id ID --last-day D --preview, or --by USER instead of --preview " +
	"(password on standard input)"

func tariffFlags(args []string) (a tariffArgs, err error) {
	wrong := fmt.Errorf("%w: %s", errUsage, tariffWants)
	if len(args) == 0 {
		return a, wrong
	}
	a.do = args[0]
	fs := flag.NewFlagSet("tariff", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var last string
	for name, to := range map[string]*string{"by": &a.by, "community": &a.community, "id": &a.id, "last-day": &last} {
		fs.StringVar(to, name, "", "")
	}
	fs.BoolVar(&a.preview, "preview", false, "")
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 0 {
		return a, wrong
	}
	switch {
	case a.do == "list" && a.community != "" && a.id == "":
		return a, nil
	case a.do == "end" && a.id != "" && a.preview == (a.by == ""):
		a.lastDay, err = dayFlag("last-day", last)
		return a, err
	}
	return a, wrong
}

// cmdTariff lists the tariffs of a community, or ends one.
func cmdTariff(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := tariffFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		if a.do == "list" {
			return listTariffs(term.out, db.View(ctx), a.community)
		}
		e, err := issuing.PreviewEnd(ctx, db, a.id, a.lastDay)
		if err != nil {
			return err
		}
		fmt.Fprintf(term.out, "from %s on: %d bills, %d of them change, %s -> %s\n", e.From, e.Bills, e.Changed, e.OldFen, e.NewFen)
		if a.preview {
			return nil
		}
		by, err := person(ctx, term, db, a.by)
		if err != nil {
			return err
		}
		if !by.Can(office.PermBilling) {
			return models.ErrForbidden
		}
		if err := issuing.EndTariff(ctx, db, by.Actor(), a.id, a.lastDay); err != nil {
			return err
		}
		fmt.Fprintf(term.out, "%s: ends on %s\n", a.id, a.lastDay)
		return nil
	})
}

// listTariffs prints the tariffs of a community.
func listTariffs(out io.Writer, tx *store.Tx, community string) error {
	c, err := estate.CommunityByName(tx, community)
	if err != nil {
		return err
	}
	list, err := fees.Tariffs(tx, c.ID)
	if err != nil {
		return err
	}
	for _, t := range list {
		rule, err := t.LateRule()
		if err != nil {
			return err
		}
		price := t.Price
		if t.Tiers != "" {
			price = t.Tiers
		}
		fmt.Fprintf(out, "%s  %s  %s  %s  %s  %s to %s  %s\n", t.ID, t.Item, orAll(t.RoomKind+t.RoomID), t.Method, price, t.FromOn, t.ToOn,
			rule.Text())
	}
	return nil
}

// orAll returns a text, or all for an empty one.
func orAll(text string) string {
	if text == "" {
		return "all"
	}
	return text
}
