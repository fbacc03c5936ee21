package issuing

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// meterCount holds what the meters of a room have counted of a fee item.
type meterCount struct {
	// parts explain the count on the bill; fresh are the readings counted, one usage each.
	parts    []calc.MeterBasis
	fresh    []fees.MeterUsage
	quantity decimal.Decimal // usage x multiplier, over all meters
	last     models.Date     // day of the last reading that counts
}

// count adds up the readings that belong to the run, and notes meters that
// should have been read in the period and were not.
func (r *roomBatch) count(room estate.Room, item string) (meterCount, error) {
	var c meterCount
	for _, m := range r.meterBook.meters[room.ID] {
		if m.Item != item {
			continue
		}
		readings := r.meterBook.readings[m.ID]
		if len(readings) == 0 || readings[len(readings)-1].ReadOn < r.period.First() {
			r.unread(room, m)
		}
		if err := c.meter(m, readings, r.period.First(), r.tx.Now); err != nil {
			return c, err
		}
	}
	return c, nil
}

// unread notes a meter that was in use until the end of the period and has no
// reading in it.
func (r *roomBatch) unread(room estate.Room, m fees.Meter) {
	if m.InstalledOn > r.period.Last() || m.RemovedOn != 0 && m.RemovedOn <= r.period.Last() {
		return
	}
	for _, u := range r.meterBook.credits[room.ID] {
		if u.Item == m.Item && u.PeriodStart == r.period.First() {
			return // it was read, and came to a credit
		}
	}
	r.oddity(fees.OddNoReading, room.ID, m.Item, 0)
}

// meter adds a meter's readings, oldest first. Each run of readings with the
// same multiplier is one part of the basis. For example, a current transformer
// that is exchanged within the month makes two parts, of multiplier 30 and 40.
//
// Usage and the amount that was rolled over are sums of the part; previous is
// that of its first reading, value and estimated are those of its last. Figures
// stay decimal until the price is applied, so that only fen are rounded.
func (c *meterCount) meter(m fees.Meter, readings []fees.BillableReading, period models.Date, now models.Time) error {
	var part *calc.MeterBasis
	used, rolled := decimal.Zero, decimal.Zero
	for i := range readings {
		x := &readings[i]
		if x.Previous == "" { // a base is not usage
			continue
		}
		f, err := metering.FiguresOf(m, x.Reading)
		if err != nil {
			return err
		}
		multiplier := f.Multiplier.String()
		if part == nil || part.Multiplier != multiplier {
			c.parts = append(c.parts, calc.MeterBasis{
				Serial: m.Serial, Multiplier: multiplier, Previous: f.Previous.String(), Corrects: x.Corrects,
			})
			part = &c.parts[len(c.parts)-1]
			used, rolled = decimal.Zero, decimal.Zero
		}
		used, rolled = used.Add(f.Usage), rolled.Add(f.Turned)
		part.Usage, part.Value, part.Estimated, part.Rolled = used.String(), f.Value.String(), x.Estimated, ""
		if !rolled.IsZero() {
			part.Rolled = rolled.String()
		}
		quantity := f.Usage.Mul(f.Multiplier)
		c.quantity, c.last = c.quantity.Add(quantity), max(c.last, x.ReadOn)
		c.fresh = append(c.fresh, fees.MeterUsage{ID: models.NewID(), ReadingID: x.ID, RoomID: m.RoomID, Item: m.Item, PeriodStart: period,
			Quantity: quantity.String(), CreatedAt: now})
	}
	return nil
}
