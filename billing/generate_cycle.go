package billing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// cycle bills an item by area or a fixed one.
func (r *run) cycle(room estate.Room, f fit) error {
	open, billed := r.openDays(room, f, r.known.billed[room.ID])
	if len(open) == 0 && billed {
		r.result.Billed++
	}
	for _, d := range open {
		principal, basis, err := charge(room, f, d, r.known.vacancies[room.ID])
		if err != nil {
			return err
		}
		if f.Method == fees.MethodArea && basis.Area == "" {
			r.result.NoFigure++
			r.oddity(fees.OddNoArea, room.ID, f.Item, 0)
			continue
		}
		if err := r.bill(room, f, d, principal, basis); err != nil {
			return err
		}
	}
	return nil
}

// charge is the principal for some days, and how it came about; without an area in
// the basis where the room has none and is charged by it.
func charge(room estate.Room, f fit, d days, vacancies []estate.Vacancy) (models.Fen, Basis, error) {
	months := MonthsOf(d.from, d.to)
	basis := Basis{Kind: f.Method, Price: figureText(f.price), Months: months.String(), Days: months.Broken()}
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
	if room.Occupancy == estate.Unsold && !f.unsold.Equal(one) {
		monthly = monthly.Mul(f.unsold)
		basis.Share = f.unsold.String()
	}
	if len(vacancies) == 0 || f.vacant.Equal(one) {
		fen, err := months.of(monthly)
		return fen, basis, err
	}
	lived, vacant := splitVacant(d, vacancies)
	if vacant.num > 0 {
		basis.VacantMonths, basis.VacantDays, basis.VacantShare = vacant.String(), vacant.Broken(), f.vacant.String()
	}
	fen, err := lived.ofShared(monthly, vacant, f.vacant)
	return fen, basis, err
}

var one = decimal.New(1, 0)

// splitVacant counts the days as months, apart: those on which the room is approved
// as vacant, and the others.
func splitVacant(d days, vacancies []estate.Vacancy) (lived, vacant Months) {
	lived, vacant = WholeMonths(0), WholeMonths(0)
	from := d.from
	for _, v := range vacancies { // earliest first
		empty := days{v.FromOn, v.ToOn}.within(days{from, d.to})
		if empty.empty() {
			continue
		}
		lived = lived.plus(MonthsOf(from, empty.from-1))
		vacant = vacant.plus(MonthsOf(empty.from, empty.to))
		from = empty.to + 1
	}
	return lived.plus(MonthsOf(from, d.to)), vacant
}
