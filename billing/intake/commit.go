package intake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of what is asked of a run.
var (
	// ErrRunState: the run is not in a state in which that can be done.
	ErrRunState = models.Refusal(models.KindConflict, "IMPORT_STATE", "该导入的状态已经变化，请看现在的状态")
	// ErrRunMistakes: a file with mistakes is not taken in.
	ErrRunMistakes = models.Refusal(models.KindUnprocessable, "IMPORT_MISTAKES", "文件有错误，不能导入。请修改后重新上传")
)

// Commit has a checked run written to the books. The [Worker] does it, in steps.
func Commit(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	run, err := office.ImportRunByID(db.View(ctx), id)
	switch {
	case err != nil:
		return err
	case run.State == office.ImportRefused:
		return ErrRunMistakes
	case run.State != office.ImportChecked:
		return ErrRunState
	}
	return asState(change(ctx, db, &run, func(tx *store.Tx) error {
		run.State, run.Committed, run.QueuedAt = office.ImportCommitting, by, models.RealNow()
		return office.Audit(tx, by, "import.committed", "import", run.ID, map[string]any{"kind": run.Kind, "rows": run.RowsRead})
	}))
}

// Discard throws a preview away. A run that is being written is stopped: what was written
// is taken back.
func Discard(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	run, err := office.ImportRunByID(db.View(ctx), id)
	if err != nil {
		return err
	}
	return asState(change(ctx, db, &run, func(tx *store.Tx) error {
		switch run.State {
		case office.ImportUploaded, office.ImportChecked, office.ImportRefused:
			run.State, run.QueuedAt = office.ImportDiscarded, models.Time{}
		case office.ImportCommitting:
			run.State, run.QueuedAt = office.ImportUndoing, models.RealNow()
			run.Note = "由" + by.Name + "中止"
		default:
			return ErrRunState
		}
		return office.Audit(tx, by, "import.discarded", "import", run.ID, nil)
	}))
}

func asState(err error) error {
	if errors.Is(err, errLost) {
		return ErrRunState
	}
	return err
}

// errConflict means that a row that the preview found right is a mistake now.
var errConflict = errors.New("intake: the books have changed since the preview")

// commit writes a run to the books: a transaction for each batch of rows, so that payments
// come in between. What each has done is kept in the same transaction, so that a program
// that was killed goes on where it was, and a run that cannot go on is taken back whole.
type commit struct {
	ctx   context.Context
	db    *store.DB
	run   *office.ImportRun
	renew func(tx *store.Tx) error
	steps int // begun in this reading of the file
	rows  int // of these
}

// commitRun writes a run and ends as done, or begins to take it back and returns the
// mistakes that it met.
func commitRun(ctx context.Context, db *store.DB, run *office.ImportRun, first *firstPass, renew func(*store.Tx) error) (Result, error) {
	first, err := firstOf(ctx, db, run, first)
	if err != nil {
		return Result{}, err
	}
	c := &commit{ctx: ctx, db: db, run: run, renew: renew}
	p := &pass{tx: db.View(ctx), by: run.Committed, write: true, first: first, commit: c}
	resumed := run.Blocks > 0
	err = p.run(run.Kind, fileOf(db.View(ctx), *run))
	switch {
	case errors.Is(err, errConflict), refuses(err):
		return p.result, c.giveUp(p, err)
	case err != nil:
		return p.result, err
	}
	if resumed {
		p.result = resultOf(*run)
	}
	return p.result, change(ctx, db, run, func(tx *store.Tx) error {
		run.State, run.DoneAt, run.QueuedAt, run.RowsDone = office.ImportDone, tx.Now, models.Time{}, run.RowsRead
		if err := office.ReleaseImportHolds(tx, run.ID); err != nil || run.Blocks == 0 {
			return err
		}
		return office.KeepImport(tx, run.Committed, &office.Import{ID: run.ID, Kind: run.Kind, FileName: run.FileName, SHA256: run.SHA256,
			RowsRead: p.result.Read, RowsAdded: p.result.Added, RowsChanged: p.result.Changed, Warnings: run.Warnings})
	})
}

// firstOf returns what the writing pass must know of the whole file: from block 0 if the
// run was begun before, otherwise by one more look, because the books may have changed
// since the preview.
func firstOf(ctx context.Context, db *store.DB, run *office.ImportRun, looked *firstPass) (*firstPass, error) {
	first := newFirstPass()
	err := office.ReadImportBlock(db.View(ctx), run.ID, 0, &first.phones)
	if err == nil || !errors.Is(err, models.ErrNotFound) {
		return first, err
	}
	if looked == nil {
		look := &pass{tx: db.View(ctx), by: run.Committed, first: first}
		if err := look.run(run.Kind, fileOf(db.View(ctx), *run)); err != nil && !refuses(err) {
			return nil, err
		}
		first.met = look.communityIDs()
		looked = first
	}
	first = looked
	return first, db.Write(ctx, func(tx *store.Tx) error {
		// What the look finds wrong, the writing pass finds again and reports.
		for _, id := range slices.Sorted(maps.Keys(first.met)) {
			if err := estate.LockCommunityFor(tx, id, run.ID); err != nil {
				return err
			}
		}
		return office.InsertImportBlock(tx, run.ID, 0, 0, first.phones)
	})
}

// communityIDs returns the communities that a pass has met.
func (p *pass) communityIDs() map[string]bool {
	out := maps.Clone(p.met)
	for _, c := range p.communities {
		if c.ID != "" {
			out[c.ID] = true
		}
	}
	return out
}

// step runs fn, which writes so many rows, in a transaction of its own. A comparing pass
// only runs it.
func (p *pass) step(rows int, fn func() error) error {
	if p.commit == nil {
		return fn()
	}
	c := p.commit
	c.steps++
	c.rows += rows
	if c.steps <= c.run.Blocks {
		p.skipped = true // it was written before a restart
		return nil
	}
	before, begun := p.mark(), models.RealNow()
	err := change(c.ctx, c.db, c.run, func(tx *store.Tx) error {
		p.reset(before)
		p.tx, p.locked, p.rec = tx, map[string]bool{}, newRecorder(tx)
		if err := fn(); err != nil {
			return err
		}
		if len(p.mistakes) > 0 {
			return errConflict
		}
		effects, err := p.rec.end()
		if err != nil {
			return err
		}
		c.run.Blocks, c.run.RowsDone = c.steps, min(c.rows, c.run.RowsRead)
		b := block{Communities: slices.Sorted(maps.Keys(p.locked)), Effects: effects}
		if err := office.InsertImportBlock(tx, c.run.ID, c.steps, c.rows, b); err != nil {
			return err
		}
		return c.renew(tx)
	})
	p.tx, p.rec = c.db.View(c.ctx), nil
	if err == nil && !c.db.OnMySQL() {
		err = rest(c.ctx, models.RealNow().Sub(begun.Time))
	}
	return err
}

// mostRest bounds the rest after a step.
const mostRest = 200 * time.Millisecond

// rest waits for as long as a step has taken. SQLite has one writer: inside a process its
// turns are first come, first served, but another process, such as a server beside the
// import command, gets hold of it only in a gap.
func rest(ctx context.Context, step time.Duration) error {
	pause := time.NewTimer(min(step, mostRest))
	defer pause.Stop()
	select {
	case <-pause.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// passMark is what a transaction that is repeated must find as it was.
type passMark struct {
	communities map[string]estate.Community
	mistakes    sheet.Mistakes
	result      Result
}

func (p *pass) mark() passMark {
	return passMark{communities: maps.Clone(p.communities), mistakes: slices.Clone(p.mistakes), result: p.result}
}

func (p *pass) reset(m passMark) {
	p.communities, p.mistakes, p.result = maps.Clone(m.communities), slices.Clone(m.mistakes), m.result
}

// giveUp turns a run that met a conflict to being taken back, with the rows named. The
// error is the mistakes.
func (c *commit) giveUp(p *pass, cause error) error {
	late := map[int32][]office.ImportNote{}
	for _, m := range p.mistakes {
		late[m.Place()] = append(late[m.Place()], office.ImportNote{At: -1, Column: m.Column, Cell: m.Cell, Reason: m.Reason})
	}
	if err := amendRows(c.ctx, c.db, c.run.ID, late); err != nil {
		return err
	}
	err := change(c.ctx, c.db, c.run, func(*store.Tx) error {
		c.run.State = office.ImportUndoing
		c.run.Note = "预览之后资料有变化，没有导入"
		if len(p.mistakes) > 0 {
			c.run.Note = store.CutRunes(fmt.Sprintf("预览之后资料有变化，没有导入：%s", p.mistakes[0]), 500)
		}
		return nil
	})
	if len(p.mistakes) > 0 {
		cause = p.mistakes
	}
	return errors.Join(err, cause)
}

// resultOf returns the counts of a run as a result.
func resultOf(run office.ImportRun) Result {
	return Result{Kind: run.Kind, Read: run.RowsRead, Added: run.RowsAdded, Changed: run.RowsChanged, Unchanged: run.RowsUnchanged,
		Wrong: run.RowsWrong, LeftOut: run.RowsLeftOut, WarningCount: run.Warnings, Taken: Sums{OutstandingFen: run.AmountFen}}
}
