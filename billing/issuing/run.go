package issuing

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// A billing run 账单批次 is the billing of a community for a period, kept as a
// [fees.BillingRun]:
//
//	drafting -> draft -> publishing -> published
//	                 \-> discarded  \-> changed -> drafting (what is not issued yet)
//
// Every step handles one batch of rooms in one transaction, under a lock of the run:
// a process that dies leaves the run where it was, and any other goes on from there.
// A draft issues nothing: no bill exists, so nothing of it can be seen or counted.
// What is published is computed again and held against the digest of the draft,
// batch by batch.

// Refusals of billing runs.
var (
	ErrRunOpen    = models.Refusal(models.KindConflict, "BILLING_RUN_OPEN", "该小区该账期已有未完成的账单批次，请先发布或放弃它")
	ErrRunState   = models.Refusal(models.KindConflict, "BILLING_RUN_STATE", "该账单批次的状态已经变化，请刷新后再看")
	ErrRunTooSoon = models.Invalid("PERIOD_TOO_FAR", "账期最多可以是十二个月以后")
)

// maxAhead is how many months ahead a period can be billed: a year that is paid
// before it begins.
const maxAhead = 12

// check tells whether bills of the period can be issued on a day at all.
func check(p calc.Period, today models.Date) error {
	year, month, _ := today.Parts()
	switch {
	case p.Year < 2000 || p.Month < 1 || p.Month > 12:
		return calc.ErrPeriod
	case p.First() > (calc.Period{Year: year, Month: month}).Plus(maxAhead).First():
		return ErrRunTooSoon
	}
	return nil
}

// RunRequest says what to bill.
type RunRequest struct {
	CommunityID string
	Period      calc.Period
	CatchUp     bool // see [GenerateOptions]
	AtOnce      bool // without a draft
}

// StartRun begins a run: one to be looked at first, or, at once, one that issues
// straight away. Nothing is computed yet: see [WorkRun]. An unfinished run of the
// community and period gives [ErrRunOpen], with that run.
func StartRun(ctx context.Context, db *store.DB, by models.Actor, q RunRequest) (fees.BillingRun, error) {
	r := fees.BillingRun{
		CommunityID: q.CommunityID, Period: q.Period.String(), Status: fees.RunDrafting, CatchUp: q.CatchUp, AtOnce: q.AtOnce, Items: "{}",
		Oddities: "{}",
	}
	if err := check(q.Period, db.Today()); err != nil {
		return r, err
	}
	if q.AtOnce {
		r.Status = fees.RunPublishing
		r.IssuedBy = by
	}
	added := false
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		added, err = fees.InsertRun(tx, by, &r)
		return err
	})
	if err != nil || added {
		return r, err
	}
	open, err := fees.OpenRun(db.View(ctx), q.CommunityID, r.Period)
	if err != nil { // it has ended in this moment: look again
		if errors.Is(err, models.ErrNotFound) {
			return StartRun(ctx, db, by, q)
		}
		return open, err
	}
	return open, ErrRunOpen
}

// PublishRun says that a draft is to be issued: [WorkRun] does it.
func PublishRun(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	return moveRun(ctx, db, id, []string{fees.RunDraft}, func(tx *store.Tx, r *fees.BillingRun) error {
		r.Status, r.AfterKey, r.RoomsDone, r.Note = fees.RunPublishing, "", 0, ""
		r.IssuedBy = by
		return office.Audit(tx, by, "billing_run.published", "billing_run", r.ID, map[string]any{
			"period": r.Period, "bills": r.Bills, "principal_fen": r.PrincipalFen,
		})
	})
}

// DiscardRun gives up a draft. Bills that were issued before it stopped stay.
func DiscardRun(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	return moveRun(ctx, db, id, []string{fees.RunDrafting, fees.RunDraft, fees.RunChanged}, func(tx *store.Tx, r *fees.BillingRun) error {
		r.Status = fees.RunDiscarded
		if r.IssuedBills > 0 {
			r.Status, r.PublishedAt = fees.RunPublished, tx.Now
		}
		return office.Audit(tx, by, "billing_run.discarded", "billing_run", r.ID, map[string]any{
			"period": r.Period, "issued": r.IssuedBills,
		})
	})
}

// RedraftRun looks anew at what is not issued yet of a draft, or of a run that
// stopped because the rooms, tariffs or readings have changed since.
func RedraftRun(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	return moveRun(ctx, db, id, []string{fees.RunDraft, fees.RunChanged}, func(tx *store.Tx, r *fees.BillingRun) error {
		if err := fees.DropDraft(tx, r.ID); err != nil {
			return err
		}
		last, rooms, err := fees.IssuedUpTo(tx, r.ID)
		if err != nil {
			return err
		}
		t, err := readTally(r)
		if err != nil {
			return err
		}
		t.redraft()
		r.Status, r.AfterKey, r.RoomsDone, r.Note, r.DraftedAt = fees.RunDrafting, last, rooms, "", models.Time{}
		r.Batches, r.Bills, r.PrincipalFen, r.Billed = r.BatchesIssued, r.IssuedBills, r.IssuedFen, 0
		if err := t.write(r); err != nil {
			return err
		}
		return office.Audit(tx, by, "billing_run.redrafted", "billing_run", r.ID, map[string]any{"period": r.Period})
	})
}

// moveRun changes a run that is in one of the states; in another one it gives
// [ErrRunState].
func moveRun(ctx context.Context, db *store.DB, id string, from []string, move func(tx *store.Tx, r *fees.BillingRun) error) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		r, err := fees.LockRun(tx, id)
		if err != nil {
			return err
		}
		for _, state := range from {
			if r.Status == state {
				if err := move(tx, &r); err != nil {
					return err
				}
				return fees.UpdateRun(tx, &r)
			}
		}
		return ErrRunState
	})
}

// WorkOptions says how [WorkRun] goes; the zero value is right.
type WorkOptions struct {
	BatchRooms int                  // rooms in one transaction, 1000 unless set
	Progress   func(GenerateResult) // called after each committed batch with its sums; may be nil
	For        time.Duration        // stop after the batch in which this real time is over; 0: go on to the end
}

// WorkRun takes a run on until it waits for somebody or is done: a draft is
// computed, a run that is being published issues its bills. Several may work on one
// run; each batch is done once. Stopped, by an error or the end of ctx, it can be
// called again.
func WorkRun(ctx context.Context, db *store.DB, id string, opts WorkOptions) error {
	if opts.BatchRooms <= 0 {
		opts.BatchRooms = 1000
	}
	began := models.RealNow()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var s *runStep
		err := db.Write(ctx, func(tx *store.Tx) (err error) {
			s = &runStep{tx: tx, size: opts.BatchRooms}
			return s.take(id)
		})
		if err != nil {
			return err
		}
		if s.worked && opts.Progress != nil {
			opts.Progress(s.result)
		}
		if s.idle || opts.For > 0 && models.RealNow().Sub(began.Time) > opts.For {
			return nil
		}
	}
}

// WorkRuns takes every unfinished run on, whoever began it: after a crash, or for
// staff who do not wait beside a page. It gives how many there were; one that fails
// does not hold up the others.
func WorkRuns(ctx context.Context, db *store.DB) (int, error) {
	runs, err := fees.UnfinishedRuns(db.View(ctx))
	if err != nil {
		return 0, err
	}
	for _, r := range runs {
		err = errors.Join(err, WorkRun(ctx, db, r.ID, WorkOptions{}))
	}
	return len(runs), err
}

// RunItem is what a run comes to for one fee item: as previewed, and as issued.
type RunItem struct {
	Bills        int        `json:"bills"`
	PrincipalFen models.Fen `json:"principal_fen"`
	IssuedBills  int        `json:"issued_bills"`
	IssuedFen    models.Fen `json:"issued_fen"`
}

// tally is a run's totals by item and its count of oddities by kind.
type tally struct {
	items map[string]RunItem
	odd   map[string]int
}

func readTally(r *fees.BillingRun) (t tally, err error) {
	if err = json.Unmarshal([]byte(r.Items), &t.items); err == nil {
		err = json.Unmarshal([]byte(r.Oddities), &t.odd)
	}
	return t, err
}

func (t tally) write(r *fees.BillingRun) error {
	items, err := json.Marshal(t.items)
	if err != nil {
		return err
	}
	odd, err := json.Marshal(t.odd)
	r.Items, r.Oddities = string(items), string(odd)
	return err
}

// redraft leaves of the preview what has been issued.
func (t tally) redraft() {
	for item, i := range t.items {
		i.Bills, i.PrincipalFen = i.IssuedBills, i.IssuedFen
		t.items[item] = i
		if i.IssuedBills == 0 {
			delete(t.items, item)
		}
	}
	clear(t.odd)
}

// RunItems gives a run's totals by fee item.
func RunItems(r fees.BillingRun) (map[string]RunItem, error) {
	t, err := readTally(&r)
	return t.items, err
}

// RunOddities gives how many oddities of each kind a run has.
func RunOddities(r fees.BillingRun) (map[string]int, error) {
	t, err := readTally(&r)
	return t.odd, err
}
