package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/payment"
	"wuyepay/payment/collection"
)

// collectionArgs are the flags of collection.
type collectionArgs struct {
	do, community, batch, file string
	on                         models.Date // due by, or collected on
}

const collectionUsage = "collection knows mandates --community C --file F, make --community C --due YYYY-MM-DD, " +
	"export --community C --batch N --out F.xlsx|F.csv, import --community C --batch N --file F (and --date YYYY-MM-DD)"

func collectionFlags(args []string) (collectionArgs, error) {
	var a collectionArgs
	wrong := fmt.Errorf("%w: %s", errUsage, collectionUsage)
	if len(args) == 0 {
		return a, wrong
	}
	a.do = args[0]
	fs := flag.NewFlagSet("collection", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	due, date, out := "", "", ""
	fs.StringVar(&a.community, "community", "", "")
	fs.StringVar(&a.batch, "batch", "", "")
	fs.StringVar(&a.file, "file", "", "")
	fs.StringVar(&out, "out", "", "")
	fs.StringVar(&due, "due", "", "")
	fs.StringVar(&date, "date", "", "")
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 0 || a.community == "" {
		return a, wrong
	}
	day, complete := "", false
	switch a.do {
	case "mandates":
		complete = a.file != ""
	case "make":
		day, complete = due, due != ""
	case "export":
		a.file = out
		complete = a.batch != "" && (strings.HasSuffix(out, ".xlsx") || strings.HasSuffix(out, ".csv"))
	case "import":
		day, complete = date, a.batch != "" && a.file != ""
	}
	if !complete {
		return a, wrong
	}
	if day != "" {
		d, err := models.ParseDate(day)
		if err != nil {
			return a, fmt.Errorf("%w: %w", errUsage, err)
		}
		a.on = d
	}
	return a, nil
}

// cmdCollection registers agreements of bank collection, makes a batch, writes its
// file for the bank, or takes in the bank's answer.
func cmdCollection(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := collectionFlags(args)
	if err != nil {
		return err
	}
	return withApp(ctx, term, cfg, leaveWechat, func(app *app) error {
		c, err := estate.CommunityByName(app.db.View(ctx), a.community)
		if err != nil {
			return err
		}
		switch a.do {
		case "mandates":
			return fromFile(term, a.file, func(f collection.File) error {
				rows, changed, err := collection.ImportMandates(ctx, app.pay, commandActor, c.ID, f)
				if err == nil {
					fmt.Fprintf(term.out, "read %d, changed %d\n", rows, changed)
				}
				return err
			})
		case "make":
			b, err := collection.Make(ctx, app.pay, commandActor, c.ID, a.on)
			if err == nil {
				fmt.Fprintf(term.out, "%s: %d lines, %s yuan\n", b.Number, b.LineCount, b.AmountFen)
			}
			return err
		}
		b, err := desk.CollectionByNumber(app.db.View(ctx), c.ID, a.batch)
		if err != nil {
			return err
		}
		if a.do == "export" {
			return exportCollection(ctx, term, app.pay, b, a.file)
		}
		if a.on.IsZero() {
			a.on = app.db.Today()
		}
		return fromFile(term, a.file, func(f collection.File) error {
			r, err := collection.TakeAnswer(ctx, app.pay, commandActor, b.ID, a.on, f)
			if err == nil {
				fmt.Fprintf(term.out, "%s: booked %d, unchanged %d; collected %d lines, %s yuan; failed %d lines, %s yuan\n",
					r.Batch.Number, r.Booked, r.Unchanged, r.Batch.PaidCount, r.Batch.PaidFen, r.Batch.FailedCount, r.Batch.FailedFen)
			}
			return err
		})
	})
}

// exportCollection writes the file for the bank, readable by its owner alone: it
// holds account numbers.
func exportCollection(ctx context.Context, term terminal, pay *payment.Service, b desk.CollectionBatch, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = collection.Export(ctx, pay, commandActor, b.ID, strings.TrimPrefix(filepath.Ext(path), "."), f)
	if err = errors.Join(err, f.Close()); err == nil {
		fmt.Fprintf(term.out, "%s: %d lines, %s yuan\n", path, b.LineCount, b.AmountFen)
	}
	return err
}

// fromFile opens a file and prints its mistakes, one a line.
func fromFile(term terminal, path string, do func(collection.File) error) error {
	content, err := os.Open(path)
	if err != nil {
		return err
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil {
		return err
	}
	err = do(collection.File{Name: filepath.Base(path), Content: content, Size: info.Size()})
	var mistakes sheet.Mistakes
	if errors.As(err, &mistakes) {
		for _, m := range mistakes {
			fmt.Fprintln(term.out, m.Error())
		}
		return fmt.Errorf("%d mistakes in %s: nothing was booked", len(mistakes), path)
	}
	return err
}
