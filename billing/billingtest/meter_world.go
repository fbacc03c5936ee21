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

// Bills returns the room's bills, earliest first, as period, principal and
// basis.
func (w *MeterWorld) Bills() (out []string) {
	for _, line := range LinesOf(Snapshot(w.T, w.DB), "bill") {
		f := strings.Fields(line)
		out = append([]string{f[2][:7] + " " + strings.TrimSuffix(f[8], "-0.00") + " " + line[strings.Index(line, "{"):]}, out...)
	}
	return out
}

// MeterWorld is a room with meters of 水费 at a price. It is the end of 2027,
// so that every reading of two years lies in the past.
type MeterWorld struct {
	T    testing.TB
	DB   *store.DB
	Room estate.Room
}

// WaterItem is the fee item of the meters.
const WaterItem = "水费"

// NewMeterWorld returns a world with the readings, which are rows of a meter
// file.
func NewMeterWorld(t testing.TB, price, readings string) *MeterWorld {
	t.Helper()
	clock := modelstest.NewClock(time.Date(2027, 12, 31, 10, 0, 0, 0, models.Shanghai))
	w := &MeterWorld{T: t, DB: modelstest.OpenAt(t, clock.Now)}
	MustImport(t, w.DB, intake.Rooms, OneRoom)
	MustImport(t, w.DB, intake.Tariffs, TariffHead+"海棠花园,水费,,按表,"+price+",,月,25,0,0,,2023-01-01,\n")
	MustImport(t, w.DB, intake.Meters, MeterHead+readings)
	w.Room = RoomOf(t, w.DB, "1-1-101")
	return w
}

// Meter returns the meter in use, whatever its serial.
func (w *MeterWorld) Meter() fees.Meter {
	w.T.Helper()
	list, err := fees.MetersOfRooms(w.DB.View(context.Background()), []string{w.Room.ID})
	NoError(w.T, err)
	for _, m := range list {
		if m.RemovedOn == 0 {
			return m
		}
	}
	w.T.Fatal("no meter in use")
	return fees.Meter{}
}

// Sheet returns the request for the sheet that contains the meter.
func (w *MeterWorld) Sheet(on string) metering.SheetRequest {
	return metering.SheetRequest{
		Scope: office.AllRooms(), CommunityID: w.Room.CommunityID, Building: w.Room.Building, Item: WaterItem, On: Day(on),
	}
}

// Read enters one reading and confirms whatever is unusual about it. Its error
// is the refusal of the reading.
func (w *MeterWorld) Read(on, value string, with ...func(*metering.TypedReading)) error {
	typed := metering.TypedReading{MeterID: w.Meter().ID, Value: decimal.RequireFromString(value)}
	for _, f := range with {
		f(&typed)
	}
	return w.DB.Write(context.Background(), func(tx *store.Tx) error {
		checks, err := metering.EnterReadings(tx, modelstest.Actor, w.Sheet(on), []metering.TypedReading{typed}, true)
		if errors.Is(err, metering.ErrReadingsRefused) {
			return checks[0].Refusal
		}
		return err
	})
}

// Estimated and [Rolled] are options of [MeterWorld.Read].
func Estimated(r *metering.TypedReading) { r.Estimated = true }

// Rolled confirms that the meter passed its last digit.
func Rolled(r *metering.TypedReading) { r.Rolled = true }

// Replace replaces the meter in use.
func (w *MeterWorld) Replace(on, last, serial, first, multiplier string) error {
	return w.DB.Write(context.Background(), func(tx *store.Tx) error {
		_, err := metering.ReplaceMeter(tx, modelstest.Actor, office.AllRooms(), metering.Replacement{MeterID: w.Meter().ID, On: Day(on),
			LastValue: decimal.RequireFromString(last), Serial: serial, FirstValue: decimal.RequireFromString(first),
			Multiplier: decimal.RequireFromString(multiplier), Digits: w.Meter().Digits, Reason: "旧表损坏"})
		return err
	})
}

// Multiplier changes the multiplier of the meter in use.
func (w *MeterWorld) Multiplier(on, value, to string) error {
	return w.DB.Write(context.Background(), func(tx *store.Tx) error {
		return metering.ChangeMultiplier(tx, modelstest.Actor, office.AllRooms(), metering.MultiplierChange{
			MeterID: w.Meter().ID, On: Day(on), Value: decimal.RequireFromString(value), Multiplier: decimal.RequireFromString(to),
			Reason: "更换互感器",
		})
	})
}

// Digits sets how many digits the meter shows.
func (w *MeterWorld) Digits(n int) error {
	return w.DB.Write(context.Background(), func(tx *store.Tx) error {
		return metering.SetDigits(tx, modelstest.Actor, office.AllRooms(), w.Meter().ID, n)
	})
}

// MarkEstimated marks the newest reading as an estimate.
func (w *MeterWorld) MarkEstimated() error {
	m := w.Meter()
	readings, err := fees.ReadingsOfMeters(w.DB.View(context.Background()), []string{m.ID})
	NoError(w.T, err)
	return w.DB.Write(context.Background(), func(tx *store.Tx) error {
		return metering.MarkEstimated(tx, modelstest.Actor, office.AllRooms(), m.ID, readings[len(readings)-1].ID, "抄错")
	})
}

// Reading returns the reading of a day that counts, of the meter in use.
func (w *MeterWorld) Reading(on string) fees.Reading {
	w.T.Helper()
	m := w.Meter()
	list, err := fees.ReadingsBetween(w.DB.View(context.Background()), []string{m.ID}, Day(on), Day(on))
	NoError(w.T, err)
	if len(list[m.ID]) != 1 {
		w.T.Fatalf("%d readings of %s", len(list[m.ID]), on)
	}
	return list[m.ID][0]
}

// AskWithdrawal asks for the reading of a day to be withdrawn.
func (w *MeterWorld) AskWithdrawal(on string) (asked fees.ReadingWithdrawal, err error) {
	w.T.Helper()
	id := w.Reading(on).ID
	err = w.DB.Write(context.Background(), func(tx *store.Tx) error {
		asked, err = metering.RequestWithdrawal(tx, Approval.Asked, office.AllRooms(), id, "抄错")
		return err
	})
	return asked, err
}

// Withdraw lets two people withdraw the reading of a day.
func (w *MeterWorld) Withdraw(on string) error {
	w.T.Helper()
	asked, err := w.AskWithdrawal(on)
	if err != nil {
		return err
	}
	return w.DB.Write(context.Background(), func(tx *store.Tx) error {
		return metering.DecideWithdrawal(tx, As(Approval.Approved, office.RoleManager), asked.ID, true, "同意")
	})
}

// Bill runs the billing of the periods and checks the books.
func (w *MeterWorld) Bill(periods ...string) {
	w.T.Helper()
	for _, p := range periods {
		Generate(w.T, w.DB, p)
	}
	w.CheckBooks()
}

// CheckBooks checks the invariants of the books and those of the meters.
func (w *MeterWorld) CheckBooks() {
	w.T.Helper()
	CheckBooks(w.T, w.DB)
	violations, err := metering.CheckMeters(w.DB.View(context.Background()))
	NoError(w.T, err)
	for _, v := range violations {
		w.T.Error(v)
	}
}
