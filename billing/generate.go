package billing

import (
	"context"
	"errors"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// GenerateOptions says how a billing run goes; the zero value is right.
type GenerateOptions struct {
	// CatchUp also bills the rest of a cycle that began before the period, for a
	// room and item without any bill in that cycle: for the first run of books that
	// begin in the middle of a cycle. Without it, such a room waits for its next
	// cycle, as what came before may have been paid elsewhere.
	CatchUp bool
	// BatchRooms is the number of rooms in one transaction, 500 unless set.
	BatchRooms int
	// Progress is called after each batch with the sums so far; may be nil.
	Progress func(GenerateResult)
}

// GenerateResult is what a billing run has added.
type GenerateResult struct {
	Period       Period
	Rooms        int        // rooms looked at
	Bills        int        // bills added
	PrincipalFen models.Fen // their principal
	OffsetFen    models.Fen // of that, paid from prepayment at once
	Billed       int        // items passed over because the days are billed already
	NoOwner      int        // of the bills added, those without anybody who owes them
	NoTariff     int        // rooms that no tariff fits
	NoFigure     int        // items passed over because the room has no area
}

// GenerateBills issues the bills of a period, as of the business day today.
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
// A run adds only what is missing, so a rerun adds nothing, and a run that was
// stopped is finished by running again. Each batch of rooms is one transaction;
// the result tells what has been committed, also beside an error.
func GenerateBills(ctx context.Context, db *models.DB, by models.Actor, period Period, opts GenerateOptions) (GenerateResult, error) {
	result := GenerateResult{Period: period}
	if period.Year < 2000 || period.Month < 1 || period.Month > 12 {
		return result, ErrPeriod
	}
	if opts.BatchRooms <= 0 {
		opts.BatchRooms = 500
	}
	communities, err := db.View(ctx).Communities("", maxCommunities)
	if err != nil {
		return result, err
	}
	for _, c := range communities {
		after := ""
		for more := true; more; {
			if err := ctx.Err(); err != nil {
				return result, err
			}
			var batch *run
			err := db.Write(ctx, func(tx *models.Tx) (err error) {
				batch = &run{tx: tx, by: by, period: period, opts: opts, community: c}
				return batch.rooms(after)
			})
			if err != nil {
				return result, err
			}
			result.add(batch.result)
			after, more = batch.last, batch.result.Rooms == opts.BatchRooms
			if opts.Progress != nil {
				opts.Progress(result)
			}
		}
	}
	return result, nil
}

// maxCommunities is all of them; a list must have a limit.
const maxCommunities = 100_000

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

// run is one batch of rooms of a community, inside its transaction.
type run struct {
	tx        *models.Tx
	by        models.Actor
	period    Period
	opts      GenerateOptions
	community models.Community

	tariffs []models.Tariff
	bills   []models.Bill
	last    string // code key of the batch's last room
	result  GenerateResult
}

// rooms bills the batch of rooms that comes after a code key.
func (r *run) rooms(after string) error {
	// Imports and other runs of the community wait: what is billed already stays
	// true until the commit. The unique key of the bills has the last word.
	if err := r.tx.LockCommunity(r.community.ID); err != nil {
		return err
	}
	rooms, err := r.tx.RoomsPage(r.community.ID, after, r.opts.BatchRooms)
	if err != nil || len(rooms) == 0 {
		return err
	}
	r.last, r.result.Rooms = rooms[len(rooms)-1].CodeKey, len(rooms)
	if r.tariffs, err = r.tx.Tariffs(r.community.ID); err != nil {
		return err
	}
	known, err := r.lookUp(rooms)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		if err := r.room(room, known); err != nil {
			return err
		}
	}
	return r.issue(rooms)
}

// known is what the rooms of a batch have.
type known struct {
	bills    map[string][]models.BillBrief // by room, those that touch the year
	holdings map[string][]models.Holding   // by room
	meters   map[string][]models.Meter     // by room
	readings map[string][]models.Reading   // by meter, of the period
}

// lookUp asks for all that the batch needs, in a handful of statements however
// many rooms there are.
func (r *run) lookUp(rooms []models.Room) (k known, err error) {
	ids := make([]string, len(rooms))
	for i, room := range rooms {
		ids[i] = room.ID
	}
	year := r.period.cycleOf(models.CycleYear) // every cycle of the period lies in it
	if k.bills, err = r.tx.BillBriefs(ids, year.from, year.to); err != nil {
		return k, err
	}
	if k.holdings, err = r.tx.HoldingsOfRooms(ids); err != nil {
		return k, err
	}
	meters, err := r.tx.MetersOfRooms(ids)
	if err != nil {
		return k, err
	}
	k.meters = make(map[string][]models.Meter, len(meters))
	meterIDs := make([]string, len(meters))
	for i, m := range meters {
		meterIDs[i] = m.ID
		k.meters[m.RoomID] = append(k.meters[m.RoomID], m)
	}
	k.readings, err = r.tx.ReadingsBetween(meterIDs, r.period.First(), r.period.Last())
	return k, err
}

// room computes the bills of one room.
func (r *run) room(room models.Room, k known) error {
	fits := r.fitting(room)
	if len(fits) == 0 {
		r.result.NoTariff++
		return nil
	}
	for _, f := range fits {
		var err error
		switch f.Method {
		case models.MethodArea, models.MethodFixed:
			err = r.cycle(room, f, k)
		case models.MethodMeter:
			err = r.metered(room, f, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// errBasis stops the run: a basis cut short would explain a bill wrongly.
var errBasis = errors.New("billing: basis of a bill is too long")

// parseFigure reads a figure that the books hold as text.
func parseFigure(s string) (decimal.Decimal, error) {
	if s == "" {
		return decimal.Zero, nil
	}
	return decimal.NewFromString(s)
}
