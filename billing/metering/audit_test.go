package metering_test

import (
	"context"
	"testing"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// Each rule about meters is shown to fire: rows that no operation would write are
// put into books that agree.
func TestCheckMetersFindsEachViolation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule string
		bad  func(tx *store.Tx, w *billingtest.MeterWorld, m fees.Meter, b fees.Bill) error
	}{
		{"a reading goes on from the one before", func(tx *store.Tx, _ *billingtest.MeterWorld, m fees.Meter, _ fees.Bill) error {
			return insertReading(tx, fees.Reading{MeterID: m.ID, Previous: "111", Value: "115", Multiplier: "1"})
		}},
		{"usage is negative only where it settles an estimate",
			func(tx *store.Tx, _ *billingtest.MeterWorld, m fees.Meter, _ fees.Bill) error {
				return insertReading(tx, fees.Reading{MeterID: m.ID, Previous: "110", Value: "105", Multiplier: "1"})
			}},
		{"a reading counts with the multiplier of its day", func(tx *store.Tx, _ *billingtest.MeterWorld, m fees.Meter, _ fees.Bill) error {
			return insertReading(tx, fees.Reading{MeterID: m.ID, Previous: "110", Value: "115", Multiplier: "2"})
		}},
		{"a meter is read while it is in use", func(tx *store.Tx, _ *billingtest.MeterWorld, m fees.Meter, _ fees.Bill) error {
			if _, err := fees.RemoveMeter(tx, m.ID, billingtest.Day("2026-02-01")); err != nil {
				return err
			}
			return insertReading(tx, fees.Reading{MeterID: m.ID, Previous: "110", Value: "115", Multiplier: "1"})
		}},
		{"a reading's figures are numbers", func(tx *store.Tx, _ *billingtest.MeterWorld, m fees.Meter, _ fees.Bill) error {
			return insertReading(tx, fees.Reading{MeterID: m.ID, Previous: "110", Value: "many", Multiplier: "1"})
		}},
		{"what a reading counted is its figures", func(tx *store.Tx, w *billingtest.MeterWorld, m fees.Meter, _ fees.Bill) error {
			r := fees.Reading{ID: models.NewID(), MeterID: m.ID, Previous: "110", Value: "115", Multiplier: "1"}
			if err := insertReading(tx, r); err != nil {
				return err
			}
			return fees.InsertUsages(tx, []fees.MeterUsage{
				{
					ID: models.NewID(), ReadingID: r.ID, RoomID: w.Room.ID, Item: billingtest.WaterItem,
					PeriodStart: billingtest.Day("2026-02-01"), Quantity: "6",
				},
			})
		}},
		{"a metered bill is the sum of what its readings counted",
			func(tx *store.Tx, w *billingtest.MeterWorld, m fees.Meter, b fees.Bill) error {
				r := fees.Reading{ID: models.NewID(), MeterID: m.ID, Previous: "110", Value: "115", Multiplier: "1"}
				if err := insertReading(tx, r); err != nil {
					return err
				}
				return fees.InsertUsages(tx, []fees.MeterUsage{
					{
						ID: models.NewID(), ReadingID: r.ID, RoomID: w.Room.ID, Item: billingtest.WaterItem,
						PeriodStart: billingtest.Day("2026-02-01"), Quantity: "5", BillID: b.ID,
					},
				})
			}},
		{"a metered bill's principal is its usage at its price",
			func(tx *store.Tx, w *billingtest.MeterWorld, m fees.Meter, b fees.Bill) error {
				b.ID, b.PeriodStart, b.PeriodEnd, b.PrincipalFen = models.NewID(), billingtest.Day("2026-02-01"),
					billingtest.Day("2026-02-28"), b.PrincipalFen+1
				b.Basis = `{"kind":"meter","usage":"10","multiplier":"1","price":"1.00"}`
				if _, err := fees.InsertBills(tx, []fees.Bill{b}, false); err != nil {
					return err
				}
				r := fees.Reading{ID: models.NewID(), MeterID: m.ID, Previous: "110", Value: "120", Multiplier: "1"}
				if err := insertReading(tx, r); err != nil {
					return err
				}
				return fees.InsertUsages(tx, []fees.MeterUsage{
					{
						ID: models.NewID(), ReadingID: r.ID, RoomID: w.Room.ID, Item: billingtest.WaterItem,
						PeriodStart: billingtest.Day("2026-02-01"), Quantity: "10", BillID: b.ID,
					},
				})
			}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			w := billingtest.NewMeterWorld(t, "1", "1-1-101,W1,水费,,100,1,2025-12-31\n1-1-101,W1,水费,100,110,1,2026-01-31\n")
			w.Bill("2026-01")
			bills, err := fees.OpenBills(w.DB.View(context.Background()), w.Room.ID)
			billingtest.NoError(t, err)
			if len(bills) != 1 {
				t.Fatalf("%d bills", len(bills))
			}
			modelstest.Write(t, w.DB, func(tx *store.Tx) error { return c.bad(tx, w, w.Meter(), bills[0]) })
			violations, err := metering.CheckMeters(w.DB.View(context.Background()))
			billingtest.NoError(t, err)
			for _, v := range violations {
				if v.Rule == c.rule {
					return
				}
			}
			t.Errorf("not found; found %v", violations)
		})
	}
}

// insertReading puts a reading of 28 February into the books.
func insertReading(tx *store.Tx, r fees.Reading) error {
	if r.ID == "" {
		r.ID = models.NewID()
	}
	r.ReadOn, r.CreatedAt = billingtest.Day("2026-02-28"), tx.Now
	return fees.InsertReadings(tx, []fees.Reading{r})
}
