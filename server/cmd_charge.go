package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// chargeArgs are the flags of charge.
type chargeArgs struct {
	community, rooms string
	preview          bool
	issuing.ChargeRequest
}

const chargeWants = "charge wants shared --community C --item I --reason T --from D --to D --amount TOTAL --by area|household " +
	"[--building B [--unit U]] [--rooms FILE] [--occupied], " +
	"or one-off --community C --item I --reason T --date D --amount EACH --rooms FILE; and takes --due D and --preview (FILE: a room " +
	"code a line, - for standard input)"

func chargeFlags(args []string) (a chargeArgs, err error) {
	wrong := fmt.Errorf("%w: %s", errUsage, chargeWants)
	if len(args) == 0 {
		return a, wrong
	}
	fs := flag.NewFlagSet("charge", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var from, to, date, due, amount string
	for name, to := range map[string]*string{
		"community": &a.community, "item": &a.Item, "reason": &a.Reason, "rooms": &a.rooms, "by": &a.ShareBy, "building": &a.Building,
		"unit": &a.Unit, "from": &from, "to": &to, "date": &date, "due": &due, "amount": &amount,
	} {
		fs.StringVar(to, name, "", "")
	}
	fs.BoolVar(&a.OccupiedOnly, "occupied", false, "")
	fs.BoolVar(&a.preview, "preview", false, "")
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 0 || a.community == "" || a.Item == "" || a.Reason == "" || amount == "" {
		return a, wrong
	}
	days := map[string]*models.Date{}
	switch {
	case args[0] == "shared" && date == "" && a.ShareBy != "":
		a.Kind, days["from"], days["to"] = fees.ChargeShared, &a.From, &a.To
	case args[0] == "one-off" && from == "" && to == "" && a.ShareBy == "" && a.rooms != "" && a.Building == "":
		a.Kind, days["date"] = fees.ChargeOneOff, &a.From
	default:
		return a, wrong
	}
	if due != "" {
		days["due"] = &a.DueOn
	}
	for name, day := range days {
		text := map[string]string{"from": from, "to": to, "date": date, "due": due}[name]
		if *day, err = dayFlag(name, text); err != nil {
			return a, err
		}
	}
	switch {
	case a.rooms != "":
		a.Scope = issuing.ScopeList
	case a.Unit != "":
		a.Scope = issuing.ScopeUnit
	case a.Building != "":
		a.Scope = issuing.ScopeBuilding
	default:
		a.Scope = issuing.ScopeAll
	}
	a.AmountFen, err = yuanFlag("amount", amount)
	return a, err
}

// cmdCharge shows what a shared cost or a one-off charge comes to, and charges it
// unless only the preview is wanted. The same charge a second time is refused; one
// that was interrupted is finished by the billing job, or by a charge after it.
func cmdCharge(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := chargeFlags(args)
	if err != nil {
		return err
	}
	if a.rooms != "" {
		if a.RoomCodes, err = roomList(term, a.rooms); err != nil {
			return err
		}
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		c, err := estate.CommunityByName(db.View(ctx), a.community)
		if err != nil {
			return err
		}
		a.CommunityID = c.ID
		p, err := issuing.PreviewCharge(ctx, db, a.ChargeRequest)
		if err != nil {
			return err
		}
		printLevy(term.out, &p)
		if err := p.Err(); err != nil || a.preview {
			return err
		}
		made, err := issuing.MakeCharge(ctx, db, commandActor, a.ChargeRequest, p.Fingerprint())
		if err == nil {
			err = issuing.WorkCharge(ctx, db, made.ID)
		}
		if err == nil {
			fmt.Fprintf(term.out, "%s: charged\n", made.ID)
		}
		return err
	})
}

// printLevy prints each room's part, and what stands in the way.
func printLevy(out io.Writer, p *issuing.ChargePreview) {
	fmt.Fprintf(out, "%s: %s yuan over %d rooms, due %s\n", p.Item, p.TotalFen, len(p.Parts), p.DueOn)
	for _, part := range p.Parts {
		fmt.Fprintf(out, "  %s  %s\n", part.Room.Code, part.AmountFen)
	}
	for _, r := range p.Billed {
		fmt.Fprintf(out, "  billed already: %s\n", r.Code)
	}
	for _, r := range p.NoArea {
		fmt.Fprintf(out, "  no area: %s\n", r.Code)
	}
}

// maxRoomList bounds a list of rooms, in bytes.
const maxRoomList = 4 << 20

// roomList reads room codes, one a line; empty lines are left out.
func roomList(term terminal, path string) (out []string, err error) {
	from := term.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	}
	lines := bufio.NewScanner(io.LimitReader(from, maxRoomList))
	for lines.Scan() {
		if code := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff")); code != "" {
			out = append(out, code)
		}
	}
	return out, lines.Err()
}
