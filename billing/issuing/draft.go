package issuing

import (
	"slices"

	"wuyepay/billing/calc"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// Drafter computes what billing runs of a community would issue, by the same code, and
// issues nothing. It reads the tariffs once.
type Drafter struct {
	tx        *store.Tx
	community string
	book      *tariffBook
}

// NewDrafter returns the drafter of a community, as its tariffs are now.
func NewDrafter(tx *store.Tx, communityID string) (*Drafter, error) {
	list, err := fees.Tariffs(tx, communityID)
	if err != nil {
		return nil, err
	}
	book, err := parseTariffs(list)
	return &Drafter{tx: tx, community: communityID, book: book}, err
}

// Bills returns the bills that a run of the period would issue for the rooms, which are
// rooms of the community. Days with a bill that is issued already are left out, as in a
// run. The bills have no ids.
func (d *Drafter) Bills(rooms []estate.Room, period calc.Period) ([]fees.Bill, error) {
	b := &roomBatch{tx: d.tx, period: period, community: d.community, tariffs: d.book}
	err := b.compute(rooms)
	return b.bills, err
}

// LongestCycle returns the number of months of the longest cycle that any of the rooms is
// billed by.
func (d *Drafter) LongestCycle(rooms []estate.Room) int {
	longest := 1
	for _, t := range d.book.all() {
		longest = max(longest, calc.CycleMonths(t.Cycle))
	}
	for _, r := range rooms {
		longest = max(longest, calc.CycleMonths(r.Cycle))
	}
	return longest
}

// all returns every version of every tariff of the book.
func (b *tariffBook) all() []*tariff {
	out := slices.Clone(b.general)
	for _, list := range b.single {
		out = append(out, list...)
	}
	return out
}

// Reasons why a room has no bill for an item and days: see [Drafter.WhyNone].
const (
	NoneItem     = "item"     // the community has no tariff of the item
	NoneKind     = "kind"     // none that is for this room
	NoneForce    = "force"    // none in force on the days
	NoneHandover = "handover" // the room is handed over later
	NoneArea     = "area"     // charged by area, and the room has none
	NoneReading  = "reading"  // charged by meter, and nothing was read
	NoneRun      = "run"      // a shared cost or one-off charge, which no run issues
	NoneZero     = "zero"     // the amount comes to nothing
)

// WhyNone returns the reason why a run issues no bill of a room for an item and days. same
// reports whether two items are one.
func (d *Drafter) WhyNone(room estate.Room, item string, days calc.Days, same func(a, b string) bool) string {
	why := NoneItem
	for _, t := range d.book.all() {
		if !same(t.Item, item) {
			continue
		}
		switch {
		case t.RoomID != "" && t.RoomID != room.ID, t.RoomKind != "" && t.RoomKind != room.Kind:
			if why == NoneItem {
				why = NoneKind
			}
		case !t.inForce.Overlaps(days):
			if why == NoneItem || why == NoneKind {
				why = NoneForce
			}
		case t.Method == fees.MethodShared, t.Method == fees.MethodOneOff:
			return NoneRun
		case t.Method == fees.MethodMeter:
			return NoneReading
		case room.HandedOverOn > days.To:
			return NoneHandover
		case t.Method == fees.MethodArea && room.Area == "":
			return NoneArea
		default:
			return NoneZero
		}
	}
	return why
}

// Metered reports whether an item is charged by meter.
func (d *Drafter) Metered(item string, same func(a, b string) bool) bool {
	return slices.ContainsFunc(d.book.all(), func(t *tariff) bool { return t.Method == fees.MethodMeter && same(t.Item, item) })
}
