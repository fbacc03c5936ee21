package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"

	"wuyepay/billing/intake"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// holidayArgs are the flags of holidays.
type holidayArgs struct {
	do, file string
	year     int // 0: this year
	json     bool
}

const holidaysWant = "holidays wants import FILE, or list [--year 2026] [--json]"

func holidayFlags(args []string) (a holidayArgs, err error) {
	wrong := fmt.Errorf("%w: %s", errUsage, holidaysWant)
	if len(args) == 0 {
		return a, wrong
	}
	a.do = args[0]
	fs := flag.NewFlagSet("holidays", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.IntVar(&a.year, "year", 0, "")
	fs.BoolVar(&a.json, "json", false, "")
	switch {
	case a.do == "import" && len(args) == 2:
		a.file = args[1]
		return a, nil
	case a.do != "list", fs.Parse(args[1:]) != nil, fs.NArg() != 0, a.year != 0 && (a.year < 2000 || a.year > 2200):
		return a, wrong
	}
	return a, nil
}

// cmdHolidays takes a file of holidays in, or lists those of a year.
func cmdHolidays(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := holidayFlags(args)
	if err != nil {
		return err
	}
	if a.do == "import" {
		return cmdImport(ctx, term, cfg, []string{intake.Holidays, a.file})
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		if a.year == 0 {
			a.year = db.Today().Year()
		}
		list, err := office.Holidays(db.View(ctx), models.NewDate(a.year, 1, 1), models.NewDate(a.year, 12, 31))
		if err != nil {
			return err
		}
		return a.print(term.out, list)
	})
}

// print prints holidays one a line, as text or as JSON.
func (a holidayArgs) print(out io.Writer, list []office.Holiday) error {
	lines := json.NewEncoder(out)
	for _, h := range list {
		if !a.json {
			fmt.Fprintf(out, "%s  %-8s %s\n", h.Day, h.Kind, h.Name)
			continue
		}
		err := lines.Encode(struct {
			Day  string `json:"day"`
			Kind string `json:"kind"`
			Name string `json:"name"`
		}{h.Day.String(), h.Kind, h.Name})
		if err != nil {
			return err
		}
	}
	return nil
}
