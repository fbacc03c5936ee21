package billing

import (
	"fmt"
	"slices"
	"strings"

	"wuyepay/models"
)

// fit is a tariff that fits a room, as it is for this room.
type fit struct {
	models.Tariff
	// special are the days on which a tariff of the same item for the room's own kind
	// holds, and goes before this one, which is for all kinds.
	special []days
}

// fitting gives the tariffs that hold for a room at some day of the year of the
// period.
//
// The room's own price and cycle go before the tariff's, for the property fee: the
// area item that is called so, or the only one there is. A room's price for
// management must not become its price for a shared pump.
func (r *run) fitting(room models.Room) []fit {
	year := r.period.cycleOf(models.CycleYear)
	special := map[string][]days{} // by item
	for _, f := range r.tariffs {
		if f.RoomKind != "" && f.RoomKind == room.Kind {
			special[f.Item] = append(special[f.Item], tariffDays(f))
		}
	}
	var out []fit
	areaItems := map[string]bool{}
	for _, f := range r.tariffs {
		if f.RoomKind != "" && f.RoomKind != room.Kind || !tariffDays(f).overlaps(year) {
			continue
		}
		x := fit{Tariff: f}
		if f.RoomKind == "" {
			x.special = special[f.Item]
		}
		out = append(out, x)
		if f.Method == models.MethodArea {
			areaItems[f.Item] = true
		}
	}
	for i := range out {
		f := &out[i]
		if f.Method != models.MethodArea || len(areaItems) > 1 && !strings.Contains(f.Item, "物业") {
			continue
		}
		if room.Price != "" {
			f.Price = room.Price
		}
		if room.Cycle != "" {
			f.Cycle = room.Cycle
		}
	}
	return out
}

// openDays gives the days to bill for a tariff in its cycle: those runs of days that
// begin in this period, on which the tariff holds, the room is handed over and no
// bill of the item is there. billed tells whether one is there.
func (r *run) openDays(room models.Room, f fit, bills []models.BillBrief) (open []days, billed bool) {
	rest := r.period.cycleOf(f.Cycle).within(tariffDays(f.Tariff)).within(days{room.HandedOverOn, forever})
	taken := slices.Clone(f.special)
	for _, b := range bills {
		covered := days{b.PeriodStart, b.PeriodEnd}
		if !b.Void && b.Item == f.Item && covered.overlaps(rest) {
			billed = true
			taken = append(taken, covered)
		}
	}
	if r.opts.CatchUp && !billed {
		rest.from = max(rest.from, r.period.First())
	}
	slices.SortFunc(taken, func(a, b days) int { return int(a.from - b.from) })
	add := func(d days) {
		if !d.empty() && d.from >= r.period.First() && d.from <= r.period.Last() {
			open = append(open, d)
		}
	}
	for _, t := range taken {
		add(days{rest.from, min(rest.to, t.from-1)})
		rest.from = max(rest.from, t.to+1)
	}
	add(rest)
	return open, billed
}

// cycle bills an item by area or a fixed one.
func (r *run) cycle(room models.Room, f fit, k known) error {
	open, billed := r.openDays(room, f, k.bills[room.ID])
	if len(open) == 0 && billed {
		r.result.Billed++
	}
	for _, d := range open {
		principal, basis, err := r.charge(room, f, d)
		if err != nil {
			return err
		}
		if err := r.bill(room, f.Tariff, d, principal, basis, k); err != nil {
			return err
		}
	}
	return nil
}

// charge is the principal for some days, and how it came about; 0 where the room
// has no area.
func (r *run) charge(room models.Room, f fit, d days) (models.Fen, Basis, error) {
	months := MonthsOf(d.from, d.to)
	price, err := parseFigure(f.Price)
	if err != nil {
		return 0, Basis{}, fmt.Errorf("price for room %s: %w", room.ID, err)
	}
	basis := Basis{Kind: f.Method, Price: figureText(price), Months: months.String(), Days: months.Broken()}
	if f.Method == models.MethodFixed {
		fen, err := Fixed(price, months)
		return fen, basis, err
	}
	area, err := parseFigure(room.Area)
	if err != nil {
		return 0, basis, fmt.Errorf("area of room %s: %w", room.ID, err)
	}
	if !area.IsPositive() {
		r.result.NoFigure++
		return 0, basis, nil
	}
	basis.Area = area.StringFixed(2)
	fen, err := ByArea(area, price, months)
	return fen, basis, err
}
