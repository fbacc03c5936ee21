package issuing

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// meterBook holds the meters of a batch of rooms and their readings.
type meterBook struct {
	meters   map[string][]fees.Meter           // by room
	readings map[string][]fees.BillableReading // by meter
	credits  map[string][]fees.MeterUsage      // by room: usage that estimates billed too much
	usages   []billedUsage                     // what the bills of the batch contain
}

// billedUsage is the usage that a bill of the batch contains. If it comes to
// nothing, billed is false. fresh was counted by this run; credits were left by
// earlier runs and are used up by this bill.
type billedUsage struct {
	room, item string
	span       calc.Days
	billed     bool
	fresh      []fees.MeterUsage
	credits    []fees.MeterUsage
}

// loadMeters reads the meters of the rooms and the readings to bill.
func (r *roomBatch) loadMeters(roomIDs []string) error {
	b := &r.meterBook
	list, err := fees.MetersOfRooms(r.tx, roomIDs)
	if err != nil || len(list) == 0 {
		return err
	}
	b.meters = make(map[string][]fees.Meter, len(list))
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.ID
		b.meters[m.RoomID] = append(b.meters[m.RoomID], m)
	}
	if b.readings, err = fees.ReadingsToBill(r.tx, ids, r.period.First(), r.period.Last()); err != nil {
		return err
	}
	b.credits, err = fees.WaitingUsages(r.tx, roomIDs)
	return err
}

// metered bills what the room's meters of a fee item have counted by the
// readings of the period. It counts all meters that were in use in it. The
// tariff is the one in force on the day of the last reading. Tiers apply to the
// room, not to each of its meters.
//
// If estimates had been too high, the sum may be negative. Then there is no
// bill, and the credit stays until later usage has made up for it. For example,
// an estimate of 30 units followed by a true reading 12 units lower leaves a
// credit of 12; the next 20 units are billed as 8.
func (r *roomBatch) metered(room estate.Room, f roomTariff) error {
	whole := calc.Days{From: r.period.First(), To: r.period.Last()}
	for _, b := range r.known.billed[room.ID] {
		if b.Item == f.Item && whole.Overlaps(calc.Days{From: b.From, To: b.To}) {
			r.result.Billed++
			r.notes.billed = true
			return nil
		}
	}
	c, err := r.count(room, f.Item)
	if err != nil || len(c.fresh) == 0 {
		r.notes.noReading = true
		return err
	}
	on := min(max(c.last, whole.From), whole.To) // a late reading is charged as of this period
	day := calc.Days{From: on, To: on}
	if !f.inForce.Overlaps(day) || slices.ContainsFunc(f.overridden, day.Overlaps) {
		return nil
	}
	take := billedUsage{room: room.ID, item: f.Item, span: whole, fresh: c.fresh}
	quantity := c.quantity
	credit := decimal.Zero
	for _, u := range r.meterBook.credits[room.ID] {
		if u.Item != f.Item {
			continue
		}
		q, err := decimal.NewFromString(u.Quantity)
		if err != nil {
			return fmt.Errorf("quantity of usage %s: %w", u.ID, err)
		}
		credit = credit.Add(q)
		take.credits = append(take.credits, u)
	}
	quantity = quantity.Add(credit)
	// A negative sum stays as credits of this period. Earlier credits are left as they are.
	if quantity.IsNegative() {
		for i := range take.fresh {
			take.fresh[i].Waiting = true
		}
		take.credits = nil
		r.notes.free = true
		r.meterBook.usages = append(r.meterBook.usages, take)
		r.oddity(fees.OddBackwards, room.ID, f.Item, 0)
		return nil
	}
	principal, basis, err := meterCharge(f.tariff, quantity, c.parts, credit)
	if err != nil {
		return err
	}
	take.billed = principal > 0
	r.notes.free = r.notes.free || principal == 0
	r.meterBook.usages = append(r.meterBook.usages, take)
	return r.bill(room, f, whole, principal, basis)
}

// storeUsages stores what the bills of the batch contain, once the bills have
// ids. A reading with a stored usage is not counted by another run. A usage
// without a bill is stored, too: it is a credit, or came to nothing.
func (r *roomBatch) storeUsages() error {
	if len(r.meterBook.usages) == 0 {
		return nil
	}
	type key struct {
		room, item string
		span       calc.Days
	}
	bills := make(map[key]string, len(r.bills))
	for i := range r.bills {
		b := &r.bills[i]
		bills[key{b.RoomID, b.Item, calc.Days{From: b.PeriodStart, To: b.PeriodEnd}}] = b.ID
	}
	var fresh []fees.MeterUsage
	for _, t := range r.meterBook.usages {
		id := ""
		if t.billed {
			if id = bills[key{t.room, t.item, t.span}]; id == "" {
				return fmt.Errorf("billing: the usage of room %s, item %s, has no bill", t.room, t.item)
			}
		}
		for _, u := range t.fresh {
			u.BillID = id
			fresh = append(fresh, u)
		}
		if err := fees.SettleUsages(r.tx, t.credits, id); err != nil {
			return err
		}
	}
	return fees.InsertUsages(r.tx, fresh)
}

// meterCharge returns the principal for a quantity and its basis. credit is the
// part of the quantity that earlier estimates billed too much, 0 or negative.
// One part is explained by its readings; several are listed, and the quantity
// then has their multipliers in it already.
func meterCharge(f *tariff, quantity decimal.Decimal, parts []calc.MeterBasis, credit decimal.Decimal) (models.Fen, calc.Basis, error) {
	basis := calc.Basis{Kind: fees.MethodMeter}
	if len(parts) == 1 {
		m := parts[0]
		basis.Usage, basis.Multiplier, basis.Previous, basis.Value = m.Usage, m.Multiplier, m.Previous, m.Value
		basis.Rolled, basis.Estimated, basis.Corrects = m.Rolled, m.Estimated, m.Corrects
	} else {
		basis.Usage, basis.Multiplier, basis.Meters = quantity.Sub(credit).String(), "1", parts
	}
	if !credit.IsZero() {
		basis.Credit = credit.String()
	}
	basis.Tiers = f.Tiers
	if f.Tiers == "" {
		basis.Price = calc.FigureText(f.price)
	}
	fen, err := metering.ChargeQuantity(quantity, f.price, f.tiers)
	return fen, basis, err
}
