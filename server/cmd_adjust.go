package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// adjustArgs are the flags of adjust.
type adjustArgs struct {
	do, by, community, room, item string
	bills                         []string
	period                        calc.Period
	request, note                 string
	billing.NewRequest
}

const adjustWants = "adjust wants list; waiver, correction or void --by USER --reason T with --bill ID[,ID] or --room R --item I " +
	"--period 2026-03 [--community C] " +
	"and --amount YUAN (of a waiver: what to waive, all if left out; of a correction: what the principal should be); " +
	"approve or reject --by USER --request ID --note T (password on standard input)"

// adjustKinds are what can be asked for by command.
var adjustKinds = []string{fees.RequestWaiver, fees.RequestCorrection, fees.RequestVoid}

func adjustFlags(args []string) (a adjustArgs, err error) {
	wrong := fmt.Errorf("%w: %s", errUsage, adjustWants)
	if len(args) == 0 {
		return a, wrong
	}
	a.do = args[0]
	fs := flag.NewFlagSet("adjust", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var bills, period, amount string
	for name, to := range map[string]*string{
		"by": &a.by, "community": &a.community, "room": &a.room, "item": &a.item, "bill": &bills, "period": &period, "amount": &amount,
		"reason": &a.Text, "request": &a.request, "note": &a.note,
	} {
		fs.StringVar(to, name, "", "")
	}
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 0 {
		return a, wrong
	}
	if bills != "" {
		a.bills = strings.Split(bills, ",")
	}
	asks := slices.Contains(adjustKinds, a.do)
	switch {
	case a.do == "list" && a.by == "":
		return a, nil
	case (a.do == "approve" || a.do == "reject") && a.by != "" && a.request != "" && a.note != "":
		return a, nil
	case !asks || a.by == "" || a.Text == "" || (len(a.bills) == 0) == (a.room == "") || a.room != "" && (a.item == "" || period == ""),
		a.do == fees.RequestCorrection && amount == "", a.do == fees.RequestVoid && amount != "":
		return a, wrong
	}
	a.Kind = a.do
	if period != "" {
		if a.period, err = calc.ParsePeriod(period); err != nil {
			return a, fmt.Errorf("%w: --period: %w", errUsage, err)
		}
	}
	if amount != "" {
		a.AmountFen, err = yuanFlag("amount", amount)
	}
	return a, err
}

// cmdAdjust asks for a waiver, a correction or a void, and decides about it. Who
// decides is never who asked.
func cmdAdjust(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := adjustFlags(args)
	if err != nil {
		return err
	}
	return withApp(ctx, term, cfg, leaveWechat, func(app *app) error {
		if a.do == "list" {
			return listAdjustments(term.out, app.db.View(ctx))
		}
		by, err := person(ctx, term, app.db, a.by)
		if err != nil {
			return err
		}
		if a.request != "" {
			r, err := app.api.Requests.Decide(ctx, by, billing.Decision{RequestID: a.request, Approve: a.do == "approve", Note: a.note})
			if err == nil {
				fmt.Fprintf(term.out, "%s: %s %s by %s, asked for by %s\n", r.ID, r.Kind, r.Status, by.Name, r.Asked.Name)
			}
			return err
		}
		return a.ask(ctx, term.out, app, by)
	})
}

var errNoBill = errors.New("no such bill")

// ask shows what the adjustment would do, and asks for it.
func (a *adjustArgs) ask(ctx context.Context, out io.Writer, app *app, by office.Staff) error {
	view := app.db.View(ctx)
	if err := a.find(view); err != nil {
		return err
	}
	if _, _, err := estate.ScopedRoom(view, by.Scope(), a.RoomID); err != nil {
		return err
	}
	p, err := billing.PreviewRequest(view, a.NewRequest)
	if err != nil {
		return err
	}
	for _, e := range p.Effects {
		fmt.Fprintf(out, "%s %s to %s: owed %s, afterwards %s\n", e.Before.Item, e.Before.PeriodStart, e.Before.PeriodEnd,
			e.Before.DueFen, e.After.DueFen)
	}
	r, err := app.api.Requests.SubmitAsStaff(ctx, by, a.NewRequest)
	if err == nil {
		fmt.Fprintf(out, "%s: %s of %d bills, to be approved by somebody else\n", r.ID, r.Kind, len(r.BillIDs))
	}
	return err
}

// find finds the bills and their room.
func (a *adjustArgs) find(tx *store.Tx) error {
	if a.room == "" {
		b, err := fees.BillByID(tx, a.bills[0])
		if errors.Is(err, models.ErrNotFound) {
			err = errNoBill
		}
		a.RoomID, a.BillIDs = b.RoomID, a.bills
		return err
	}
	room, err := roomByCode(tx, a.community, a.room)
	if err != nil {
		return err
	}
	a.RoomID = room.ID
	briefs, err := fees.BillBriefs(tx, []string{room.ID}, a.period.First(), a.period.Last())
	for _, b := range briefs[room.ID] {
		if models.NameKey(b.Item) == models.NameKey(a.item) && !b.Void && b.PeriodStart >= a.period.First() &&
			b.PeriodStart <= a.period.Last() {
			a.BillIDs = append(a.BillIDs, b.ID)
		}
	}
	if err == nil && len(a.BillIDs) == 0 {
		err = errNoBill
	}
	return err
}

// listAdjustments prints the requests that nobody has decided yet, newest first.
func listAdjustments(out io.Writer, tx *store.Tx) error {
	f := fees.RequestFilter{Scope: office.AllRooms(), Status: fees.RequestOpen, Limit: 500}
	for {
		page, err := fees.Requests(tx, f)
		if err != nil {
			return err
		}
		for _, r := range page {
			f.After = r.ID
			if slices.Contains(adjustKinds, r.Kind) {
				fmt.Fprintf(out, "%s  %s  %s yuan  %d bills  asked for by %s: %s\n", r.ID, r.Kind, r.AmountFen,
					len(r.BillIDs), r.Asked.Name, r.Text)
			}
		}
		if len(page) < f.Limit {
			return nil
		}
	}
}
