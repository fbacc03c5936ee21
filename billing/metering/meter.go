package metering

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/fees"
)

// meterFigures are the figures of a stored reading. usage is before the multiplier;
// turned is what it got because the meter passed its last digit.
type meterFigures struct {
	Value, Previous, Multiplier decimal.Decimal
	Usage, Turned               decimal.Decimal
}

// FiguresOf reads the figures of a reading. A base has no previous one and no usage.
func FiguresOf(m fees.Meter, r fees.Reading) (f meterFigures, err error) {
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
	f.Turned = turnOf(m.Digits).Mul(decimal.New(int64(r.Rolled), 0))
	f.Usage = f.Value.Sub(f.Previous).Add(f.Turned)
	return f, nil
}

// turnOf is what a meter has counted when it has gone round once: 100000 with five
// digits. Without known digits it is nothing: such a meter is not known to turn.
func turnOf(digits int) decimal.Decimal {
	if digits == 0 {
		return decimal.Zero
	}
	return decimal.New(1, int32(digits)) //nolint:gosec // at most nine, the table says
}

// meterState is a meter as the next reading finds it.
type meterState struct {
	meter    fees.Meter
	readings []fees.Reading  // oldest first
	usual    decimal.Decimal // units a day, multiplier included, of the last readings
	known    bool            // whether there was enough to tell what is usual
	// below is how far the last reading, with estimates since the last true one, is
	// above what the meter truly showed: a true one may be lower by that much.
	below decimal.Decimal
	turns int // how often the estimates since the last true reading have it gone round
}

// usualOver is how many readings tell what is usual.
const usualOver = 6

func stateOfMeter(m fees.Meter, readings []fees.Reading) (s meterState, err error) {
	s = meterState{meter: m, readings: readings}
	quantity, span := decimal.Zero, 0
	for i := len(readings) - 1; i > 0 && i >= len(readings)-usualOver; i-- {
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

// last is the newest reading; false for a meter without any.
func (s *meterState) last() (fees.Reading, bool) {
	if len(s.readings) == 0 {
		return fees.Reading{}, false
	}
	return s.readings[len(s.readings)-1], true
}

// usualUntil is what the meter mostly counts in the days from its last reading to a
// day, multiplier included.
func (s *meterState) usualUntil(on models.Date) decimal.Decimal {
	l, _ := s.last()
	return s.usual.Mul(decimal.New(int64(on-l.ReadOn), 0))
}

// ReadingUsage is what a reading counted before the multiplier; nothing for a base,
// and negative where it settles an estimate that was too high.
func ReadingUsage(m fees.Meter, r fees.Reading) (decimal.Decimal, error) {
	f, err := FiguresOf(m, r)
	return f.Usage, err
}
