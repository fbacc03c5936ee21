package metering_test

import (
	"context"
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// The base of a meter that was typed is never usage; the reading after it is.
func TestAddMeter(t *testing.T) {
	t.Parallel()
	w := billingtest.NewMeterWorld(t, "2", "1-1-101,W1,水费,0,10,1,2023-01-31\n")
	add := func(with func(*metering.NewMeter)) error {
		x := metering.NewMeter{
			RoomID: w.Room.ID, Item: billingtest.WaterItem, Serial: " W2 ", On: billingtest.Day("2026-05-10"),
			FirstValue: decimal.New(4319, 0), Multiplier: decimal.New(2, 0), Digits: 5,
		}
		with(&x)
		return w.DB.Write(context.Background(), func(tx *store.Tx) error {
			_, err := metering.AddMeter(tx, modelstest.Actor, office.AllRooms(), x)
			return err
		})
	}
	for _, tt := range []struct {
		name string
		with func(*metering.NewMeter)
		want error
	}{
		{"no serial", func(x *metering.NewMeter) { x.Serial = " " }, metering.ErrMeterSerial},
		{"a serial that is there", func(x *metering.NewMeter) { x.Serial = "W1" }, metering.ErrMeterSerialUsed},
		{"something without a meter", func(x *metering.NewMeter) { x.Item = "物业服务费" }, metering.ErrMeterItem},
		{"no multiplier", func(x *metering.NewMeter) { x.Multiplier = decimal.Zero }, metering.ErrMultiplier},
		{"digits it cannot have", func(x *metering.NewMeter) { x.Digits = 10 }, metering.ErrMeterDigits},
		{"a base beyond the digits", func(x *metering.NewMeter) { x.Digits = 3 }, metering.ErrReadDigits},
		{"a base below nothing", func(x *metering.NewMeter) { x.FirstValue = decimal.New(-1, 0) }, metering.ErrReadFigure},
		{"tomorrow", func(x *metering.NewMeter) { x.On = w.DB.Today() + 1 }, metering.ErrReadDay},
		{"no such room", func(x *metering.NewMeter) { x.RoomID = "nothing" }, models.ErrNotFound},
		{"as it should be", func(*metering.NewMeter) {}, nil},
		{"twice", func(*metering.NewMeter) {}, metering.ErrMeterSerialUsed},
	} {
		if err := add(tt.with); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	view := w.DB.View(context.Background())
	list, err := fees.MetersOfRooms(view, []string{w.Room.ID})
	if err != nil || len(list) != 2 {
		t.Fatalf("%d meters, %v", len(list), err)
	}
	var added fees.Meter
	for _, m := range list {
		if m.Serial == "W2" {
			added = m
		}
	}
	if added.InstalledOn != billingtest.Day("2026-05-10") || added.Multiplier != "2" || added.Digits != 5 {
		t.Errorf("%+v", added)
	}
	typed := []metering.TypedReading{{MeterID: added.ID, Value: decimal.New(4329, 0)}}
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		checks, err := metering.EnterReadings(tx, modelstest.Actor, w.Sheet("2026-06-10"), typed, true)
		if err == nil && !checks[0].Usage.Equal(decimal.New(10, 0)) {
			t.Errorf("usage is %s", checks[0].Usage)
		}
		return err
	})
	found, err := metering.CheckMeters(w.DB.View(context.Background()))
	if err != nil || len(found) > 0 {
		t.Errorf("books: %v, %v", found, err)
	}
}
