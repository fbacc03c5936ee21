package intake

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Kinds of file.
const (
	Rooms   = "rooms"   // 房产资料: rooms and their owners
	Arrears = "arrears" // 历史欠费: opening arrears
	Tariffs = "tariffs" // 收费标准
	Meters  = "meters"  // 抄表: meters and their readings

	Holidays = "holidays" // 节假日, and days of work on weekends
)

// ErrKind is the refusal of an unknown kind of file.
var ErrKind = models.Invalid("IMPORT_KIND", "不支持的导入类型，应为 rooms、arrears、tariffs、meters 或 holidays")

// File is a table to import: a file on disk or an upload (a multipart.File is
// an io.ReaderAt). It is read several times and must not change in between.
type File struct {
	// Name is shown in messages; only its last element is used.
	Name    string
	Content io.ReaderAt
	// Size is in bytes.
	Size int64
}

// Result holds what a file holds and what it has changed. Read is always the sum of Added,
// Changed, Unchanged, Wrong and LeftOut. With an error nothing was stored, and the counts
// say what the file would have changed; a file that cannot be read has none.
type Result struct {
	Kind string
	// Read is how many rows the sheets have below their headers, blank ones not counted.
	Read      int
	Added     int
	Changed   int
	Unchanged int
	// Wrong rows have at least one mistake.
	Wrong int
	// LeftOut rows need no entry: totals, footers, arrears that are paid, bills that were
	// voided since.
	LeftOut int
	// Stated are the amounts of all rows of arrears without mistakes, Taken those of the
	// rows that are added. They are zero for other kinds.
	Stated, Taken Sums
	// Sheets are the sheets that were read, Unread the others. A csv file is one sheet.
	Sheets []sheet.Table
	Unread []sheet.Unread
	// Passed are the rows that no table has seen, such as totals: at most 1000.
	Passed []sheet.LeftOut
	// Warnings are oddities that do not stop the import. At most 1000 are kept;
	// WarningCount counts all of them.
	Warnings     sheet.Mistakes
	WarningCount int
	// Ignored lists the columns of the file that belong to no field.
	Ignored []string
}

// ImportFile is [Import] for a file on disk.
func ImportFile(ctx context.Context, db *store.DB, by models.Actor, kind, path string) (Result, error) {
	name := filepath.Base(path)
	content, err := os.Open(path)
	if err != nil {
		return Result{}, &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return Result{}, &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	return Import(ctx, db, by, kind, File{Name: name, Content: content, Size: info.Size()})
}

// Import imports a file as a whole or not at all, and waits for the end. A mistake anywhere
// in the file changes nothing.
//
// The error is [sheet.Mistakes] with every mistake in the order of the file, a
// [*sheet.FileError] for a file that cannot be read, [ErrKind], or a fault of
// the database. Importing the same file again finds everything unchanged.
//
// It goes the way of a file that staff hand in on a page, and staff find it there: it is
// kept, looked at by [check] and written by [commitRun], in many short transactions. A
// program that is killed while it writes leaves a run that the next [Worker] finishes.
//
// The file is read twice, as a stream. Each pass holds [batchRows] rows in memory. The first
// also holds, for each row of the file, what is needed to find rows that contradict each
// other: 28 bytes ([span]), 80 for meters ([chainLink]). Both hold five bytes for each row
// ([outcomes]).
func Import(ctx context.Context, db *store.DB, by models.Actor, kind string, f File) (Result, error) {
	run, err := keep(ctx, db, by, kind, f.Name, io.NewSectionReader(f.Content, 0, f.Size), math.MaxInt64)
	if err != nil {
		return Result{Kind: kind}, err
	}
	w := NewWorker(db, slog.New(slog.DiscardHandler))
	defer w.Close()
	free := func(*store.Tx) error { return nil } // it looks without the lease
	look, first, err := check(ctx, db, &run, free)
	if err != nil {
		return look, err
	}
	result, err := w.finish(ctx, by, &run, look, first)
	result.Warnings, result.WarningCount, result.Ignored = look.Warnings, look.WarningCount, look.Ignored
	result.Sheets, result.Unread, result.Passed = look.Sheets, look.Unread, look.Passed
	return result, err
}

// finish writes a run that was checked, and returns when it is done or taken back. A run
// that changes nothing is done at once.
func (w *Worker) finish(ctx context.Context, by models.Actor, run *office.ImportRun, look Result, first *firstPass) (Result, error) {
	if look.Added+look.Changed == 0 {
		return look, change(ctx, w.db, run, func(tx *store.Tx) error {
			run.State, run.Committed, run.DoneAt, run.RowsDone = office.ImportDone, by, tx.Now, run.RowsRead
			return nil
		})
	}
	if err := w.waitForLease(ctx); err != nil {
		return look, err
	}
	defer w.release(ctx)
	err := change(ctx, w.db, run, func(*store.Tx) error {
		run.State, run.Committed, run.QueuedAt = office.ImportCommitting, by, models.RealNow()
		return nil
	})
	if err != nil {
		return look, err
	}
	result, err := commitRun(ctx, w.db, run, first, w.renew)
	if run.State == office.ImportUndoing {
		return result, errors.Join(err, takeBack(ctx, w.db, run, w.renew))
	}
	return result, err
}

// Preview looks at a file and changes nothing, not even the list of imports. changed is
// called for each row that would change something, in the order of the file. Its errors are
// those of [Import].
func Preview(ctx context.Context, db *store.DB, by models.Actor, kind string, f File, changed func(PreviewChange) error) (Result, error) {
	f.Name = filepath.Base(f.Name)
	s := newStage(func(rows []*stagedRow) error {
		for _, r := range rows {
			if len(r.Changes) == 0 {
				continue
			}
			if err := changed(PreviewChange{Sheet: r.sheet, Row: r.number, Changes: r.Changes}); err != nil {
				return err
			}
		}
		return nil
	}, func(map[int32][]office.ImportNote) error { return nil })
	look := &pass{tx: db.View(ctx), by: by, first: newFirstPass(), stage: s}
	err := look.run(kind, f)
	return look.result, err
}

// PreviewChange is what a row of a file would change.
type PreviewChange struct {
	Sheet   string                `json:"sheet"`
	Row     int                   `json:"row"`
	Changes []office.ImportChange `json:"changes"`
}

// Kinds lists the kinds of file.
var Kinds = []string{Rooms, Tariffs, Arrears, Meters, Holidays}

func knownKind(kind string) bool { return slices.Contains(Kinds, kind) }

// shortName cuts a name to the width of its column; uploads may have names of
// any length.
func shortName(name string) string {
	if r := []rune(name); len(r) > 200 {
		return string(r[:200])
	}
	return name
}
