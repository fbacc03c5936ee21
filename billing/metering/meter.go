package metering

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/fees"
)

// Figures are the numbers of a stored reading. Usage is before the multiplier.
// Turned is the part of it that was added because the meter passed its last
// digit.
type Figures struct {
	Value, Previous, Multiplier decimal.Decimal
	Usage, Turned               decimal.Decimal
}

// FiguresOf parses the figures of a reading. A base has neither previous value
// nor usage.
func FiguresOf(m fees.Meter, r fees.Reading) (f Figures, err error) {
	for _, x := range []struct {
		name, text string
		to         *decimal.Decimal
	}{{"value", r.Value, &f.Value}, {"previous", r.Previous, &f.Previous}, {"multiplier", r.Multiplier, &f.Multiplier}} {
		if x.text == "" && x.name == "previous" {
			continue
		}
		if *x.to, err = decimal.NewFromString(x.text); err != nil {
			return f, fmt.Errorf("%s of reading %s: %w", x.name, r.ID, err)
		}
	}
	if r.Previous == "" {
		return f, nil
	}
	f.Turned = fullTurn(m.Digits).Mul(decimal.New(int64(r.Rolled), 0))
	f.Usage = f.Value.Sub(f.Previous).Add(f.Turned)
	return f, nil
}

// fullTurn returns what a meter counts in one full turn: 100000 with five
// digits. It is zero if the digits are not known; such a meter cannot be seen
// to roll over.
func fullTurn(digits int) decimal.Decimal {
	if digits == 0 {
		return decimal.Zero
	}
	return decimal.New(1, int32(digits)) //nolint:gosec // at most nine, the table says
}

// meterState is a meter before its next reading.
type meterState struct {
	meter    fees.Meter
	readings []fees.Reading  // oldest first
	usual    decimal.Decimal // units per day, multiplier included, over the last readings
	known    bool            // reports whether there were enough readings for usual
	// below is how much lower than the last value a true reading may be: the
	// usage of the estimates since the last true reading.
	below decimal.Decimal
	turns int // how often these estimates assumed a rollover
}

// usualReadings is how many readings the usual consumption is computed from.
const usualReadings = 6

// stateOfMeter computes the state from the readings, oldest first. The usual
// consumption ends at a base, because nothing is known before it.
func stateOfMeter(m fees.Meter, readings []fees.Reading) (s meterState, err error) {
	s = meterState{meter: m, readings: readings}
	quantity, span := decimal.Zero, 0
	for i := len(readings) - 1; i > 0 && i >= len(readings)-usualReadings; i-- {
		f, err := FiguresOf(m, readings[i])
		if err != nil {
			return s, err
		}
		if readings[i].Previous == "" {
			break
		}
		quantity, span = quantity.Add(f.Usage.Mul(f.Multiplier)), span+int(readings[i].ReadOn-readings[i-1].ReadOn)
	}
	if span > 0 && !quantity.IsNegative() {
		s.usual, s.known = quantity.DivRound(decimal.New(int64(span), 0), 8), true
	}
	for i := len(readings) - 1; i >= 0 && readings[i].Estimated; i-- {
		f, err := FiguresOf(m, readings[i])
		if err != nil {
			return s, err
		}
		s.below, s.turns = s.below.Add(f.Usage), s.turns+readings[i].Rolled
	}
	return s, nil
}

// last returns the newest reading; false if there is none.
func (s *meterState) last() (fees.Reading, bool) {
	if len(s.readings) == 0 {
		return fees.Reading{}, false
	}
	return s.readings[len(s.readings)-1], true
}

// usualUntil returns the usual quantity from the last reading to a day,
// multiplier included.
func (s *meterState) usualUntil(on models.Date) decimal.Decimal {
	l, _ := s.last()
	return s.usual.Mul(decimal.New(int64(on-l.ReadOn), 0))
}

// ReadingUsage returns the usage of a reading before the multiplier: zero for a
// base, and negative if the reading settles an estimate that was too high.
func ReadingUsage(m fees.Meter, r fees.Reading) (decimal.Decimal, error) {
	f, err := FiguresOf(m, r)
	return f.Usage, err
}
