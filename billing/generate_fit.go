package billing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// tariff is a version of a tariff with its texts read, once for many rooms.
type tariff struct {
	fees.Tariff
	price  decimal.Decimal
	tiers  Tiers
	vacant decimal.Decimal // share of the price on vacant days
	unsold decimal.Decimal // share of the price for unsold rooms
	held   days
	late   fees.Bill // only its late-fee rule, as a bill keeps it
}

// usualVacantShare is what owners pay for a room by area that is approved as
// vacant, unless the tariff says otherwise.
var usualVacantShare = decimal.New(7, -1)

func openTariff(f fees.Tariff) (*tariff, error) {
	t := &tariff{Tariff: f, held: tariffDays(f), vacant: decimal.New(1, 0), unsold: decimal.New(1, 0)}
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
		if t.tiers, err = ParseTiers(f.Tiers); err != nil {
			return nil, fmt.Errorf("tiers of tariff %s: %w", f.ID, err)
		}
	}
	return t, nil
}

// tariffBook is the tariffs of a community.
type tariffBook struct {
	general []*tariff
	single  map[string][]*tariff // by room
	metered bool                 // some are by meter
}

func openTariffs(list []fees.Tariff) (*tariffBook, error) {
	b := &tariffBook{single: map[string][]*tariff{}}
	for _, f := range list {
		t, err := openTariff(f)
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

// fit is a tariff that fits a room, as it is for this room.
type fit struct {
	*tariff
	cycle string // the room's own, or the tariff's
	// special are the days on which a tariff of the same item for the room alone, or
	// for its kind, goes before this one.
	special []days
}

// fitting gives the tariffs that hold for a room at some of the days.
//
// The room's own price and cycle go before the tariff's, for the property fee: the
// area item that is called so, or the only one there is. A room's price for
// management must not become its price for a shared pump, and a tariff for the room
// alone is more particular than both.
func (b *tariffBook) fitting(room estate.Room, at days) ([]fit, error) {
	single := b.single[room.ID]
	var out []fit
	areaItem, areaItems := "", 0
	add := func(t *tariff, special []days) {
		if !t.held.overlaps(at) {
			return
		}
		out = append(out, fit{tariff: t, cycle: t.Cycle, special: special})
		if t.Method == fees.MethodArea && t.Item != areaItem {
			areaItem, areaItems = t.Item, areaItems+1
		}
	}
	for _, t := range b.general {
		if t.RoomKind != "" && t.RoomKind != room.Kind {
			continue
		}
		var special []days
		for _, s := range single {
			if s.Item == t.Item {
				special = append(special, s.held)
			}
		}
		if t.RoomKind == "" {
			for _, k := range b.general {
				if k.Item == t.Item && k.RoomKind != "" && k.RoomKind == room.Kind {
					special = append(special, k.held)
				}
			}
		}
		add(t, special)
	}
	for _, t := range single {
		add(t, nil)
	}
	if room.Price != "" || room.Cycle != "" {
		return out, ownTerms(room, out, areaItems > 1)
	}
	return out, nil
}

// ownTerms lets the room's own price and cycle go before those of its tariffs.
func ownTerms(room estate.Room, fits []fit, several bool) error {
	for i := range fits {
		f := &fits[i]
		if f.Method != fees.MethodArea || f.RoomID != "" || several && !strings.Contains(f.Item, "物业") {
			continue
		}
		if room.Cycle != "" {
			f.cycle = room.Cycle
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
		f.tariff = &t
	}
	return nil
}

// openDays gives the days to bill for a tariff in its cycle: those runs of days that
// begin in this period, on which the tariff holds, the room is handed over and no
// bill of the item is there. billed tells whether one is there.
func (r *run) openDays(room estate.Room, f fit, bills []fees.BillSpan) (open []days, billed bool) {
	rest := r.period.cycleOf(f.cycle, f.CycleStart).within(f.held).within(days{room.HandedOverOn, forever})
	if rest.empty() {
		return nil, false
	}
	taken := slices.Clone(f.special)
	for _, b := range bills {
		covered := days{b.From, b.To}
		if b.Item == f.Item && covered.overlaps(rest) {
			billed = true
			taken = append(taken, covered)
		}
	}
	if r.catchUp && !billed {
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
