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

// GenerateOptions configures a billing run. The zero value is the default.
type GenerateOptions struct {
	// CatchUp also bills the rest of a cycle that began before the period, for
	// a room and fee item without any bill in that cycle. It is for the first
	// run of books that begin within a cycle. Without it such a room waits for
	// its next cycle, because the days before may have been paid elsewhere. For
	// example, books that begin in May with yearly fees from January bill May
	// to December only with CatchUp.
	CatchUp bool
	// Gaps also bills days before the period that no bill covers: [GapsNone],
	// [GapsSince] or [GapsAll].
	Gaps string
	// BatchRooms is the number of rooms in one transaction; 0 means 1000.
	BatchRooms int
	// Progress is called after each batch with the sums so far. It may be nil.
	Progress func(GenerateResult)
}

// GenerateResult holds what a billing run has added or, as a draft, would add.
type GenerateResult struct {
	Period calc.Period
	// Rooms is how many rooms were examined, Bills how many bills were added.
	Rooms        int
	Bills        int
	PrincipalFen models.Fen // their principal
	// OffsetFen is the part of the principal that prepayment paid at issue.
	OffsetFen models.Fen
	// Billed is how many fee items were skipped because their days are billed.
	Billed int
	// NoOwner is how many of the bills nobody owes yet.
	NoOwner int
	// NoTariff is how many rooms have no tariff.
	NoTariff int
	// NoFigure is how many fee items were skipped because the room has no area.
	NoFigure int
	// Summary counts each room once.
	Summary RunSummary
}

// GenerateBills issues the bills of a period as of today, for every community,
// in billing runs without a draft.
//
// Each room gets, for each tariff by area or of a fixed amount whose cycle
// begins in the period, one bill for the cycle. A cycle that begins late,
// because of a handover, a new tariff or a bill that covers its first months,
// is billed in the month of its first open day, from that day on, by days. Days
// that a bill of the room and item covers are never billed again.
//
// Meters are billed by the readings taken within the period, whatever the cycle
// of the tariff. A reading that is entered after the run is billed when its
// period is run again. Shared and one-off charges have no cycle and are not
// issued here.
//
// A run adds only what is missing, so repeating it adds nothing, and a run that
// was stopped continues where it stopped. Each batch of rooms is a transaction
// of its own. The result is what this call has committed, even if it returns an
// error. If staff have a draft open for a community and the period, the call
// stops with [ErrRunOpen].
func GenerateBills(ctx context.Context, db *store.DB, by models.Actor, period calc.Period, opts GenerateOptions) (GenerateResult, error) {
	result := GenerateResult{Period: period}
	if err := checkPeriod(period, db.Today()); err != nil {
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
	run, err := StartRun(ctx, db, by, RunRequest{CommunityID: communityID, Period: period, CatchUp: opts.CatchUp, AtOnce: true,
		Gaps: opts.Gaps})
	// If another process began the same run, both work on it.
	if err != nil && !(errors.Is(err, ErrRunOpen) && run.AtOnce) {
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

// add adds the sums of a committed batch. A batch that was rolled back, or
// repeated by the database, must not be added.
func (r *GenerateResult) add(b GenerateResult) {
	r.Rooms += b.Rooms
	r.Bills += b.Bills
	r.PrincipalFen = r.PrincipalFen.Plus(b.PrincipalFen)
	r.OffsetFen = r.OffsetFen.Plus(b.OffsetFen)
	r.Billed += b.Billed
	r.NoOwner += b.NoOwner
	r.NoTariff += b.NoTariff
	r.NoFigure += b.NoFigure
	r.Summary.add(b.Summary)
}
