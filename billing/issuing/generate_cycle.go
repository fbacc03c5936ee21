package issuing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// cycle bills a fee item by area or of a fixed amount: one bill for each run of
// open days. A room without an area is noted and skipped; the others go on.
func (r *roomBatch) cycle(room estate.Room, f roomTariff) error {
	open, billed := r.openDays(room, f, r.known.billed[room.ID])
	if len(open) == 0 && billed {
		r.result.Billed++
		r.notes.billed = true
	}
	if cycle := r.period.CycleOf(f.cycle, f.CycleStart).Within(f.inForce); !cycle.Empty() && room.HandedOverOn > cycle.To {
		r.notes.notHandedOver = true
	}
	for _, d := range open {
		principal, basis, err := charge(room, f, d, r.known.vacancies[room.ID])
		if err != nil {
			return err
		}
		if f.Method == fees.MethodArea && basis.Area == "" {
			r.result.NoFigure++
			r.notes.noArea = true
			r.oddity(fees.OddNoArea, room.ID, f.Item, 0)
			continue
		}
		r.notes.free = r.notes.free || principal == 0
		if err := r.bill(room, f, d, principal, basis); err != nil {
			return err
		}
	}
	return nil
}

// charge returns the principal for some days and its basis. If the room is
// charged by area and has none, the area in the basis is empty and the
// principal 0.
//
// The formula is price x area x months, with the unsold share for an unsold
// room, and the vacant share for vacant months. It is rounded to fen once, at
// the end: rounding each month would let twelve monthly errors add up in a
// yearly bill.
func charge(room estate.Room, f roomTariff, d calc.Days, vacancies []estate.Vacancy) (models.Fen, calc.Basis, error) {
	months := calc.MonthsOf(d.From, d.To)
	basis := calc.Basis{Kind: f.Method, Price: calc.FigureText(f.price), Months: months.String(), Days: months.Broken()}
	monthly := f.price
	if f.Method == fees.MethodArea {
		area := decimal.Zero
		if room.Area != "" {
			var err error
			if area, err = decimal.NewFromString(room.Area); err != nil {
				return 0, basis, fmt.Errorf("area of room %s: %w", room.ID, err)
			}
		}
		if !area.IsPositive() {
			return 0, basis, nil
		}
		basis.Area = area.StringFixed(2)
		monthly = monthly.Mul(area)
	}
	if room.Occupancy == estate.Unsold && !f.unsold.Equal(calc.One) {
		monthly = monthly.Mul(f.unsold)
		basis.Share = f.unsold.String()
	}
	if len(vacancies) == 0 || f.vacant.Equal(calc.One) {
		fen, err := months.Of(monthly)
		return fen, basis, err
	}
	lived, vacant := splitVacant(d, vacancies)
	if vacant.Num > 0 {
		basis.VacantMonths, basis.VacantDays, basis.VacantShare = vacant.String(), vacant.Broken(), f.vacant.String()
	}
	fen, err := lived.OfShared(monthly, vacant, f.vacant)
	return fen, basis, err
}

// splitVacant divides days into months on which the room was approved as vacant
// and the others. For example, March with a vacancy from the 11th to the 20th
// is 21/31 occupied and 10/31 vacant.
func splitVacant(d calc.Days, vacancies []estate.Vacancy) (lived, vacant calc.Months) {
	lived, vacant = calc.WholeMonths(0), calc.WholeMonths(0)
	from := d.From
	for _, v := range vacancies { // earliest first
		empty := calc.Days{From: v.FromOn, To: v.ToOn}.Within(calc.Days{From: from, To: d.To})
		if empty.Empty() {
			continue
		}
		lived = lived.Plus(calc.MonthsOf(from, empty.From-1))
		vacant = vacant.Plus(calc.MonthsOf(empty.From, empty.To))
		from = empty.To + 1
	}
	return lived.Plus(calc.MonthsOf(from, d.To)), vacant
}
