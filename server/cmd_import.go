package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/models/store"
)

// cmdImport imports a file and prints what was read of it: each sheet, what was left out
// and why, the sums of money, and the counts, which add up to what was read. With a
// mistake it prints all of them and imports nothing.
func cmdImport(ctx context.Context, term terminal, cfg Config, args []string) error {
	if args[0] == intake.OldBills {
		return cmdShadow(ctx, term, cfg, args[1:])
	}
	kind, file, onlyLook, err := importArgs(args)
	if err != nil {
		return err
	}
	args = []string{kind, file}
	return withDB(ctx, cfg, func(db *store.DB) error {
		if onlyLook {
			return printPreview(ctx, term, db, kind, file)
		}
		r, err := intake.ImportFile(ctx, db, commandActor, kind, file)
		var mistakes sheet.Mistakes
		if errors.As(err, &mistakes) {
			for _, m := range mistakes {
				fmt.Fprintln(term.out, m.Error())
			}
			// The list of mistakes stands alone on the output, for a program that counts its lines.
			printRead(term.err, r)
			fmt.Fprintf(term.err, "%s: read %d, wrong %d, left out %d\n", args[0], r.Read, r.Wrong, r.LeftOut)
			return fmt.Errorf("%d mistakes in %s: nothing was imported", len(mistakes), args[1])
		}
		if err != nil {
			return err
		}
		for _, w := range r.Warnings {
			fmt.Fprintln(term.out, "注意："+w.Error())
		}
		printRead(term.out, r)
		if args[0] == intake.Arrears {
			fmt.Fprintf(term.out, "文件中应收 %s 元，已收 %s 元，欠费 %s 元\n", r.Stated.BilledFen, r.Stated.PaidFen, r.Stated.OutstandingFen)
			fmt.Fprintf(term.out, "本次新增应收 %s 元，欠费 %s 元\n", r.Taken.BilledFen, r.Taken.OutstandingFen)
		}
		fmt.Fprintf(term.out, "%s: read %d, added %d, changed %d, unchanged %d, wrong %d, left out %d, warnings %d\n", args[0], r.Read,
			r.Added, r.Changed, r.Unchanged, r.Wrong, r.LeftOut, r.WarningCount)
		return nil
	})
}

// printRead prints what was read of a file and what was not.
func printRead(w io.Writer, r intake.Result) {
	for _, t := range r.Sheets {
		fmt.Fprintf(w, "表「%s」：%d 行\n", t.Name, t.Rows)
		for _, c := range t.Chosen {
			fmt.Fprintf(w, "表「%s」：%s\n", t.Name, c)
		}
	}
	for _, u := range r.Unread {
		fmt.Fprintf(w, "未读取的表「%s」：%s\n", u.Name, u.Reason)
	}
	for _, l := range r.Passed {
		fmt.Fprintf(w, "未作为数据：表「%s」第 %d 行（%s）\n", l.Sheet, l.Row, l.Reason)
	}
	if len(r.Ignored) > 0 {
		fmt.Fprintln(w, "未读取的列："+strings.Join(r.Ignored, "、"))
	}
}
