package issuing

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// A billing run 账单批次 is the billing of a community for a period, stored as a
// [fees.BillingRun]:
//
//	drafting -> draft -> publishing -> published
//	                 \-> discarded  \-> changed -> drafting (what is not issued yet)
//
// Every step handles one batch of rooms in one transaction, under a lock of the run. A
// process that dies leaves the run where it was, and any other process continues from
// there. A draft issues nothing: no bill exists, so none of it can be seen or counted.
// When it is published, every batch is computed again and compared with the digest of
// the draft.

// Refusals of billing runs.
var (
	// ErrRunOpen: the community has an unfinished run for the period.
	ErrRunOpen = models.Refusal(models.KindConflict, "BILLING_RUN_OPEN", "该小区该账期已有未完成的账单批次，请先发布或放弃它")
	// ErrRunState: the run is not in the state for this step.
	ErrRunState = models.Refusal(models.KindConflict, "BILLING_RUN_STATE", "该账单批次的状态已经变化，请刷新后再看")
	// ErrRunTooSoon: the period is more than twelve months ahead.
	ErrRunTooSoon = models.Invalid("PERIOD_TOO_FAR", "账期最多可以是十二个月以后")
)

// maxAhead is how many months ahead a period can be billed: a year that is paid
// before it begins.
const maxAhead = 12

// checkPeriod returns [calc.ErrPeriod] for a period that is none, and
// [ErrRunTooSoon] for one more than twelve months ahead. In March 2026 the last
// period that can be billed is March 2027. Past periods are not limited, except
// to the years from 2000 on.
func checkPeriod(p calc.Period, today models.Date) error {
	year, month, _ := today.Parts()
	switch {
	case p.Year < 2000 || p.Month < 1 || p.Month > 12:
		return calc.ErrPeriod
	case p.First() > (calc.Period{Year: year, Month: month}).Plus(maxAhead).First():
		return ErrRunTooSoon
	}
	return nil
}

// RunRequest selects what to bill.
type RunRequest struct {
	CommunityID string
	Period      calc.Period
	// CatchUp is that of [GenerateOptions].
	CatchUp bool
	// AtOnce issues without a draft.
	AtOnce bool
	// Gaps is that of [GenerateOptions].
	Gaps string
}

// StartRun begins a run: as a draft or, with AtOnce, one that issues directly.
// Nothing is computed yet: see [WorkRun]. If the community has an unfinished
// run for the period, StartRun returns that run and [ErrRunOpen].
func StartRun(ctx context.Context, db *store.DB, by models.Actor, q RunRequest) (fees.BillingRun, error) {
	r := fees.BillingRun{
		CommunityID: q.CommunityID, Period: q.Period.String(), Status: fees.RunDrafting, CatchUp: q.CatchUp, AtOnce: q.AtOnce, Items: "{}",
		Oddities: "{}", Gaps: q.Gaps,
	}
	if err := validGaps(q.Gaps); err != nil {
		return r, err
	}
	if err := checkPeriod(q.Period, db.Today()); err != nil {
		return r, err
	}
	if q.AtOnce {
		r.Status = fees.RunPublishing
		r.IssuedBy = by
	}
	added := false
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		if added, err = fees.InsertRun(tx, by, &r); err != nil || !added {
			return err
		}
		// Unsold rooms that nobody owns are the developer's, so that no bill is owed by nobody.
		if err := estate.LockCommunity(tx, q.CommunityID); err != nil {
			return err
		}
		_, err = billing.HoldUnsold(tx, by, q.CommunityID)
		return err
	})
	if err != nil || added {
		return r, err
	}
	open, err := fees.OpenRun(db.View(ctx), q.CommunityID, r.Period)
	if err != nil { // the other run has just ended: try again
		if errors.Is(err, models.ErrNotFound) {
			return StartRun(ctx, db, by, q)
		}
		return open, err
	}
	return open, ErrRunOpen
}

// PublishRun releases a draft for issue; [WorkRun] issues it. The bills are
// issued in the name of by. It returns [ErrRunState] if the run is not a draft.
func PublishRun(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	return changeRun(ctx, db, id, []string{fees.RunDraft}, func(tx *store.Tx, r *fees.BillingRun) error {
		// What is issued already of a run that was redrafted stays counted as done.
		_, rooms, err := fees.IssuedUpTo(tx, r.ID)
		if err != nil {
			return err
		}
		r.Status, r.AfterKey, r.RoomsDone, r.Note = fees.RunPublishing, "", rooms, ""
		r.IssuedBy = by
		return office.Audit(tx, by, "billing_run.published", "billing_run", r.ID, map[string]any{
			"period": r.Period, "bills": r.Bills, "principal_fen": r.PrincipalFen,
		})
	})
}

// DiscardRun drops a draft. Bills that were issued before it stopped stay: then
// the run ends as published, with what it has issued. Either end allows a new
// run for the community and the period.
func DiscardRun(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	return changeRun(ctx, db, id, []string{fees.RunDrafting, fees.RunDraft, fees.RunChanged}, func(tx *store.Tx, r *fees.BillingRun) error {
		r.Status = fees.RunDiscarded
		if r.IssuedBills > 0 {
			r.Status, r.PublishedAt = fees.RunPublished, tx.Now
		}
		return office.Audit(tx, by, "billing_run.discarded", "billing_run", r.ID, map[string]any{
			"period": r.Period, "issued": r.IssuedBills,
		})
	})
}

// RedraftRun computes again what is not issued yet of a draft, or of a run that
// stopped because rooms, tariffs or readings had changed. It continues after
// the last room whose bills are issued.
func RedraftRun(ctx context.Context, db *store.DB, by models.Actor, id string) error {
	return changeRun(ctx, db, id, []string{fees.RunDraft, fees.RunChanged}, func(tx *store.Tx, r *fees.BillingRun) error {
		if err := redraft(tx, r); err != nil {
			return err
		}
		return office.Audit(tx, by, "billing_run.redrafted", "billing_run", r.ID, map[string]any{"period": r.Period})
	})
}

// BillGaps computes a draft again with the gaps that are chosen: [GapsSince] or [GapsAll]
// adds their bills to the draft, and [GapsNone] takes them out again. They are issued with
// the rest when it is published, each once.
func BillGaps(ctx context.Context, db *store.DB, by models.Actor, id, gaps string) error {
	if err := validGaps(gaps); err != nil {
		return err
	}
	return changeRun(ctx, db, id, []string{fees.RunDraft, fees.RunChanged}, func(tx *store.Tx, r *fees.BillingRun) error {
		r.Gaps = gaps
		if err := redraft(tx, r); err != nil {
			return err
		}
		return office.Audit(tx, by, "billing_run.gaps", "billing_run", r.ID, map[string]any{"period": r.Period, "gaps": gaps})
	})
}

// redraft sets a run back to what is issued of it. The rooms are counted anew: some may
// have come since the run began.
func redraft(tx *store.Tx, r *fees.BillingRun) error {
	if err := fees.DropDraft(tx, r.ID); err != nil {
		return err
	}
	last, rooms, err := fees.IssuedUpTo(tx, r.ID)
	if err != nil {
		return err
	}
	if r.RoomsTotal, err = fees.RoomsToBill(tx, r.CommunityID); err != nil {
		return err
	}
	t, err := readTally(r)
	if err != nil {
		return err
	}
	t.redraft()
	r.Status, r.AfterKey, r.RoomsDone, r.Note, r.DraftedAt = fees.RunDrafting, last, rooms, "", models.Time{}
	r.Batches, r.Bills, r.PrincipalFen, r.Billed = r.BatchesIssued, r.IssuedBills, r.IssuedFen, 0
	return t.write(r)
}

// changeRun changes a run that is in one of the given states. In any other
// state it returns [ErrRunState].
func changeRun(ctx context.Context, db *store.DB, id string, from []string, move func(tx *store.Tx, r *fees.BillingRun) error) error {
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

// WorkOptions configures [WorkRun]. The zero value is the default.
type WorkOptions struct {
	// BatchRooms is the number of rooms in one transaction; 0 means 1000.
	BatchRooms int
	// Progress is called with the sums of each committed batch. It may be nil.
	Progress func(GenerateResult)
	// For stops the work after the batch in which this much real time has
	// passed; 0 means no limit. A server uses it to take turns between runs.
	For time.Duration
}

// WorkRun continues a run until it is done or needs a decision: it computes a
// draft, or issues the bills of a run that is being published. Several
// processes may work on one run; each batch is done once. If it was stopped by
// an error or the end of ctx, it can be called again.
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
			return s.work(id)
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

// WorkRuns continues every unfinished run: after a crash, or for staff who do
// not wait on the page. It returns how many there were. A run that fails does
// not stop the others.
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

// RunItem holds the totals of a run for one fee item, as previewed and as
// issued.
type RunItem struct {
	Bills        int        `json:"bills"`
	PrincipalFen models.Fen `json:"principal_fen"`
	IssuedBills  int        `json:"issued_bills"`
	IssuedFen    models.Fen `json:"issued_fen"`
}

// tally holds a run's totals by fee item, its number of oddities by kind, and what became
// of the rooms.
type tally struct {
	items map[string]RunItem
	odd   map[string]int
	rooms *summaries
}

// readTally parses the totals that are stored with a run.
func readTally(r *fees.BillingRun) (t tally, err error) {
	t.rooms = &summaries{}
	if err = json.Unmarshal([]byte(r.Items), &t.items); err == nil {
		err = json.Unmarshal([]byte(r.Oddities), &t.odd)
	}
	if err == nil {
		t.rooms.Draft, t.rooms.Issued, err = RunSummaries(*r)
	}
	return t, err
}

// write stores the totals with the run.
func (t tally) write(r *fees.BillingRun) error {
	items, err := json.Marshal(t.items)
	if err != nil {
		return err
	}
	odd, err := json.Marshal(t.odd)
	if err != nil {
		return err
	}
	rooms, err := json.Marshal(t.rooms)
	r.Items, r.Oddities, r.Summary = string(items), string(odd), string(rooms)
	return err
}

// redraft resets the previewed totals to what has been issued.
func (t tally) redraft() {
	for item, i := range t.items {
		i.Bills, i.PrincipalFen = i.IssuedBills, i.IssuedFen
		t.items[item] = i
		if i.IssuedBills == 0 {
			delete(t.items, item)
		}
	}
	clear(t.odd)
	t.rooms.Draft = t.rooms.Issued
}

// RunItems returns a run's totals by fee item.
func RunItems(r fees.BillingRun) (map[string]RunItem, error) {
	t, err := readTally(&r)
	return t.items, err
}

// RunOddities returns a run's number of oddities by kind.
func RunOddities(r fees.BillingRun) (map[string]int, error) {
	t, err := readTally(&r)
	return t.odd, err
}
