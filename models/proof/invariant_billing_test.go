package proof_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// issued is a database with a billing run and a charge, each with one bill.
func issued(t *testing.T) *store.DB {
	t.Helper()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	run := fees.BillingRun{CommunityID: room.CommunityID, Period: "2026-01", Status: fees.RunPublished, IssuedBills: 1, IssuedFen: 11002,
		Items: "{}", Oddities: "{}"}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		_, err := fees.InsertRun(tx, modelstest.Actor, &run)
		return err
	})
	modelstest.Bill(t, db, room, func(b *fees.Bill) { b.BatchID = run.ID })
	charge := fees.Charge{ID: models.NewID(), CommunityID: room.CommunityID, Kind: fees.ChargeOneOff, Item: "维修服务费",
		PeriodStart: db.Today(), PeriodEnd: db.Today(),
		TotalFen: 11002, DueOn: db.Today(), LateRate: "0", Rooms: 1, Status: fees.ChargeIssued}
	bill := modelstest.Bill(t, db, room, func(b *fees.Bill) { b.BatchID, b.Source = charge.ID, fees.SourceOneOff })
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return fees.InsertCharge(tx, modelstest.Actor, &charge, []fees.ChargeLine{{RoomID: room.ID, Weight: "1", AmountFen: 11002,
			BillID: bill.ID}})
	})
	return db
}

func TestCheckFindsViolationsOfIssuing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rule, change string }{
		{"a billing run has issued the bills that it counts", "UPDATE billing_runs SET issued_bills = 2"},
		{"a billing run has issued the bills that it counts", "UPDATE bills SET batch_id = '' WHERE source = 'run'"},
		{"a charge is what its parts add up to", "UPDATE charge_lines SET amount_fen = amount_fen - 1"},
		{"a charge is what its parts add up to", "DELETE FROM charge_lines"},
		{"every part of an issued charge has its bill", "UPDATE charge_lines SET bill_id = 'none'"},
		{"every part of an issued charge has its bill", "UPDATE bills SET batch_id = '' WHERE source = 'one_off'"},
	} {
		t.Run(tt.change, func(t *testing.T) {
			t.Parallel()
			wantViolation(t, issued(t), tt.rule, tt.change)
		})
	}
}
