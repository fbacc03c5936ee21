package billing

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// metered bills what the room's meters of an item have counted by the readings of
// the period. The tariff is the one that holds on the day of the last reading;
// tiers are of the room, not of each of its meters.
func (r *run) metered(room models.Room, f fit, k known) error {
	var meters []MeterBasis
	quantity := decimal.Zero // usage x multiplier, over all meters
	last := models.Date(0)
	for _, m := range k.meters[room.ID] {
		if m.Item != f.Item {
			continue
		}
		b, used, on, err := usageOf(m, k.readings[m.ID])
		if err != nil {
			return err
		}
		if on == 0 {
			continue
		}
		meters, quantity, last = append(meters, b), quantity.Add(used), max(last, on)
	}
	day := days{last, last}
	if len(meters) == 0 || !tariffDays(f.Tariff).overlaps(day) || slices.ContainsFunc(f.special, day.overlaps) {
		return nil
	}
	whole := days{r.period.First(), r.period.Last()}
	for _, b := range k.bills[room.ID] {
		if !b.Void && b.Item == f.Item && whole.overlaps(days{b.PeriodStart, b.PeriodEnd}) {
			r.result.Billed++
			return nil
		}
	}
	principal, basis, err := meterCharge(f.Tariff, quantity, meters)
	if err != nil {
		return err
	}
	return r.bill(room, f.Tariff, whole, principal, basis, k)
}

// meterCharge is the principal for a quantity, and how it came about.
func meterCharge(f models.Tariff, quantity decimal.Decimal, meters []MeterBasis) (models.Fen, Basis, error) {
	basis := Basis{Kind: models.MethodMeter}
	if len(meters) == 1 {
		m := meters[0]
		basis.Usage, basis.Multiplier, basis.Previous, basis.Value = m.Usage, m.Multiplier, m.Previous, m.Value
	} else {
		basis.Usage, basis.Multiplier, basis.Meters = quantity.String(), "1", meters
	}
	one := decimal.NewFromInt(1) // the multipliers are in the quantity
	if f.Tiers != "" {
		tiers, err := ParseTiers(f.Tiers)
		if err != nil {
			return 0, basis, fmt.Errorf("tiers of tariff %s: %w", f.ID, err)
		}
		basis.Tiers = f.Tiers
		fen, err := MeteredTiers(quantity, one, tiers)
		return fen, basis, err
	}
	price, err := parseFigure(f.Price)
	if err != nil {
		return 0, basis, fmt.Errorf("price of tariff %s: %w", f.ID, err)
	}
	basis.Price = figureText(price)
	fen, err := Metered(quantity, one, price)
	return fen, basis, err
}

// usageOf sums a meter's readings, oldest first: from what the first goes on from
// to what the last showed. A reading without a previous one is a base and no
// usage. on is the day of the last reading that counts, 0 for none.
func usageOf(m models.Meter, readings []models.Reading) (b MeterBasis, quantity decimal.Decimal, on models.Date, err error) {
	used := decimal.Zero
	for _, x := range readings {
		if x.Previous == "" {
			continue
		}
		value, err := decimal.NewFromString(x.Value)
		if err != nil {
			return b, quantity, 0, fmt.Errorf("value of reading %s: %w", x.ID, err)
		}
		previous, err := decimal.NewFromString(x.Previous)
		if err != nil {
			return b, quantity, 0, fmt.Errorf("previous of reading %s: %w", x.ID, err)
		}
		if b.Previous == "" {
			b.Previous = previous.String()
		}
		b.Value, on = value.String(), x.ReadOn
		used = used.Add(value.Sub(previous))
	}
	multiplier, err := decimal.NewFromString(m.Multiplier)
	if err != nil {
		return b, quantity, 0, fmt.Errorf("multiplier of meter %s: %w", m.ID, err)
	}
	b.Serial, b.Usage, b.Multiplier = m.Serial, used.String(), multiplier.String()
	return b, used.Mul(multiplier), on, nil
}
