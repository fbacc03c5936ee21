package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// policyArgs are the flags of policy.
type policyArgs struct{ community, settlement string }

func policyFlags(args []string) (policyArgs, error) {
	var a policyArgs
	fs := flag.NewFlagSet("policy", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&a.community, "community", "", "")
	fs.StringVar(&a.settlement, "settlement", "", "")
	if err := fs.Parse(args); err != nil || fs.NArg() != 0 || a.community == "" ||
		(a.settlement != estate.LateFeeFirst && a.settlement != estate.PrincipalFirst) {
		return a, fmt.Errorf("%w: policy wants --community NAME --settlement %s or %s", errUsage,
			estate.LateFeeFirst, estate.PrincipalFirst)
	}
	return a, nil
}

// cmdPolicy says in which order money settles the bills of a community from now on.
func cmdPolicy(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := policyFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		err := db.Write(ctx, func(tx *store.Tx) error {
			c, err := estate.CommunityByName(tx, a.community)
			if err != nil {
				return err
			}
			return estate.SetSettlement(tx, commandActor, c.ID, a.settlement)
		})
		if err == nil {
			fmt.Fprintf(term.out, "%s: %s\n", a.community, a.settlement)
		}
		return err
	})
}
