package issuing

import (
	"errors"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// roomBatch computes, within a transaction, what a batch of rooms of a
// community is to be billed for a period. It changes nothing before
// [roomBatch.issue].
type roomBatch struct {
	tx      *store.Tx
	period  calc.Period // the month that is billed
	catchUp bool
	// gapsBilled says which gaps are billed, began is the first day of the books, and
	// horizon the month whose cycles are the last in which gaps are looked for.
	gapsBilled string
	began      models.Date
	horizon    calc.Period
	batchID    string // id of the billing run or charge, stored with its bills
	community  string // its id

	// What is read, and what is computed from it. bills are ordered by room; odd is what
	// staff should look at.
	tariffs   *tariffBook
	rooms     []estate.Room
	known     roomFacts
	meterBook meterBook
	bills     []fees.Bill
	odd       []fees.BillingOddity
	notes     roomNotes // of the room that is computed
	result    GenerateResult
}

// compute computes the bills of the rooms, and the totals in result. The same rooms,
// tariffs and readings result in the same bills in the same order, which [digest] relies
// on.
func (r *roomBatch) compute(rooms []estate.Room) error {
	r.rooms, r.result.Rooms = rooms, len(rooms)
	if len(rooms) == 0 {
		return nil
	}
	if r.tariffs == nil {
		list, err := fees.Tariffs(r.tx, r.community)
		if err != nil {
			return err
		}
		if r.tariffs, err = parseTariffs(list); err != nil {
			return err
		}
	}
	if err := r.load(); err != nil {
		return err
	}
	for _, room := range rooms {
		if err := r.room(room); err != nil {
			return err
		}
	}
	return r.finish()
}

// roomFacts holds what is known about the rooms of a batch.
type roomFacts struct {
	billed map[string][]fees.BillSpan  // by room, around the period
	covers map[string][]fees.BillCover // by room, at any time
	// everBilled are the bills of rooms with a hole between two of them, at any time.
	everBilled map[string][]fees.BillSpan
	vacancies  map[string][]estate.Vacancy // by room, approved ones
}

// load reads everything the batch needs, and only what its tariffs need. The
// number of statements does not depend on the number of rooms.
func (r *roomBatch) load() (err error) {
	ids := make([]string, len(r.rooms))
	for i, room := range r.rooms {
		ids[i] = room.ID
	}
	k := &r.known
	around := r.period.Around()
	if k.billed, err = fees.BillSpans(r.tx, ids, around.From, around.To); err != nil {
		return err
	}
	if err := r.loadGaps(ids); err != nil {
		return err
	}
	// All vacancies of before: gaps may lie anywhere.
	if k.vacancies, err = estate.VacanciesOfRooms(r.tx, ids, 1, around.To); err != nil || !r.tariffs.metered {
		return err
	}
	return r.loadMeters(ids)
}

// room computes the bills of one room. A tariff for shared costs or one-off charges
// makes no bill here: it holds the due date and the late-fee rule for a charge.
func (r *roomBatch) room(room estate.Room) error {
	mark := len(r.bills)
	r.notes = roomNotes{}
	if err := r.periodOf(room); err != nil {
		return err
	}
	if err := r.gaps(room, mark); err != nil {
		return err
	}
	r.notes.bills = len(r.bills) > mark
	r.result.Summary.count(r.notes)
	return nil
}

// periodOf computes the bills of one room for the period.
func (r *roomBatch) periodOf(room estate.Room) error {
	fits, err := r.tariffs.forRoom(room, r.period.Around())
	if err != nil {
		return err
	}
	if len(fits) == 0 {
		r.result.NoTariff++
		r.notes.noTariff = true
		r.oddity(fees.OddNoTariff, room.ID, "", 0)
		return nil
	}
	for _, f := range fits {
		switch f.Method {
		case fees.MethodArea, fees.MethodFixed:
			err = r.cycle(room, f)
		case fees.MethodMeter:
			err = r.metered(room, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// finish sets who owes the bills. It reads owners only of rooms with a new
// bill, so that a run that has nothing to do is quick.
func (r *roomBatch) finish() error {
	if len(r.bills) == 0 {
		return nil
	}
	ids := roomsOfBills(r.bills)
	held, err := estate.TenurePeriods(r.tx, ids)
	if err != nil {
		return err
	}
	for i := range r.bills {
		b := &r.bills[i]
		if b.OwnerID = billing.OwnerOf(held[b.RoomID], calc.Days{From: b.PeriodStart, To: b.PeriodEnd}); b.OwnerID == "" {
			r.result.NoOwner++
			r.oddity(fees.OddNoOwner, b.RoomID, b.Item, b.PrincipalFen)
		}
		r.result.PrincipalFen = r.result.PrincipalFen.Plus(b.PrincipalFen)
	}
	r.result.Bills = len(r.bills)
	return r.unusual(ids)
}

// roomsOfBills returns the rooms of bills that are ordered by room.
func roomsOfBills(bills []fees.Bill) (ids []string) {
	for i := range bills {
		if i == 0 || bills[i].RoomID != bills[i-1].RoomID {
			ids = append(ids, bills[i].RoomID)
		}
	}
	return ids
}

// errBasis stops the run: a basis that was cut off would explain a bill
// wrongly.
var errBasis = errors.New("billing: basis of a bill is too long")
