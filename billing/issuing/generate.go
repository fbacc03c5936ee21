package issuing

import (
	"context"
	"errors"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// GenerateOptions says how a billing run goes; the zero value is right.
type GenerateOptions struct {
	// CatchUp also bills the rest of a cycle that began before the period, for a
	// room and item without any bill in that cycle: for the first run of books that
	// begin in the middle of a cycle. Without it, such a room waits for its next
	// cycle, as what came before may have been paid elsewhere.
	CatchUp bool
	// BatchRooms is the number of rooms in one transaction, 1000 unless set.
	BatchRooms int
	// Progress is called after each batch with the sums so far; may be nil.
	Progress func(GenerateResult)
}

// GenerateResult is what a billing run has added, or would add while it is a draft.
type GenerateResult struct {
	Period       calc.Period
	Rooms        int        // rooms looked at
	Bills        int        // bills added
	PrincipalFen models.Fen // their principal
	OffsetFen    models.Fen // of that, paid from prepayment at once
	Billed       int        // items passed over because the days are billed already
	NoOwner      int        // of the bills added, those without anybody who owes them
	NoTariff     int        // rooms that no tariff fits
	NoFigure     int        // items passed over because the room has no area
}

// GenerateBills issues the bills of a period, as of the business day today: for
// each community a billing run without a draft.
//
// For each room and each tariff by area or fixed whose cycle begins in the period
// there is one bill for the cycle; a cycle that begins late (handover, a new
// tariff, a bill that covers its first months) is billed in the month in which its
// first open day lies, from that day on, by days. Days that a bill of the room and
// item covers are never billed again. Meters are billed by the readings taken
// inside the period, whatever the tariff's cycle: a reading that comes in after the
// run is billed by running its period once more. Shared and one-off items are not
// of a cycle, and not issued here.
//
// A run adds only what is missing, so a rerun adds nothing; a run that was stopped
// goes on where it stopped. Each batch of rooms is one transaction; the result
// tells what this call has committed, also beside an error. A draft that staff have
// open for a community and the period stops the call with [ErrRunOpen].
func GenerateBills(ctx context.Context, db *store.DB, by models.Actor, period calc.Period, opts GenerateOptions) (GenerateResult, error) {
	result := GenerateResult{Period: period}
	if err := check(period, db.Today()); err != nil {
		return result, err
	}
	communities, err := estate.Communities(db.View(ctx), "", billing.MaxCommunities)
	if err != nil {
		return result, err
	}
	all := opts
	all.Progress = nil
	for _, c := range communities {
		if opts.Progress != nil {
			before := result
			all.Progress = func(so GenerateResult) {
				sum := before
				sum.add(so)
				opts.Progress(sum)
			}
		}
		one, err := BillCommunity(ctx, db, by, c.ID, period, all)
		result.add(one)
		if err != nil {
			return result, err
		}
	}
	return result, nil
}

// BillCommunity is [GenerateBills] for one community.
func BillCommunity(ctx context.Context, db *store.DB, by models.Actor, communityID string, period calc.Period,
	opts GenerateOptions) (GenerateResult, error) {
	result := GenerateResult{Period: period}
	run, err := StartRun(ctx, db, by, RunRequest{CommunityID: communityID, Period: period, CatchUp: opts.CatchUp, AtOnce: true})
	if err != nil && !(errors.Is(err, ErrRunOpen) && run.AtOnce) { // another call began the same: help it
		return result, err
	}
	err = WorkRun(ctx, db, run.ID, WorkOptions{BatchRooms: opts.BatchRooms, Progress: func(step GenerateResult) {
		result.add(step)
		if opts.Progress != nil {
			opts.Progress(result)
		}
	}})
	return result, err
}

// add takes the sums of a committed batch. A batch that was rolled back, or begun
// anew by the database, never gets here.
func (r *GenerateResult) add(b GenerateResult) {
	r.Rooms += b.Rooms
	r.Bills += b.Bills
	r.PrincipalFen = r.PrincipalFen.Plus(b.PrincipalFen)
	r.OffsetFen = r.OffsetFen.Plus(b.OffsetFen)
	r.Billed += b.Billed
	r.NoOwner += b.NoOwner
	r.NoTariff += b.NoTariff
	r.NoFigure += b.NoFigure
}
