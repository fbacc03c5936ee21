package intake

import (
	"context"
	"errors"
	"slices"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// check reads the file of a run for its preview: it compares every row with the books,
// keeps what it finds, and changes nothing else. The run becomes checked, or refused if
// there is a mistake. The error is then that mistake; any other error leaves the run as it
// is, to be checked again.
func check(ctx context.Context, db *store.DB, run *office.ImportRun, renew func(*store.Tx) error) (Result, *firstPass, error) {
	if err := dropRows(ctx, db, run.ID); err != nil { // of an attempt that was cut short
		return Result{}, nil, err
	}
	s := stageRows(ctx, db, run, renew)
	look := &pass{tx: db.View(ctx), by: run.Made, first: newFirstPass(), stage: s}
	err := look.run(run.Kind, fileOf(db.View(ctx), *run))
	if err != nil && !refuses(err) {
		return look.result, nil, err
	}
	saved := change(ctx, db, run, func(tx *store.Tx) error {
		run.State, run.CheckedAt, run.QueuedAt, run.RowsDone = office.ImportChecked, tx.Now, models.Time{}, 0
		setCounts(run, look.result, s)
		if err != nil {
			run.State, run.Note = office.ImportRefused, noteOf(err)
		}
		return nil
	})
	if saved != nil {
		err = saved
	}
	look.first.met = look.communityIDs()
	return look.result, look.first, err
}

// refuses reports whether an error says what is wrong with a file. Any other is a fault.
func refuses(err error) bool {
	var mistakes sheet.Mistakes
	var whole *sheet.FileError
	return errors.As(err, &mistakes) || errors.As(err, &whole) && !errors.Is(err, context.Canceled) || errors.Is(err, ErrKind)
}

// noteOf returns why a file as a whole cannot be read; the mistakes of rows stand in their
// cells.
func noteOf(err error) string {
	var mistakes sheet.Mistakes
	if errors.As(err, &mistakes) {
		return ""
	}
	var whole *sheet.FileError
	if errors.As(err, &whole) {
		return store.CutRunes(whole.Error(), 500)
	}
	return ErrKind.Message
}

func setCounts(run *office.ImportRun, r Result, s *stage) {
	run.RowsRead, run.RowsAdded, run.RowsChanged, run.RowsUnchanged = r.Read, r.Added, r.Changed, r.Unchanged
	run.RowsWrong, run.RowsLeftOut, run.Warnings, run.AmountFen = r.Wrong, r.LeftOut, r.WarningCount, r.Taken.OutstandingFen
	run.Ignored = joined(r.Ignored)
	names := make([]string, 0, len(r.Sheets)+len(r.Unread))
	for _, t := range r.Sheets {
		names = append(names, t.Name)
	}
	run.Sheets = joined(names)
	run.Headings = ""
	for i, h := range s.headings {
		if i > 0 {
			run.Headings += "\n"
		}
		run.Headings += store.CutRunes(h, 40)
	}
}

// dropRows deletes the rows of a preview, in short transactions.
func dropRows(ctx context.Context, db *store.DB, runID string) error {
	for {
		var n int64
		err := db.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = office.DropImportRows(tx, runID, batchRows)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// Headings returns the headings of the columns that were read of a run.
func Headings(run office.ImportRun) []string {
	var out []string
	start := 0
	for i, c := range run.Headings + "\n" {
		if c == '\n' {
			if i > start {
				out = append(out, run.Headings[start:i])
			}
			start = i + 1
		}
	}
	return out
}

// MistakesOf returns the mistakes that a preview holds, in the order of the file, at most
// limit.
func MistakesOf(tx *store.Tx, runID string, limit int) (sheet.Mistakes, error) {
	var out sheet.Mistakes
	after := -1
	for len(out) < limit {
		rows, err := office.ImportRows(tx, runID, office.RowWrong, after, batchRows)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			cells, err := r.Open(tx)
			if err != nil {
				return nil, err
			}
			for _, n := range cells.Mistakes {
				out = append(out, &sheet.Mistake{Sheet: r.Sheet, Row: r.Number, Column: n.Column, Cell: n.Cell, Reason: n.Reason})
			}
			after = r.Seq
		}
		if len(rows) < batchRows {
			break
		}
	}
	return slices.Clip(out[:min(len(out), limit)]), nil
}
