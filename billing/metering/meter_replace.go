package metering

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of a change of a meter.
var (
	// ErrMeterReason: no reason, or more than 200 characters.
	ErrMeterReason = models.Invalid("METER_REASON", "请填写原因（最多 200 个字）")
	// ErrMeterSerial: no serial, or more than 64 characters.
	ErrMeterSerial = models.Invalid("METER_SERIAL", "请填写新表的表号（最多 64 个字符）")
	// ErrMeterSerialUsed: the room has a meter of this serial for the item.
	ErrMeterSerialUsed = models.Refusal(models.KindConflict, "METER_SERIAL_USED", "这套房产的该收费项目已有这个表号")
	// ErrMultiplier: not positive, too large, too many decimals, or unchanged.
	ErrMultiplier = models.Invalid("MULTIPLIER", "倍率应大于 0、不超过 10000，最多 4 位小数，且与现在的不同")
	// ErrMeterDigits: not 1 to 9, or too few for a reading that is stored.
	ErrMeterDigits = models.Invalid("METER_DIGITS", "位数应为 1 至 9，并容得下已有的读数")
	// ErrMeterTurned: usage was billed with a rollover of the old number of
	// digits.
	ErrMeterTurned = models.Refusal(models.KindConflict, "METER_TURNED", "这只表已按原来的位数计过过零，不能再改位数")
	// ErrMeterChanged: somebody else changed the meter in the meantime.
	ErrMeterChanged = models.Refusal(models.KindConflict, "METER_CHANGED", "这只表刚被他人修改，请刷新后再试")
	// ErrReadingNotLast: only the newest reading of a meter in use can be
	// marked, and not a base.
	ErrReadingNotLast = models.Refusal(models.KindConflict, "READING_NOT_LAST", "只能把在用表最近一次的读数标为估抄，底数除外")
)

// checkReason refuses an empty reason and one of more than 200 characters.
func checkReason(reason string) error {
	if n := utf8.RuneCountInString(reason); n == 0 || n > 200 {
		return ErrMeterReason
	}
	return nil
}

// checkMultiplier refuses a multiplier outside [calc.MultiplierBounds].
func checkMultiplier(m decimal.Decimal) error {
	if !m.IsPositive() || m.GreaterThan(calc.MultiplierBounds.Most) || !m.Equal(m.Truncate(calc.MultiplierBounds.Places)) {
		return ErrMultiplier
	}
	return nil
}

// Replacement is the exchange of a meter for another one on a day.
type Replacement struct {
	MeterID    string
	On         models.Date
	LastValue  decimal.Decimal // final reading of the old meter
	LastRolled bool            // the old meter passed its last digit since its last reading
	Serial     string          // of the new meter
	FirstValue decimal.Decimal // base of the new meter
	Multiplier decimal.Decimal
	Digits     int // of the new meter; 0: not known
	Reason     string
}

// ReplaceMeter ends a meter with its final reading and starts another with its base.
// The usage of both in one period is billed together; both stay visible. The final
// reading of the old meter and the base of the new one have the same day. It returns
// the new meter, or the refusal of the exchange or of one of the two readings.
// [ErrReadInUse] also means that the old meter was removed already.
func ReplaceMeter(tx *store.Tx, by models.Actor, scope office.Scope, x Replacement) (fees.Meter, error) {
	fresh := fees.Meter{ID: models.NewID(), Serial: strings.TrimSpace(x.Serial), Multiplier: x.Multiplier.String(), Digits: x.Digits,
		InstalledOn: x.On, Replaces: x.MeterID, CreatedAt: tx.Now}
	if err := checkReason(x.Reason); err != nil {
		return fresh, err
	}
	if n := utf8.RuneCountInString(fresh.Serial); n == 0 || n > 64 {
		return fresh, ErrMeterSerial
	}
	if err := checkMultiplier(x.Multiplier); err != nil {
		return fresh, err
	}
	if x.Digits < 0 || x.Digits > 9 {
		return fresh, ErrMeterDigits
	}
	s, room, err := openMeter(tx, scope, x.MeterID)
	if err != nil {
		return fresh, err
	}
	old := s.meter
	fresh.RoomID, fresh.Item = old.RoomID, old.Item
	if old.RemovedOn != 0 {
		return fresh, ErrReadInUse
	}
	if err := serialFree(tx, &fresh); err != nil {
		return fresh, err
	}
	// The new meter has no readings yet, so that this one is checked as its base.
	base := checkReading(&meterState{meter: fresh}, TypedReading{Value: x.FirstValue, Note: x.Reason}, x.On, tx.Today())
	if base.Refusal != nil {
		return fresh, base.Refusal
	}
	if err := closeMeter(tx, by, &s, x.On, TypedReading{
		MeterID: old.ID, Value: x.LastValue, Rolled: x.LastRolled, Note: x.Reason,
	}); err != nil {
		return fresh, err
	}
	if ok, err := fees.RemoveMeter(tx, old.ID, x.On); err != nil || !ok {
		return fresh, changedMeanwhile(err)
	}
	if err := fees.InsertMeters(tx, []fees.Meter{fresh}); err != nil {
		return fresh, err
	}
	if err := fees.InsertReadings(tx, []fees.Reading{completeReading(tx, by, base.Reading)}); err != nil {
		return fresh, err
	}
	return fresh, office.Audit(tx, by, "meter.replaced", "room", room.ID, map[string]any{
		"item": old.Item, "serial": old.Serial, "new_serial": fresh.Serial, "on": x.On.String(), "last": x.LastValue.String(),
		"first": x.FirstValue.String(), "multiplier": fresh.Multiplier, "reason": x.Reason,
	})
}

// closeMeter stores the reading with which a meter or a multiplier ends. If the
// same true reading is stored for that day already, it does nothing.
func closeMeter(tx *store.Tx, by models.Actor, s *meterState, on models.Date, typed TypedReading) error {
	if last, read := s.last(); read && last.ReadOn == on && !last.Estimated && !typed.Rolled {
		if value, err := decimal.NewFromString(last.Value); err == nil && value.Equal(typed.Value) {
			return nil
		}
	}
	c := checkReading(s, typed, on, tx.Today())
	if c.Refusal != nil {
		return c.Refusal
	}
	return fees.InsertReadings(tx, []fees.Reading{completeReading(tx, by, c.Reading)})
}

// changedMeanwhile returns err or, if it is nil, the refusal of an update that changed no
// row, because its guard no longer held.
func changedMeanwhile(err error) error {
	if err == nil {
		err = ErrMeterChanged
	}
	return err
}

// MultiplierChange is a new multiplier of a meter from the day after On. Value
// is its reading on that day.
type MultiplierChange struct {
	MeterID    string
	On         models.Date
	Value      decimal.Decimal
	Rolled     bool
	Multiplier decimal.Decimal
	Reason     string
}

// ChangeMultiplier closes the usage of a meter under its multiplier and continues with
// another, for example after its current transformer was exchanged. Earlier readings
// keep the old multiplier, and so does the reading of x.On itself. The same multiplier
// again is [ErrMultiplier].
func ChangeMultiplier(tx *store.Tx, by models.Actor, scope office.Scope, x MultiplierChange) error {
	if err := checkReason(x.Reason); err != nil {
		return err
	}
	if err := checkMultiplier(x.Multiplier); err != nil {
		return err
	}
	s, room, err := openMeter(tx, scope, x.MeterID)
	if err != nil {
		return err
	}
	m := s.meter
	had, err := decimal.NewFromString(m.Multiplier)
	if err != nil {
		return fmt.Errorf("multiplier of meter %s: %w", m.ID, err)
	}
	if had.Equal(x.Multiplier) {
		return ErrMultiplier
	}
	if m.RemovedOn != 0 {
		return ErrReadInUse
	}
	if err := closeMeter(tx, by, &s, x.On, TypedReading{MeterID: m.ID, Value: x.Value, Rolled: x.Rolled, Note: x.Reason}); err != nil {
		return err
	}
	ok, err := fees.ChangeMultiplier(tx, fees.MeterMultiplier{ID: models.NewID(), MeterID: m.ID, UntilOn: x.On, Multiplier: m.Multiplier,
		Reason: x.Reason, ByName: by.Name, CreatedAt: tx.Now}, x.Multiplier.String())
	if err != nil || !ok {
		return changedMeanwhile(err)
	}
	return office.Audit(tx, by, "meter.multiplier", "room", room.ID, map[string]any{"item": m.Item, "serial": m.Serial, "on": x.On.String(),
		"from": m.Multiplier, "to": x.Multiplier.String(), "reason": x.Reason})
}

// SetDigits sets how many digits a meter shows before the decimal point, so
// that a rollover can be recognised. It refuses a number that existing readings
// contradict.
func SetDigits(tx *store.Tx, by models.Actor, scope office.Scope, meterID string, digits int) error {
	if digits < 1 || digits > 9 {
		return ErrMeterDigits
	}
	s, room, err := openMeter(tx, scope, meterID)
	if err != nil {
		return err
	}
	for _, r := range s.readings {
		f, err := FiguresOf(s.meter, r)
		if err != nil {
			return err
		}
		if r.Rolled != 0 && digits != s.meter.Digits {
			return ErrMeterTurned
		}
		if f.Value.GreaterThanOrEqual(fullTurn(digits)) {
			return ErrMeterDigits
		}
	}
	if err := fees.SetMeterDigits(tx, meterID, digits); err != nil {
		return err
	}
	return office.Audit(tx, by, "meter.digits", "room", room.ID, map[string]any{
		"item": s.meter.Item, "serial": s.meter.Serial, "from": s.meter.Digits, "to": digits,
	})
}

// MarkEstimated marks a meter's newest reading as an estimate, for example
// because it was misread. Bills that contain it stay; the next true reading
// settles the difference.
func MarkEstimated(tx *store.Tx, by models.Actor, scope office.Scope, meterID, readingID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	s, room, err := openMeter(tx, scope, meterID)
	if err != nil {
		return err
	}
	last, read := s.last()
	if !read || last.ID != readingID || last.Previous == "" || s.meter.RemovedOn != 0 || last.Multiplier != s.meter.Multiplier {
		// If the multiplier changed on the day of the reading, the next reading would
		// settle the difference with the wrong multiplier.
		return ErrReadingNotLast
	}
	ok, err := fees.MarkEstimated(tx, readingID, reason)
	if err != nil || !ok {
		return changedMeanwhile(err)
	}
	return office.Audit(tx, by, "reading.estimated", "room", room.ID, map[string]any{"item": s.meter.Item, "serial": s.meter.Serial,
		"on": last.ReadOn.String(), "value": last.Value, "reason": reason})
}
