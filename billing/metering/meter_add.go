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

// ErrMeterItem says that a meter is for something that is not charged by meter.
var ErrMeterItem = models.Invalid("METER_ITEM", "请选择按表计费的收费项目；没有的话请先新增收费标准")

// NewMeter is a meter that a room has from a day on. FirstValue is what it showed
// then: its base, which is never usage.
type NewMeter struct {
	RoomID     string
	Item       string
	Serial     string
	On         models.Date
	FirstValue decimal.Decimal
	Multiplier decimal.Decimal
	Digits     int // shown before the point; 0: not known
	Note       string
}

// MeterItems are the fee items that a community charges by meter, today or later.
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

// AddMeter puts a meter with its base into the books of a room. Refusals are those of
// a replacement and [ErrMeterItem].
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
	if err := estate.LockCommunity(tx, room.CommunityID); err != nil { // against imports and billing runs
		return m, err
	}
	if err := fitsRoom(tx, room, &m); err != nil {
		return m, err
	}
	base := checkReading(&meterState{meter: m}, TypedReading{Value: x.FirstValue, Note: x.Note}, x.On, tx.Today())
	if base.Refusal != nil {
		return m, base.Refusal
	}
	if err := fees.InsertMeters(tx, []fees.Meter{m}); err != nil {
		return m, err
	}
	if err := fees.InsertReadings(tx, []fees.Reading{kept(tx, by, base.Reading)}); err != nil {
		return m, err
	}
	return m, office.Audit(tx, by, "meter.added", "room", room.ID, map[string]any{"item": m.Item, "serial": m.Serial, "on": x.On.String(),
		"first": x.FirstValue.String(), "multiplier": m.Multiplier})
}

// fitsRoom looks whether the room can have the meter: an item that is charged by
// meter, and a serial that the item does not have yet.
func fitsRoom(tx *store.Tx, room estate.Room, m *fees.Meter) error {
	items, err := MeterItems(tx, room.CommunityID)
	if err != nil {
		return err
	}
	if !slices.Contains(items, m.Item) {
		return ErrMeterItem
	}
	return serialFree(tx, m)
}

// serialFree refuses a serial that a meter of the room has for the same item.
func serialFree(tx *store.Tx, m *fees.Meter) error {
	others, err := fees.MetersOfRooms(tx, []string{m.RoomID})
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Item == m.Item && o.Serial == m.Serial {
			return ErrMeterSerialUsed
		}
	}
	return nil
}
