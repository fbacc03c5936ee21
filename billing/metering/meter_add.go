package metering

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// ErrMeterItem is the refusal of a meter for a fee item that is not charged by
// meter.
var ErrMeterItem = models.Invalid("METER_ITEM", "请选择按表计费的收费项目；没有的话请先新增收费标准")

// NewMeter is a meter that a room has from a day on. FirstValue is its reading
// on that day, the base, which is never usage.
type NewMeter struct {
	RoomID     string
	Item       string
	Serial     string
	On         models.Date
	FirstValue decimal.Decimal
	Multiplier decimal.Decimal
	Digits     int // before the decimal point; 0: not known
	Note       string
}

// MeterItems returns the fee items that a community charges by meter today or later,
// each once, sorted. A tariff whose last day is today still counts, and so does one
// that begins in the future: a meter may be installed before its price holds.
func MeterItems(tx *store.Tx, communityID string) ([]string, error) {
	tariffs, err := fees.Tariffs(tx, communityID)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range tariffs {
		if f.Method == fees.MethodMeter && (f.ToOn == 0 || f.ToOn >= tx.Today()) {
			out = append(out, f.Item)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// AddMeter adds a meter and its base to a room. It returns [ErrMeterSerial],
// [ErrMultiplier], [ErrMeterDigits], [billing.ErrNoteTooLong], [ErrMeterItem],
// [ErrMeterSerialUsed], a refusal of the base such as [ErrReadDay] for a day in the
// future, or [models.ErrNotFound] if the scope does not include the room.
//
// What needs no database is checked first. Item and serial are checked under the lock, so
// that of two people who add the same meter at once the second is refused.
func AddMeter(tx *store.Tx, by models.Actor, scope office.Scope, x NewMeter) (fees.Meter, error) {
	m := fees.Meter{
		ID: models.NewID(), RoomID: x.RoomID, Item: x.Item, Serial: strings.TrimSpace(x.Serial), Multiplier: x.Multiplier.String(),
		Digits: x.Digits, InstalledOn: x.On, CreatedAt: tx.Now,
	}
	if n := utf8.RuneCountInString(m.Serial); n == 0 || n > 64 {
		return m, ErrMeterSerial
	}
	if err := checkMultiplier(x.Multiplier); err != nil {
		return m, err
	}
	if x.Digits < 0 || x.Digits > 9 {
		return m, ErrMeterDigits
	}
	if utf8.RuneCountInString(x.Note) > 200 {
		return m, billing.ErrNoteTooLong
	}
	room, _, err := estate.ScopedRoom(tx, scope, x.RoomID)
	if err != nil {
		return m, err
	}
	// Imports and billing runs of the community wait until the meter is there.
	if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
		return m, err
	}
	if err := validateForRoom(tx, room, &m); err != nil {
		return m, err
	}
	// A meter without readings: this one is checked as a base.
	base := checkReading(&meterState{meter: m}, TypedReading{Value: x.FirstValue, Note: x.Note}, x.On, tx.Today())
	if base.Refusal != nil {
		return m, base.Refusal
	}
	if err := fees.InsertMeters(tx, []fees.Meter{m}); err != nil {
		return m, err
	}
	if err := fees.InsertReadings(tx, []fees.Reading{completeReading(tx, by, base.Reading)}); err != nil {
		return m, err
	}
	return m, office.Audit(tx, by, "meter.added", "room", room.ID, map[string]any{"item": m.Item, "serial": m.Serial, "on": x.On.String(),
		"first": x.FirstValue.String(), "multiplier": m.Multiplier})
}

// validateForRoom refuses a meter for an item that is not charged by meter, or
// with a serial that the item has already.
func validateForRoom(tx *store.Tx, room estate.Room, m *fees.Meter) error {
	items, err := MeterItems(tx, room.CommunityID)
	if err != nil {
		return err
	}
	names, err := estate.FeeItems(tx, room.CommunityID)
	if err != nil {
		return err
	}
	if m.Item = names.Of(m.Item); !slices.Contains(items, m.Item) {
		return ErrMeterItem
	}
	return serialFree(tx, m)
}

// serialFree refuses a serial that another meter of the room has for the same item, in any
// spelling, even if that meter was removed. It must be called under the lock of the community.
func serialFree(tx *store.Tx, m *fees.Meter) error {
	others, err := fees.MetersOfRooms(tx, []string{m.RoomID})
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Item == m.Item && models.NameKey(o.Serial) == models.NameKey(m.Serial) {
			return ErrMeterSerialUsed
		}
	}
	return nil
}
