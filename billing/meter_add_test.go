package billing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// The base of a meter that was typed is never usage; the reading after it is.
func TestAddMeter(t *testing.T) {
	t.Parallel()
	w := newMeterWorld(t, "2", "1-1-101,W1,水费,0,10,1,2023-01-31\n")
	add := func(with func(*billing.NewMeter)) error {
		x := billing.NewMeter{RoomID: w.room.ID, Item: waterItem, Serial: " W2 ", On: day("2026-05-10"), FirstValue: decimal.New(4319, 0), Multiplier: decimal.New(2, 0), Digits: 5}
		with(&x)
		return w.db.Write(context.Background(), func(tx *store.Tx) error {
			_, err := billing.AddMeter(tx, modelstest.Actor, office.AllRooms(), x)
			return err
		})
	}
	for _, tt := range []struct {
		name string
		with func(*billing.NewMeter)
		want error
	}{
		{"no serial", func(x *billing.NewMeter) { x.Serial = " " }, billing.ErrMeterSerial},
		{"a serial that is there", func(x *billing.NewMeter) { x.Serial = "W1" }, billing.ErrMeterSerialUsed},
		{"something without a meter", func(x *billing.NewMeter) { x.Item = "物业服务费" }, billing.ErrMeterItem},
		{"no multiplier", func(x *billing.NewMeter) { x.Multiplier = decimal.Zero }, billing.ErrMultiplier},
		{"digits it cannot have", func(x *billing.NewMeter) { x.Digits = 10 }, billing.ErrMeterDigits},
		{"a base beyond the digits", func(x *billing.NewMeter) { x.Digits = 3 }, billing.ErrReadDigits},
		{"a base below nothing", func(x *billing.NewMeter) { x.FirstValue = decimal.New(-1, 0) }, billing.ErrReadFigure},
		{"tomorrow", func(x *billing.NewMeter) { x.On = w.db.Today() + 1 }, billing.ErrReadDay},
		{"no such room", func(x *billing.NewMeter) { x.RoomID = "nothing" }, models.ErrNotFound},
		{"as it should be", func(*billing.NewMeter) {}, nil},
		{"twice", func(*billing.NewMeter) {}, billing.ErrMeterSerialUsed},
	} {
		if err := add(tt.with); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	view := w.db.View(context.Background())
	list, err := fees.MetersOfRooms(view, []string{w.room.ID})
	if err != nil || len(list) != 2 {
		t.Fatalf("%d meters, %v", len(list), err)
	}
	var added fees.Meter
	for _, m := range list {
		if m.Serial == "W2" {
			added = m
		}
	}
	if added.InstalledOn != day("2026-05-10") || added.Multiplier != "2" || added.Digits != 5 {
		t.Errorf("%+v", added)
	}
	typed := []billing.TypedReading{{MeterID: added.ID, Value: decimal.New(4329, 0)}}
	modelstest.Write(t, w.db, func(tx *store.Tx) error {
		checks, err := billing.EnterReadings(tx, modelstest.Actor, w.sheet("2026-06-10"), typed, true)
		if err == nil && !checks[0].Usage.Equal(decimal.New(10, 0)) {
			t.Errorf("usage is %s", checks[0].Usage)
		}
		return err
	})
	found, err := billing.CheckMeters(w.db.View(context.Background()))
	if err != nil || len(found) > 0 {
		t.Errorf("books: %v, %v", found, err)
	}
}
