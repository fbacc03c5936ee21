package billing_test

import (
	"context"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// Each rule about meters is shown to fire: rows that no operation would write are
// put into books that agree.
func TestCheckMetersFindsEachViolation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule string
		bad  func(tx *models.Tx, w *meterWorld, m models.Meter, b models.Bill) error
	}{
		{"a reading goes on from the one before", func(tx *models.Tx, _ *meterWorld, m models.Meter, _ models.Bill) error {
			return insertReading(tx, models.Reading{MeterID: m.ID, Previous: "111", Value: "115", Multiplier: "1"})
		}},
		{"usage is negative only where it settles an estimate", func(tx *models.Tx, _ *meterWorld, m models.Meter, _ models.Bill) error {
			return insertReading(tx, models.Reading{MeterID: m.ID, Previous: "110", Value: "105", Multiplier: "1"})
		}},
		{"a reading counts with the multiplier of its day", func(tx *models.Tx, _ *meterWorld, m models.Meter, _ models.Bill) error {
			return insertReading(tx, models.Reading{MeterID: m.ID, Previous: "110", Value: "115", Multiplier: "2"})
		}},
		{"a meter is read while it is in use", func(tx *models.Tx, _ *meterWorld, m models.Meter, _ models.Bill) error {
			if _, err := tx.RemoveMeter(m.ID, day("2026-02-01")); err != nil {
				return err
			}
			return insertReading(tx, models.Reading{MeterID: m.ID, Previous: "110", Value: "115", Multiplier: "1"})
		}},
		{"a reading's figures are numbers", func(tx *models.Tx, _ *meterWorld, m models.Meter, _ models.Bill) error {
			return insertReading(tx, models.Reading{MeterID: m.ID, Previous: "110", Value: "many", Multiplier: "1"})
		}},
		{"what a reading counted is its figures", func(tx *models.Tx, w *meterWorld, m models.Meter, _ models.Bill) error {
			r := models.Reading{ID: models.NewID(), MeterID: m.ID, Previous: "110", Value: "115", Multiplier: "1"}
			if err := insertReading(tx, r); err != nil {
				return err
			}
			return tx.InsertUsages([]models.MeterUsage{{ID: models.NewID(), ReadingID: r.ID, RoomID: w.room.ID, Item: waterItem, PeriodStart: day("2026-02-01"), Quantity: "6"}})
		}},
		{"a metered bill is the sum of what its readings counted", func(tx *models.Tx, w *meterWorld, m models.Meter, b models.Bill) error {
			r := models.Reading{ID: models.NewID(), MeterID: m.ID, Previous: "110", Value: "115", Multiplier: "1"}
			if err := insertReading(tx, r); err != nil {
				return err
			}
			return tx.InsertUsages([]models.MeterUsage{{ID: models.NewID(), ReadingID: r.ID, RoomID: w.room.ID, Item: waterItem, PeriodStart: day("2026-02-01"), Quantity: "5", BillID: b.ID}})
		}},
		{"a metered bill's principal is its usage at its price", func(tx *models.Tx, w *meterWorld, m models.Meter, b models.Bill) error {
			b.ID, b.PeriodStart, b.PeriodEnd, b.PrincipalFen = models.NewID(), day("2026-02-01"), day("2026-02-28"), b.PrincipalFen+1
			b.Basis = `{"kind":"meter","usage":"10","multiplier":"1","price":"1.00"}`
			if _, err := tx.InsertBills([]models.Bill{b}, false); err != nil {
				return err
			}
			r := models.Reading{ID: models.NewID(), MeterID: m.ID, Previous: "110", Value: "120", Multiplier: "1"}
			if err := insertReading(tx, r); err != nil {
				return err
			}
			return tx.InsertUsages([]models.MeterUsage{{ID: models.NewID(), ReadingID: r.ID, RoomID: w.room.ID, Item: waterItem, PeriodStart: day("2026-02-01"), Quantity: "10", BillID: b.ID}})
		}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			w := newMeterWorld(t, "1", "1-1-101,W1,水费,,100,1,2025-12-31\n1-1-101,W1,水费,100,110,1,2026-01-31\n")
			w.bill("2026-01")
			bills, err := w.db.View(context.Background()).OpenBills(w.room.ID)
			try(t, err)
			if len(bills) != 1 {
				t.Fatalf("%d bills", len(bills))
			}
			modelstest.Write(t, w.db, func(tx *models.Tx) error { return c.bad(tx, w, w.meter(), bills[0]) })
			violations, err := billing.CheckMeters(w.db.View(context.Background()))
			try(t, err)
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
func insertReading(tx *models.Tx, r models.Reading) error {
	if r.ID == "" {
		r.ID = models.NewID()
	}
	r.ReadOn, r.CreatedAt = day("2026-02-28"), tx.Now
	return tx.InsertReadings([]models.Reading{r})
}
