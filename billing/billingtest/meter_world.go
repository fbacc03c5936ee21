package billingtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"wuyepay/billing/intake"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Bills are the room's bills, earliest first: period, principal and basis.
func (w *MeterWorld) Bills() (out []string) {
	for _, line := range About(Snapshot(w.T, w.Db), "bill") {
		f := strings.Fields(line)
		out = append([]string{f[2][:7] + " " + strings.TrimSuffix(f[8], "-0.00") + " " + line[strings.Index(line, "{"):]}, out...)
	}
	return out
}

// MeterWorld is a room with meters of 水费 at a price, at the end of 2027, so that
// every reading of two years lies in the past.
type MeterWorld struct {
	T    testing.TB
	Db   *store.DB
	Room estate.Room
}

const WaterItem = "水费"

func NewMeterWorld(t testing.TB, price, readings string) *MeterWorld {
	t.Helper()
	clock := modelstest.NewClock(time.Date(2027, 12, 31, 10, 0, 0, 0, models.Shanghai))
	w := &MeterWorld{T: t, Db: modelstest.OpenAt(t, clock.Now)}
	MustTake(t, w.Db, intake.ImportRooms, OneRoom)
	MustTake(t, w.Db, intake.ImportTariffs, TariffHead+"海棠花园,水费,,按表,"+price+",,月,25,0,0,,2023-01-01,\n")
	MustTake(t, w.Db, intake.ImportMeters, MeterHead+readings)
	w.Room = RoomOf(t, w.Db, "1-1-101")
	return w
}

// Meter is the meter in use, whatever its serial.
func (w *MeterWorld) Meter() fees.Meter {
	w.T.Helper()
	list, err := fees.MetersOfRooms(w.Db.View(context.Background()), []string{w.Room.ID})
	Try(w.T, err)
	for _, m := range list {
		if m.RemovedOn == 0 {
			return m
		}
	}
	w.T.Fatal("no meter in use")
	return fees.Meter{}
}

func (w *MeterWorld) Sheet(on string) metering.SheetRequest {
	return metering.SheetRequest{
		Scope: office.AllRooms(), CommunityID: w.Room.CommunityID, Building: w.Room.Building, Item: WaterItem, On: Day(on),
	}
}

// Read types one reading, confirming whatever is odd about it.
func (w *MeterWorld) Read(on, value string, with ...func(*metering.TypedReading)) error {
	typed := metering.TypedReading{MeterID: w.Meter().ID, Value: decimal.RequireFromString(value)}
	for _, f := range with {
		f(&typed)
	}
	return w.Db.Write(context.Background(), func(tx *store.Tx) error {
		checks, err := metering.EnterReadings(tx, modelstest.Actor, w.Sheet(on), []metering.TypedReading{typed}, true)
		if errors.Is(err, metering.ErrReadingsRefused) {
			return checks[0].Refusal
		}
		return err
	})
}

func Estimated(r *metering.TypedReading) { r.Estimated = true }
func Rolled(r *metering.TypedReading)    { r.Rolled = true }

func (w *MeterWorld) Replace(on, last, serial, first, multiplier string) error {
	return w.Db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := metering.ReplaceMeter(tx, modelstest.Actor, office.AllRooms(), metering.Replacement{MeterID: w.Meter().ID, On: Day(on),
			LastValue: decimal.RequireFromString(last), Serial: serial, FirstValue: decimal.RequireFromString(first),
			Multiplier: decimal.RequireFromString(multiplier), Digits: w.Meter().Digits, Reason: "旧表损坏"})
		return err
	})
}

func (w *MeterWorld) Multiplier(on, value, to string) error {
	return w.Db.Write(context.Background(), func(tx *store.Tx) error {
		return metering.ChangeMultiplier(tx, modelstest.Actor, office.AllRooms(), metering.MultiplierChange{
			MeterID: w.Meter().ID, On: Day(on), Value: decimal.RequireFromString(value), Multiplier: decimal.RequireFromString(to),
			Reason: "更换互感器",
		})
	})
}

func (w *MeterWorld) Digits(n int) error {
	return w.Db.Write(context.Background(), func(tx *store.Tx) error {
		return metering.SetDigits(tx, modelstest.Actor, office.AllRooms(), w.Meter().ID, n)
	})
}

// Doubt marks the newest reading as an estimate.
func (w *MeterWorld) Doubt() error {
	m := w.Meter()
	readings, err := fees.ReadingsOfMeters(w.Db.View(context.Background()), []string{m.ID})
	Try(w.T, err)
	return w.Db.Write(context.Background(), func(tx *store.Tx) error {
		return metering.MarkEstimated(tx, modelstest.Actor, office.AllRooms(), m.ID, readings[len(readings)-1].ID, "抄错")
	})
}

func (w *MeterWorld) Bill(periods ...string) {
	w.T.Helper()
	for _, p := range periods {
		Generate(w.T, w.Db, p)
	}
	w.Prove()
}

// Prove checks what the database alone can prove, and what the meters add to it.
func (w *MeterWorld) Prove() {
	w.T.Helper()
	ProveBooks(w.T, w.Db)
	violations, err := metering.CheckMeters(w.Db.View(context.Background()))
	Try(w.T, err)
	for _, v := range violations {
		w.T.Error(v)
	}
}
