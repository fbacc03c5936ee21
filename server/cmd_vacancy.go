package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// vacancyArgs are the flags of vacancy.
type vacancyArgs struct {
	do                                    string
	by, community, room, reason, id, note string
	from, to, last                        models.Date
}

const vacancyWants = "vacancy wants list; ask --by USER --room R --from D --to D --reason T [--community C]; " +
	"approve or refuse --by USER --id ID [--note T]; end --by USER --id ID --last-day D (password on standard input)"

func vacancyFlags(args []string) (a vacancyArgs, err error) {
	wrong := fmt.Errorf("%w: %s", errUsage, vacancyWants)
	if len(args) == 0 {
		return a, wrong
	}
	a.do = args[0]
	fs := flag.NewFlagSet("vacancy", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var from, to, last string
	for name, to := range map[string]*string{
		"by": &a.by, "community": &a.community, "room": &a.room, "reason": &a.reason, "id": &a.id, "note": &a.note, "from": &from,
		"to": &to, "last-day": &last,
	} {
		fs.StringVar(to, name, "", "")
	}
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 0 {
		return a, wrong
	}
	days := map[string]*models.Date{}
	switch {
	case a.do == "list" && a.by == "":
	case a.do == "ask" && a.by != "" && a.room != "":
		days["from"], days["to"] = &a.from, &a.to
	case (a.do == "approve" || a.do == "refuse") && a.by != "" && a.id != "":
	case a.do == "end" && a.by != "" && a.id != "":
		days["last-day"] = &a.last
	default:
		return a, wrong
	}
	for name, day := range days {
		text := map[string]string{"from": from, "to": to, "last-day": last}[name]
		if *day, err = dayFlag(name, text); err != nil {
			return a, err
		}
	}
	return a, nil
}

// cmdVacancy registers that a room stands empty, and decides about it, in the name of
// two people.
func cmdVacancy(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := vacancyFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		if a.do == "list" {
			return listVacancies(term.out, db.View(ctx))
		}
		by, err := person(ctx, term, db, a.by)
		if err != nil {
			return err
		}
		if a.do == "ask" {
			return a.ask(ctx, term.out, db, by)
		}
		if a.do == "end" {
			err = billing.EndVacancy(ctx, db, by, a.id, a.last)
		} else {
			err = billing.DecideVacancy(ctx, db, by, a.id, a.do == "approve", a.note)
		}
		if err == nil {
			fmt.Fprintf(term.out, "%s: %s\n", a.id, map[string]string{
				"approve": "approved", "refuse": "refused", "end": "ends on " + a.last.String(),
			}[a.do])
		}
		return err
	})
}

func (a vacancyArgs) ask(ctx context.Context, out io.Writer, db *store.DB, by office.Staff) error {
	room, err := roomByCode(db.View(ctx), a.community, a.room)
	if err != nil {
		return err
	}
	if _, _, err := estate.ScopedRoom(db.View(ctx), by.Scope(), room.ID); err != nil {
		return err
	}
	v, err := billing.RequestVacancy(ctx, db, by.Actor(), room.ID, a.from, a.to, a.reason)
	if err == nil {
		fmt.Fprintf(out, "%s: %s empty from %s to %s, to be approved by somebody else\n", v.ID, room.Code, v.FromOn, v.ToOn)
	}
	return err
}

// listVacancies prints all registrations, newest first.
func listVacancies(out io.Writer, tx *store.Tx) error {
	after := ""
	for {
		page, err := estate.Vacancies(tx, office.AllRooms(), after, 500)
		if err != nil {
			return err
		}
		for _, v := range page {
			fmt.Fprintf(out, "%s  %s  %s to %s  %s  %s\n", v.ID, v.Room.Code, v.FromOn, v.ToOn, v.Status, v.Reason)
			after = v.ID
		}
		if len(page) < 500 {
			return nil
		}
	}
}
