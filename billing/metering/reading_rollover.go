package metering

import (
	"github.com/shopspring/decimal"

	"wuyepay/models/fees"
)

// continueFrom computes the usage since the last reading. For example, a meter
// of five digits that reads 12 after 99980 counts 32 if Rolled is set, and is
// refused otherwise.
func (c *ReadingCheck) continueFrom(s *meterState, last fees.Reading, turn decimal.Decimal) {
	previous, err := decimal.NewFromString(last.Value)
	if err != nil {
		c.Refusal = ErrReadFigure
		return
	}
	c.Reading.Previous = last.Value
	c.Usage = c.Typed.Value.Sub(previous)
	switch {
	case c.Typed.Rolled && (turn.IsZero() || !c.Usage.IsNegative()):
		c.Refusal = ErrReadRolled
		return
	case c.Typed.Rolled:
		c.Reading.Rolled, c.Usage = 1, c.Usage.Add(turn)
	case s.turns > 0 && c.Usage.Sub(turn).Add(s.below).Sign() >= 0:
		// The estimate assumed a rollover that has not happened: take it back.
		c.Reading.Rolled, c.Usage = -1, c.Usage.Sub(turn)
	}
	if c.Usage.IsNegative() && (c.Typed.Estimated || c.Usage.Add(s.below).IsNegative()) {
		c.Refusal = ErrReadBackwards // lower than the last true reading, or an estimate
		return
	}
	c.compare(s)
}
