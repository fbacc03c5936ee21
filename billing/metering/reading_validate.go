package metering

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// TypedReading is what a person typed for a meter. Rolled confirms that the
// meter passed its last digit; Estimated states that nobody could read it.
type TypedReading struct {
	MeterID   string
	Value     decimal.Decimal
	Rolled    bool
	Estimated bool
	Note      string
}

// Oddities of a typed reading. It may be right, but the person who typed it
// should look again.
const (
	ReadTriple = "triple" // three times the usual usage, or more
	ReadFar    = "far"    // more than twice the usual usage, or less than a third of it
	ReadCredit = "credit" // less than was estimated: the difference is credited
)

// Refusals of a reading.
var (
	// ErrReadBackwards: less than the last true reading, without a rollover.
	ErrReadBackwards = models.Invalid("READING_BACKWARDS", "小于上次读数。如果表已走满一圈，请勾选“过零”；如果上次抄错，请先把上次的读数标为估抄")
	// ErrReadRolled: marked as a rollover, but not below the last reading.
	ErrReadRolled = models.Invalid("READING_ROLLED", "没有过零：过零后的读数应小于上次读数，且表的位数应已登记")
	// ErrReadDigits: more digits than the meter shows.
	ErrReadDigits = models.Invalid("READING_DIGITS", "超过了表的位数")
	// ErrReadDay: a day in the future.
	ErrReadDay = models.Invalid("READING_DAY", "抄表日期不能晚于今天")
	// ErrReadOrder: the meter has a reading of this day or later.
	ErrReadOrder = models.Refusal(models.KindConflict, "READING_ORDER", "这只表在该日期或之后已有读数")
	// ErrReadInUse: the meter was not installed on this day.
	ErrReadInUse = models.Refusal(models.KindConflict, "METER_NOT_IN_USE", "这只表在该日期没有使用")
	// ErrReadFigure: not a number, negative, too large, or too many decimals.
	ErrReadFigure = models.Invalid("READING_FIGURE", "读数应为不小于 0 的数字，最多 4 位小数")
	// ErrReadBase: a base cannot be an estimate or a rollover.
	ErrReadBase = models.Invalid("READING_BASE", "第一次读数是底数，不能估抄，也没有过零")
)

// ReadingCheck is a typed reading and what it would count.
type ReadingCheck struct {
	Typed   TypedReading
	Meter   fees.Meter
	Reading fees.Reading    // as it would be stored
	Usage   decimal.Decimal // before the multiplier; zero for a base
	Usual   decimal.Decimal // usual usage of as many days, before the multiplier
	Oddity  string          // ReadTriple, ReadFar, ReadCredit or empty
	Refusal *models.Error   // why it cannot be stored; nil if it can
}

// checkReading returns what a reading of a day would count. today is the date in
// Asia/Shanghai. Only the first refusal is returned, in the order of the cases: whether
// the figure and the day can be right at all comes before how they follow the last
// reading. Without a last reading it is a base, which counts nothing.
func checkReading(s *meterState, typed TypedReading, on, today models.Date) ReadingCheck {
	c := ReadingCheck{Typed: typed, Meter: s.meter}
	c.Reading = fees.Reading{MeterID: s.meter.ID, ReadOn: on, Value: typed.Value.String(), Estimated: typed.Estimated, Note: typed.Note,
		Multiplier: s.meter.Multiplier}
	last, read := s.last()
	turn := fullTurn(s.meter.Digits)
	switch {
	case typed.Value.IsNegative() || typed.Value.GreaterThan(calc.ReadingBounds.Most) ||
		!typed.Value.Equal(typed.Value.Truncate(calc.ReadingBounds.Places)):
		c.Refusal = ErrReadFigure
	case on > today || on <= 0:
		c.Refusal = ErrReadDay
	case models.DayOfReading.Check(on, today) != nil:
		c.Refusal = models.DayOfReading.Check(on, today)
	case on < s.meter.InstalledOn || s.meter.RemovedOn != 0 && on > s.meter.RemovedOn:
		c.Refusal = ErrReadInUse
	case read && on <= last.ReadOn:
		c.Refusal = ErrReadOrder
	case s.meter.Digits > 0 && typed.Value.GreaterThanOrEqual(turn):
		c.Refusal = ErrReadDigits
	case !read && (typed.Rolled || typed.Estimated):
		c.Refusal = ErrReadBase
	}
	if c.Refusal != nil || !read {
		return c
	}
	c.continueFrom(s, last, turn)
	return c
}

// compare sets the oddity if the usage is unusual. For example, with a usual usage of
// 10 units, 30 is ReadTriple, 21 is ReadFar, 4 to 20 are not unusual, and 3 is ReadFar.
// With a usual usage of 0 any usage is ReadFar. Nothing is unusual while the usual
// usage is not known, except a credit.
func (c *ReadingCheck) compare(s *meterState) {
	if c.Usage.IsNegative() {
		c.Oddity = ReadCredit
	}
	multiplier, err := decimal.NewFromString(s.meter.Multiplier)
	if err != nil || !s.known || !multiplier.IsPositive() {
		return
	}
	c.Usual = s.usualUntil(c.Reading.ReadOn).DivRound(multiplier, calc.ReadingPlaces)
	three := decimal.New(3, 0)
	switch {
	case c.Oddity != "":
	case c.Usual.IsPositive() && c.Usage.GreaterThanOrEqual(c.Usual.Mul(three)):
		c.Oddity = ReadTriple
	case c.Usage.GreaterThan(c.Usual.Mul(decimal.New(2, 0))) || c.Usage.Mul(three).LessThan(c.Usual):
		c.Oddity = ReadFar
	}
}
