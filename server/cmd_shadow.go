package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"

	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/shadow"
	"wuyepay/billing/sheet"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// shadowArgs are the flags of import shadow.
type shadowArgs struct {
	file   string
	period calc.Period // zero: the months that the file is about
	json   bool
}

// shadowFlags reads what stands behind import shadow. The file may come before or after the
// flags.
func shadowFlags(args []string) (a shadowArgs, err error) {
	fs := flag.NewFlagSet("import shadow", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	period := fs.String("period", "", "")
	fs.BoolVar(&a.json, "json", false, "")
	wrong := fmt.Errorf("%w: import shadow wants a file, and takes --period 2026-03 and --json", errUsage)
	for len(args) > 0 {
		if fs.Parse(args) != nil {
			return a, wrong
		}
		if args = fs.Args(); len(args) > 0 {
			if a.file != "" {
				return a, wrong
			}
			a.file, args = args[0], args[1:]
		}
	}
	if a.file == "" {
		return a, wrong
	}
	if *period != "" {
		if a.period, err = calc.ParsePeriod(*period); err != nil {
			return a, fmt.Errorf("%w: --period: %w", errUsage, err)
		}
	}
	return a, nil
}

// cmdShadow holds the bills of another system against ours and prints what the differences
// come to by cause. Differences are no failure.
func cmdShadow(ctx context.Context, term terminal, cfg Config, args []string) error {
	a, err := shadowFlags(args)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		run, r, err := shadow.StartFile(ctx, db, commandActor, a.file, a.period)
		var mistakes sheet.Mistakes
		if errors.As(err, &mistakes) {
			for _, m := range mistakes {
				fmt.Fprintln(term.out, m.Error())
			}
			printRead(term.err, r)
			return fmt.Errorf("%d mistakes in %s: nothing was compared", len(mistakes), a.file)
		}
		if err != nil {
			return err
		}
		if err := shadow.Work(ctx, db, run.ID, 0); err != nil {
			return err
		}
		report, err := shadowReportOf(db.View(ctx), run.ID, r)
		if err != nil {
			return err
		}
		if a.json {
			return json.NewEncoder(term.out).Encode(report)
		}
		report.print(term.out, r)
		return nil
	})
}

// shadowReport is what a comparison came to.
type shadowReport struct {
	ID         string           `json:"id"`
	File       string           `json:"file"`
	PeriodFrom string           `json:"period_from"`
	PeriodTo   string           `json:"period_to"`
	Read       int              `json:"read"`
	Compared   int              `json:"compared"`
	LeftOut    int              `json:"left_out"`
	Lines      int              `json:"lines"`
	TheirsFen  models.Fen       `json:"theirs_fen"`
	OursFen    models.Fen       `json:"ours_fen"`
	DiffFen    models.Fen       `json:"diff_fen"`
	Causes     []fees.ShadowSum `json:"causes"`
}

func shadowReportOf(tx *store.Tx, id string, r intake.Result) (shadowReport, error) {
	run, err := fees.ShadowRunByID(tx, id)
	if err != nil {
		return shadowReport{}, err
	}
	sums, err := fees.ShadowSums(tx, id)
	return shadowReport{
		ID: run.ID, File: run.FileName, PeriodFrom: run.PeriodFrom.String(), PeriodTo: run.PeriodTo.String(), Read: run.RowsRead,
		Compared: r.Added, LeftOut: run.RowsLeftOut, Lines: run.LineCount, TheirsFen: run.TheirsFen, OursFen: run.OursFen,
		DiffFen: run.DiffFen(), Causes: shadow.ByCause(sums),
	}, err
}

// print prints the report as a table.
func (s shadowReport) print(out io.Writer, r intake.Result) {
	for _, w := range r.Warnings {
		fmt.Fprintln(out, "注意："+w.Error())
	}
	printRead(out, r)
	fmt.Fprintf(out, "账期 %s 至 %s，读取 %d 行，对比 %d 行，未对比 %d 行（合计行，或不在账期内）\n", s.PeriodFrom, s.PeriodTo, s.Read, s.Compared, s.LeftOut)
	for _, c := range s.Causes {
		fmt.Fprintf(out, "%s：%d 条，对方 %s 元，系统 %s 元，差 %s 元\n", words.ShadowCause(c.Cause), c.Lines, c.TheirsFen, c.OursFen, c.DiffFen)
	}
	fmt.Fprintf(out, "合计：%d 条，对方 %s 元，系统 %s 元，差 %s 元\n", s.Lines, s.TheirsFen, s.OursFen, s.DiffFen)
	fmt.Fprintln(out, "没有产生任何账单。明细见控制台“新旧系统对账”："+s.ID)
}
