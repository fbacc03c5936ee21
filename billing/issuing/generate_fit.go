package issuing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// tariff is a version of a tariff with its texts parsed, once for many rooms.
type tariff struct {
	fees.Tariff
	kind    string // key of the kind of room; empty: all kinds
	price   decimal.Decimal
	tiers   calc.Tiers
	vacant  decimal.Decimal // share of the price on vacant days
	unsold  decimal.Decimal // share of the price for unsold rooms
	inForce calc.Days
	late    fees.Bill // holds only the late-fee rule, as a bill stores it
}

// usualVacantShare is the share that a vacant room pays by area, unless the
// tariff states another one.
var usualVacantShare = decimal.New(7, -1)

// parseTariff parses the figures of a tariff. They were validated when it was
// added, so an error is a fault of the books.
// Shares that the tariff leaves empty are 1: the full price. Only a price by area
// has another default for vacant days, [usualVacantShare].
func parseTariff(f fees.Tariff) (*tariff, error) {
	t := &tariff{Tariff: f, kind: models.NameKey(f.RoomKind), inForce: calc.TariffDays(f), vacant: decimal.New(1, 0),
		unsold: decimal.New(1, 0)}
	if f.Method == fees.MethodArea {
		t.vacant = usualVacantShare
	}
	for _, figure := range []struct {
		text string
		to   *decimal.Decimal
	}{{f.Price, &t.price}, {f.VacantShare, &t.vacant}, {f.UnsoldShare, &t.unsold}} {
		if figure.text == "" {
			continue
		}
		d, err := decimal.NewFromString(figure.text)
		if err != nil {
			return nil, fmt.Errorf("figure of tariff %s: %w", f.ID, err)
		}
		*figure.to = d
	}
	rule, err := f.LateRule()
	if err != nil {
		return nil, fmt.Errorf("late fee rule of tariff %s: %w", f.ID, err)
	}
	t.late.SetLateRule(rule)
	if f.Tiers != "" {
		if t.tiers, err = calc.ParseTiers(f.Tiers); err != nil {
			return nil, fmt.Errorf("tiers of tariff %s: %w", f.ID, err)
		}
	}
	return t, nil
}

// tariffBook holds the tariffs of a community, all versions of all items. general
// are those for all rooms or for a kind of room.
type tariffBook struct {
	general []*tariff
	single  map[string][]*tariff // by room
	metered bool                 // reports whether any tariff is by meter
}

// parseTariffs builds the book of a community.
func parseTariffs(list []fees.Tariff) (*tariffBook, error) {
	b := &tariffBook{single: map[string][]*tariff{}}
	for _, f := range list {
		t, err := parseTariff(f)
		if err != nil {
			return nil, err
		}
		b.metered = b.metered || f.Method == fees.MethodMeter
		if f.RoomID == "" {
			b.general = append(b.general, t)
		} else {
			b.single[f.RoomID] = append(b.single[f.RoomID], t)
		}
	}
	return b, nil
}

// roomTariff is a tariff as it applies to one room.
type roomTariff struct {
	*tariff
	cycle string // the room's own cycle, or the tariff's
	// ownPrice and ownCycle report that these are the room's own.
	ownPrice, ownCycle bool
	// overridden are the days on which a tariff of the same item for this room,
	// or for its kind, takes precedence over this one.
	overridden []calc.Days
}

// forRoom returns the tariffs that are in force for a room on some of the days.
//
// A room's own price and cycle take precedence over the tariff's for the
// property fee only: the area item whose name contains 物业, or the only area
// item there is. A room's price for management must not become its price for a
// shared pump. A tariff for the room alone is more specific than both.
func (b *tariffBook) forRoom(room estate.Room, at calc.Days) ([]roomTariff, error) {
	single := b.single[room.ID]
	var out []roomTariff
	areaItem, areaItems := "", 0
	// Tariffs outside the days are dropped before area items are counted: a price that has
	// ended must not decide whether the room's own price applies.
	add := func(t *tariff, overridden []calc.Days) {
		if !t.inForce.Overlaps(at) {
			return
		}
		out = append(out, roomTariff{tariff: t, cycle: t.Cycle, overridden: overridden})
		if t.Method == fees.MethodArea && t.Item != areaItem {
			areaItem, areaItems = t.Item, areaItems+1
		}
	}
	kind := models.NameKey(room.Kind)
	for _, t := range b.general {
		if t.kind != "" && t.kind != kind {
			continue
		}
		var overridden []calc.Days
		for _, s := range single {
			if s.Item == t.Item {
				overridden = append(overridden, s.inForce)
			}
		}
		if t.kind == "" {
			for _, k := range b.general {
				if k.Item == t.Item && k.kind != "" && k.kind == kind {
					overridden = append(overridden, k.inForce)
				}
			}
		}
		add(t, overridden)
	}
	for _, t := range single {
		add(t, nil)
	}
	if room.Price != "" || room.Cycle != "" {
		return out, applyRoomTerms(room, out, areaItems > 1)
	}
	return out, nil
}

// applyRoomTerms sets the room's own price and cycle where they take
// precedence.
func applyRoomTerms(room estate.Room, fits []roomTariff, several bool) error {
	for i := range fits {
		f := &fits[i]
		if f.Method != fees.MethodArea || f.RoomID != "" || several && !strings.Contains(f.Item, "物业") {
			continue
		}
		if room.Cycle != "" {
			f.cycle, f.ownCycle = room.Cycle, true
		}
		if room.Price == "" {
			continue
		}
		price, err := decimal.NewFromString(room.Price)
		if err != nil {
			return fmt.Errorf("price of room %s: %w", room.ID, err)
		}
		t := *f.tariff
		t.price = price
		f.tariff, f.ownPrice = &t, true
	}
	return nil
}

// openDays returns the days to bill for a tariff in its cycle: the runs of days
// that begin in this period, on which the tariff is in force, the room is
// handed over and no bill of the item exists. billed reports whether a bill
// exists in the cycle.
func (r *roomBatch) openDays(room estate.Room, f roomTariff, bills []fees.BillSpan) (open []calc.Days, billed bool) {
	rest := r.period.CycleOf(f.cycle, f.CycleStart).Within(f.inForce).Within(calc.Days{From: room.HandedOverOn, To: calc.Forever})
	if rest.Empty() {
		return nil, false
	}
	taken := slices.Clone(f.overridden)
	for _, b := range bills {
		covered := calc.Days{From: b.From, To: b.To}
		if b.Item == f.Item && covered.Overlaps(rest) {
			billed = true
			taken = append(taken, covered)
		}
	}
	// Without catching up, the part of the cycle before the period counts as paid
	// elsewhere, and is cut off below because it does not begin in the period. For
	// example, a yearly fee from January without a bill, in the run of May: open days
	// begin on 1 January, so nothing is billed; with catching up, 1 May to 31 December.
	if r.catchUp && !billed {
		rest.From = max(rest.From, r.period.First())
	}
	slices.SortFunc(taken, func(a, b calc.Days) int { return int(a.From - b.From) })
	add := func(d calc.Days) {
		if !d.Empty() && d.From >= r.period.First() && d.From <= r.period.Last() {
			open = append(open, d)
		}
	}
	for _, t := range taken {
		add(calc.Days{From: rest.From, To: min(rest.To, t.From-1)})
		rest.From = max(rest.From, t.To+1)
	}
	add(rest)
	return open, billed
}
