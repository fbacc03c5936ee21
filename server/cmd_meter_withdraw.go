package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// withdrawArgs are the flags of meter withdraw.
type withdrawArgs struct {
	do                                                string
	by, community, room, item, serial, reason, id, on string
	note                                              string
	date                                              models.Date
}

const withdrawWants = "meter withdraw wants list; ask --by USER --room R --item I --serial S --date D --reason T [--community C]; " +
	"approve or refuse --by USER --id ID [--note T] (password on standard input)"

func withdrawFlags(args []string) (a withdrawArgs, err error) {
	wrong := fmt.Errorf("%w: %s", errUsage, withdrawWants)
	if len(args) == 0 {
		return a, wrong
	}
	a.do = args[0]
	fs := flag.NewFlagSet("meter withdraw", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for name, to := range map[string]*string{
		"by": &a.by, "community": &a.community, "room": &a.room, "item": &a.item, "serial": &a.serial, "date": &a.on,
		"reason": &a.reason, "id": &a.id, "note": &a.note,
	} {
		fs.StringVar(to, name, "", "")
	}
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 0 {
		return a, wrong
	}
	switch {
	case a.do == "list" && a.by == "":
	case a.do == "ask" && a.by != "" && a.room != "" && a.item != "" && a.serial != "":
		a.date, err = dayFlag("date", a.on)
	case (a.do == "approve" || a.do == "refuse") && a.by != "" && a.id != "":
	default:
		return a, wrong
	}
	return a, err
}

var errNoReading = errors.New("the meter has no reading of this day")

// cmdMeterWithdraw asks for a wrong reading to count no more, and decides about it, in the
// name of two people.
func cmdMeterWithdraw(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := withdrawFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		if a.do == "list" {
			return listWithdrawals(term.out, db.View(ctx))
		}
		by, err := person(ctx, term, db, a.by)
		if err != nil {
			return err
		}
		if a.do == "ask" {
			return a.ask(ctx, term.out, db, by)
		}
		err = db.Write(ctx, func(tx *store.Tx) error {
			return metering.DecideWithdrawal(tx, by, a.id, a.do == "approve", a.note)
		})
		if err == nil {
			fmt.Fprintf(term.out, "%s: %s\n", a.id, map[string]string{"approve": "withdrawn", "refuse": "refused"}[a.do])
		}
		return err
	})
}

func (a withdrawArgs) ask(ctx context.Context, out io.Writer, db *store.DB, by office.Staff) error {
	if !by.Can(office.PermMetersEdit) {
		return models.ErrForbidden
	}
	view := db.View(ctx)
	room, m, err := meterOf(view, a.community, a.room, a.item, a.serial)
	if err != nil {
		return err
	}
	readings, err := fees.ReadingsBetween(view, []string{m.ID}, a.date, a.date)
	if err != nil {
		return err
	}
	if len(readings[m.ID]) != 1 {
		return errNoReading
	}
	r := readings[m.ID][0]
	return db.Write(ctx, func(tx *store.Tx) error {
		w, err := metering.RequestWithdrawal(tx, by.Actor(), by.Scope(), r.ID, a.reason)
		if err == nil {
			fmt.Fprintf(out, "%s: %s, meter %s, %s on %s, to be approved by somebody else\n", w.ID, room.Code, m.Serial, r.Value, r.ReadOn)
		}
		return err
	})
}

// maxWithdrawals is how many withdrawals the list prints.
const maxWithdrawals = 1000

// listWithdrawals prints the withdrawals, newest first.
func listWithdrawals(out io.Writer, tx *store.Tx) error {
	list, err := fees.Withdrawals(tx, office.AllRooms(), false, maxWithdrawals)
	for _, w := range list {
		fmt.Fprintf(out, "%s  %s  %s %s  %s on %s  %s  %s\n", w.ID, w.Room.Code, w.Meter.Item, w.Meter.Serial, w.Reading.Value,
			w.Reading.ReadOn, w.Status, w.ReadingWithdrawal.Reason)
	}
	return err
}
