package billing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// meterWorld is a room with meters of 水费 at a price, at the end of 2027, so that
// every reading of two years lies in the past.
type meterWorld struct {
	t    testing.TB
	db   *store.DB
	room estate.Room
}

const waterItem = "水费"

func newMeterWorld(t testing.TB, price, readings string) *meterWorld {
	t.Helper()
	clock := modelstest.NewClock(time.Date(2027, 12, 31, 10, 0, 0, 0, models.Shanghai))
	w := &meterWorld{t: t, db: modelstest.OpenAt(t, clock.Now)}
	mustTake(t, w.db, billing.ImportRooms, oneRoom)
	mustTake(t, w.db, billing.ImportTariffs, tariffHead+"海棠花园,水费,,按表,"+price+",,月,25,0,0,,2023-01-01,\n")
	mustTake(t, w.db, billing.ImportMeters, meterHead+readings)
	w.room = roomOf(t, w.db, "1-1-101")
	return w
}

// meter is the meter in use, whatever its serial.
func (w *meterWorld) meter() fees.Meter {
	w.t.Helper()
	list, err := fees.MetersOfRooms(w.db.View(context.Background()), []string{w.room.ID})
	try(w.t, err)
	for _, m := range list {
		if m.RemovedOn == 0 {
			return m
		}
	}
	w.t.Fatal("no meter in use")
	return fees.Meter{}
}

func (w *meterWorld) sheet(on string) billing.SheetRequest {
	return billing.SheetRequest{Scope: office.AllRooms(), CommunityID: w.room.CommunityID, Building: w.room.Building, Item: waterItem, On: day(on)}
}

// read types one reading, confirming whatever is odd about it.
func (w *meterWorld) read(on, value string, with ...func(*billing.TypedReading)) error {
	typed := billing.TypedReading{MeterID: w.meter().ID, Value: decimal.RequireFromString(value)}
	for _, f := range with {
		f(&typed)
	}
	return w.db.Write(context.Background(), func(tx *store.Tx) error {
		checks, err := billing.EnterReadings(tx, modelstest.Actor, w.sheet(on), []billing.TypedReading{typed}, true)
		if errors.Is(err, billing.ErrReadings) {
			return checks[0].Refusal
		}
		return err
	})
}

func estimated(r *billing.TypedReading) { r.Estimated = true }
func rolled(r *billing.TypedReading)    { r.Rolled = true }

func (w *meterWorld) replace(on, last, serial, first, multiplier string) error {
	return w.db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := billing.ReplaceMeter(tx, modelstest.Actor, office.AllRooms(), billing.Replacement{MeterID: w.meter().ID, On: day(on),
			LastValue: decimal.RequireFromString(last), Serial: serial, FirstValue: decimal.RequireFromString(first),
			Multiplier: decimal.RequireFromString(multiplier), Digits: w.meter().Digits, Reason: "旧表损坏"})
		return err
	})
}

func (w *meterWorld) multiplier(on, value, to string) error {
	return w.db.Write(context.Background(), func(tx *store.Tx) error {
		return billing.ChangeMultiplier(tx, modelstest.Actor, office.AllRooms(), billing.MultiplierChange{MeterID: w.meter().ID, On: day(on),
			Value: decimal.RequireFromString(value), Multiplier: decimal.RequireFromString(to), Reason: "更换互感器"})
	})
}

func (w *meterWorld) digits(n int) error {
	return w.db.Write(context.Background(), func(tx *store.Tx) error {
		return billing.SetDigits(tx, modelstest.Actor, office.AllRooms(), w.meter().ID, n)
	})
}

// doubt marks the newest reading as an estimate.
func (w *meterWorld) doubt() error {
	m := w.meter()
	readings, err := fees.ReadingsOfMeters(w.db.View(context.Background()), []string{m.ID})
	try(w.t, err)
	return w.db.Write(context.Background(), func(tx *store.Tx) error {
		return billing.MarkEstimated(tx, modelstest.Actor, office.AllRooms(), m.ID, readings[len(readings)-1].ID, "抄错")
	})
}

func (w *meterWorld) bill(periods ...string) {
	w.t.Helper()
	for _, p := range periods {
		generate(w.t, w.db, p)
	}
	w.prove()
}

// prove checks what the database alone can prove, and what the meters add to it.
func (w *meterWorld) prove() {
	w.t.Helper()
	proveBooks(w.t, w.db)
	violations, err := billing.CheckMeters(w.db.View(context.Background()))
	try(w.t, err)
	for _, v := range violations {
		w.t.Error(v)
	}
}
