package issuing

import (
	"errors"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// roomBatch is one batch of rooms of a community, inside its transaction: what they are
// to be billed for a period. It changes nothing until [run.issue].
type roomBatch struct {
	tx        *store.Tx
	period    calc.Period
	catchUp   bool
	batchID   string // of the billing run, for its bills
	community string // id

	tariffs   *tariffBook
	rooms     []estate.Room
	known     known
	meterBook meterBook
	bills     []fees.Bill
	odd       []fees.BillingOddity
	result    GenerateResult
}

// compute finds the bills of the rooms.
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
		if r.tariffs, err = openTariffs(list); err != nil {
			return err
		}
	}
	if err := r.lookUp(); err != nil {
		return err
	}
	for _, room := range rooms {
		if err := r.room(room); err != nil {
			return err
		}
	}
	return r.finish()
}

// known is what the rooms of a batch have.
type known struct {
	billed    map[string][]fees.BillSpan  // by room, around the period
	vacancies map[string][]estate.Vacancy // by room, approved
}

// lookUp asks for all that the batch needs, in a handful of statements however
// many rooms there are, and only for what the tariffs ask about.
func (r *roomBatch) lookUp() (err error) {
	ids := make([]string, len(r.rooms))
	for i, room := range r.rooms {
		ids[i] = room.ID
	}
	k := &r.known
	around := r.period.Around()
	if k.billed, err = fees.BillSpans(r.tx, ids, around.From, around.To); err != nil {
		return err
	}
	if k.vacancies, err = estate.VacanciesOfRooms(r.tx, ids, around.From, around.To); err != nil || !r.tariffs.metered {
		return err
	}
	return r.lookUpMeters(ids)
}

// room computes the bills of one room.
func (r *roomBatch) room(room estate.Room) error {
	fits, err := r.tariffs.fitting(room, r.period.Around())
	if err != nil {
		return err
	}
	if len(fits) == 0 {
		r.result.NoTariff++
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

// finish names who owes the bills. Nobody is looked up for rooms without a new
// bill: a run that finds nothing to do is to be quick.
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

// roomsOfBills gives the rooms of bills that are in order of their rooms.
func roomsOfBills(bills []fees.Bill) (ids []string) {
	for i := range bills {
		if i == 0 || bills[i].RoomID != bills[i-1].RoomID {
			ids = append(ids, bills[i].RoomID)
		}
	}
	return ids
}

// errBasis stops the run: a basis cut short would explain a bill wrongly.
var errBasis = errors.New("billing: basis of a bill is too long")
