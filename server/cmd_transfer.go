package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// transferArgs are the flags of transfer. The phone number comes on standard
// input: what is in the argument list, everybody on the machine can read.
type transferArgs struct {
	community, room, to, prepaid, note string
	on                                 models.Date
	preview                            bool
}

func transferFlags(args []string) (transferArgs, error) {
	var a transferArgs
	var date string
	fs := flag.NewFlagSet("transfer", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&a.community, "community", "", "")
	fs.StringVar(&a.room, "room", "", "")
	fs.StringVar(&a.to, "to", "", "")
	fs.StringVar(&date, "date", "", "")
	fs.StringVar(&a.prepaid, "prepaid", estate.PrepaidStays, "")
	fs.StringVar(&a.note, "note", "", "")
	fs.BoolVar(&a.preview, "preview", false, "")
	err := fs.Parse(args)
	if err == nil && date != "" {
		a.on, err = models.ParseDate(date)
	}
	if err != nil || fs.NArg() != 0 || a.room == "" || a.on.IsZero() || a.to == "" && !a.preview {
		return a,
			fmt.Errorf("%w: transfer wants --room CODE --to NAME --date YYYY-MM-DD (and --community, --prepaid room|former, --note), "+
				"the phone number on standard input; or --preview", errUsage)
	}
	return a, nil
}

// cmdTransfer shows the unsettled statement of a room, and lets it change hands
// unless only the preview is wanted.
func cmdTransfer(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := transferFlags(args)
	if err != nil {
		return err
	}
	phone := ""
	if !a.preview {
		raw, err := io.ReadAll(io.LimitReader(term.in, 64))
		if err != nil {
			return err
		}
		phone = strings.TrimSpace(string(raw))
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		room, err := roomByCode(db.View(ctx), a.community, a.room)
		if err != nil {
			return err
		}
		p, err := billing.PreviewTransfer(db.View(ctx), room.ID, a.on)
		if err != nil {
			return err
		}
		printTransfer(term.out, p)
		if a.preview || p.Refused != nil {
			return p.Refused
		}
		done, err := billing.Transfer(ctx, db, commandActor, billing.TransferRequest{
			RoomID: room.ID, On: a.on, Name: a.to, Phone: phone, PrepaidTo: a.prepaid, Note: a.note,
		})
		if err == nil {
			fmt.Fprintf(term.out, "%s transferred from %s on, %d bills go to the new owner\n", room.Code, done.TransferOn, done.MovedBills)
		}
		return err
	})
}

func printTransfer(out io.Writer, p *billing.TransferPreview) {
	fmt.Fprintf(out, "%s: the former owner owes %s yuan and %s late fee on %d bills; prepayment %s\n", p.Room.Code, p.OwedFen,
		p.LateFeeFen, len(p.Stay), p.PrepaidFen)
	for _, s := range p.Stay {
		fmt.Fprintf(out, "  stays  %s  %s to %s  due %s  %s + %s\n", s.Item, s.PeriodStart, s.PeriodEnd, s.DueOn,
			s.OutstandingFen(), s.LateDueFen)
	}
	for _, s := range p.Spans {
		fmt.Fprintf(out, "  spans  %s  %s to %s  %s, of which %s for the %d of %d days from the transfer on\n", s.Item, s.PeriodStart,
			s.PeriodEnd, s.PrincipalFen, s.NewFen, s.NewDays, s.Days)
	}
	for _, s := range p.Move {
		fmt.Fprintf(out, "  moves  %s  %s to %s  due %s  %s\n", s.Item, s.PeriodStart, s.PeriodEnd, s.DueOn, s.OutstandingFen())
	}
}

// Refusals of a command that names a room.
var (
	errNoRoom    = errors.New("no such room")
	errSomeRooms = errors.New("several communities have such a room: name one with --community")
)

// roomByCode finds a room by its code in any spelling; the community may be left
// out where only one has such a room.
func roomByCode(tx *store.Tx, community, code string) (estate.Room, error) {
	found, err := estate.RoomsByCodeKey(tx, []string{models.RoomKey(code)})
	if err != nil {
		return estate.Room{}, err
	}
	rooms := found[models.RoomKey(code)]
	if community != "" {
		c, err := estate.CommunityByName(tx, community)
		if errors.Is(err, models.ErrNotFound) {
			return estate.Room{}, errNoRoom
		}
		if err != nil {
			return estate.Room{}, err
		}
		return one(rooms, c.ID)
	}
	return one(rooms, "")
}

func one(rooms []estate.Room, communityID string) (room estate.Room, err error) {
	err = errNoRoom
	for _, r := range rooms {
		if communityID != "" && r.CommunityID != communityID {
			continue
		}
		if err == nil {
			return room, errSomeRooms
		}
		room, err = r, nil
	}
	return room, err
}
