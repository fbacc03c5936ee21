package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strconv"

	"wuyepay/billing"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// lateRuleArgs are the flags of late-rule.
type lateRuleArgs struct {
	do                      string
	by, community, id, note string
	billing.LateRuleRequest
}

const lateRuleWants = "late-rule wants list; preview or ask --community C --rate 3‰ --from D [--grace DAYS] [--cap 30%] [--open], " +
	"and ask --by USER --reason T; approve or refuse --by USER --id ID [--note T] (password on standard input)"

func lateRuleFlags(args []string) (a lateRuleArgs, err error) {
	wrong := fmt.Errorf("%w: %s", errUsage, lateRuleWants)
	if len(args) == 0 {
		return a, wrong
	}
	a.do = args[0]
	fs := flag.NewFlagSet("late-rule", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var from, grace string
	for name, to := range map[string]*string{
		"by": &a.by, "community": &a.community, "id": &a.id, "note": &a.note, "rate": &a.Rate, "grace": &grace, "cap": &a.Cap,
		"reason": &a.Reason, "from": &from,
	} {
		fs.StringVar(to, name, "", "")
	}
	fs.BoolVar(&a.OpenBills, "open", false, "")
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 0 {
		return a, wrong
	}
	switch {
	case a.do == "list" && a.by == "" && a.community == "":
		return a, nil
	case (a.do == "approve" || a.do == "refuse") && a.by != "" && a.id != "":
		return a, nil
	case a.do == "preview" && a.community != "" && a.Rate != "" && a.by == "":
	case a.do == "ask" && a.community != "" && a.Rate != "" && a.by != "" && a.Reason != "":
	default:
		return a, wrong
	}
	if grace != "" {
		if a.GraceDays, err = strconv.Atoi(grace); err != nil {
			return a, fmt.Errorf("%w: --grace wants a number of days", errUsage)
		}
	}
	a.FromOn, err = dayFlag("from", from)
	return a, err
}

// cmdLateRule shows and changes the default late-fee rule of a community, in the name of
// two people.
func cmdLateRule(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := lateRuleFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		switch a.do {
		case "list":
			return listLateRules(term.out, db.View(ctx))
		case "preview", "ask":
			return a.ask(ctx, term, db)
		}
		by, err := person(ctx, term, db, a.by)
		if err != nil {
			return err
		}
		if err := billing.DecideLateRule(ctx, db, by, a.id, a.do == "approve", a.note); err != nil {
			return err
		}
		changed, err := billing.WorkLateRules(ctx, db)
		if err == nil {
			done := map[string]string{"approve": "approved", "refuse": "refused"}[a.do]
			fmt.Fprintf(term.out, "%s: %s, %d open bills changed\n", a.id, done, changed)
		}
		return err
	})
}

// ask prints what a request would do, and makes it unless only the preview is wanted.
func (a lateRuleArgs) ask(ctx context.Context, term terminal, db *store.DB) error {
	c, err := estate.CommunityByName(db.View(ctx), a.community)
	if err != nil {
		return err
	}
	a.CommunityID = c.ID
	e, err := billing.PreviewLateRule(ctx, db, a.LateRuleRequest)
	if err != nil {
		return err
	}
	fmt.Fprintf(term.out, "%s: %s -> %s from %s\n", c.Name, e.Have.Text(), e.Want.Text(), a.FromOn)
	fmt.Fprintf(term.out, "%d open imported bills: %d milder, %d the same, %d keep theirs\n", e.Bills, e.Milder, e.Same, e.Kept)
	fmt.Fprintf(term.out, "late fee due today of the %d: %s -> %s, to prepayment %s\n", e.Milder, e.BeforeFen, e.AfterFen, e.CreditFen)
	for _, b := range e.Biggest {
		fmt.Fprintf(term.out, "  %s %s %s: %s -> %s\n", b.Room.Code, b.Bill.Item, b.Bill.PeriodStart, b.BeforeFen, b.AfterFen)
	}
	if a.do == "preview" {
		return nil
	}
	by, err := person(ctx, term, db, a.by)
	if err != nil {
		return err
	}
	made, err := billing.RequestLateRule(ctx, db, by, a.LateRuleRequest)
	if err == nil {
		fmt.Fprintf(term.out, "%s: to be approved by somebody else\n", made.ID)
	}
	return err
}

// listLateRules prints the rule of each community today, and the changes, newest first.
func listLateRules(out io.Writer, tx *store.Tx) error {
	communities, err := estate.Communities(tx, "", 100_000)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, c := range communities {
		rule, err := estate.LateRuleOn(tx, c.ID, tx.Today())
		if err != nil {
			return err
		}
		names[c.ID] = c.Name
		fmt.Fprintf(out, "%s: %s\n", c.Name, rule.Text())
	}
	changes, err := estate.LateRuleChanges(tx, "", "", 1000)
	if err != nil {
		return err
	}
	for _, c := range changes {
		rule, err := c.Rule()
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s  %s  from %s  %s  %s  %s  asked by %s, decided by %s\n", c.ID, names[c.CommunityID], c.FromOn, rule.Text(),
			c.Status, openText(c), c.Asked.Name, c.Decided.Name)
	}
	return nil
}

// openText returns for which bills a change counts.
func openText(c estate.LateRuleChange) string {
	if c.OpenBills {
		return fmt.Sprintf("open bills too (%d changed)", c.Changed)
	}
	return "new bills"
}
