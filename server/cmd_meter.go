package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/shopspring/decimal"

	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// meterArgs are the flags of meter replace.
type meterArgs struct {
	community, room, item, serial string
	metering.Replacement
}

func meterFlags(args []string) (meterArgs, error) {
	a := meterArgs{Replacement: metering.Replacement{Multiplier: decimal.NewFromInt(1)}}
	wrong := func(err error) (meterArgs, error) {
		text := "meter knows replace and withdraw, and replace wants --room CODE --item ITEM --serial OLD --date YYYY-MM-DD " +
			"--last N --new-serial NEW --reason TEXT " +
			"(and --community, --first N, --multiplier N, --digits N, --rolled)"
		if err != nil {
			return a, fmt.Errorf("%w: %s: %w", errUsage, text, err)
		}
		return a, fmt.Errorf("%w: %s", errUsage, text)
	}
	if len(args) > 0 && args[0] == "withdraw" {
		_, err := withdrawFlags(args[1:])
		return a, err
	}
	if len(args) == 0 || args[0] != "replace" {
		return wrong(nil)
	}
	var date, last string
	first, multiplier := "0", "1"
	fs := flag.NewFlagSet("meter replace", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for name, to := range map[string]*string{
		"community": &a.community, "room": &a.room, "item": &a.item, "serial": &a.serial, "date": &date, "last": &last,
		"new-serial": &a.Serial, "reason": &a.Reason, "first": &first, "multiplier": &multiplier,
	} {
		fs.StringVar(to, name, *to, "")
	}
	fs.IntVar(&a.Digits, "digits", 0, "")
	fs.BoolVar(&a.LastRolled, "rolled", false, "")
	err := fs.Parse(args[1:])
	if err != nil || fs.NArg() != 0 || a.room == "" || a.item == "" || a.serial == "" || a.Serial == "" || date == "" || last == "" {
		return wrong(err)
	}
	if a.On, err = models.ParseDate(date); err != nil {
		return wrong(err)
	}
	for text, to := range map[*string]*decimal.Decimal{&last: &a.LastValue, &first: &a.FirstValue, &multiplier: &a.Multiplier} {
		if *to, err = metering.ParseReading(*text); err != nil {
			return wrong(err)
		}
	}
	return a, nil
}

var errNoMeter = errors.New("the room has no such meter")

// cmdMeter replaces a meter: the old one's last reading, the new one's base. It also
// withdraws a reading: see cmdMeterWithdraw.
func cmdMeter(ctx context.Context, term terminal, cfg Config, args []string) error {
	if len(args) > 0 && args[0] == "withdraw" {
		return cmdMeterWithdraw(ctx, term, cfg, args[1:])
	}
	a, err := meterFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		room, m, err := meterOf(db.View(ctx), a.community, a.room, a.item, a.serial)
		if err != nil {
			return err
		}
		a.MeterID = m.ID
		err = db.Write(ctx, func(tx *store.Tx) error {
			_, err := metering.ReplaceMeter(tx, commandActor, office.AllRooms(), a.Replacement)
			return err
		})
		if err == nil {
			fmt.Fprintf(term.out, "%s: meter %s ends at %s on %s, meter %s begins at %s\n", room.Code, a.serial,
				a.LastValue, a.On, a.Serial, a.FirstValue)
		}
		return err
	})
}

// meterOf returns the room of a code and its meter of an item and serial, or errNoMeter.
func meterOf(tx *store.Tx, community, code, item, serial string) (estate.Room, fees.Meter, error) {
	room, err := roomByCode(tx, community, code)
	if err != nil {
		return room, fees.Meter{}, err
	}
	meters, err := fees.MetersOfRooms(tx, []string{room.ID})
	if err != nil {
		return room, fees.Meter{}, err
	}
	for _, m := range meters {
		if models.NameKey(m.Item) == models.NameKey(item) && models.NameKey(m.Serial) == models.NameKey(serial) {
			return room, m, nil
		}
	}
	return room, fees.Meter{}, errNoMeter
}
