package fees_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// newCharge returns a charge of 100 yuan for three rooms, and its lines.
func newCharge(t *testing.T, db *store.DB, key string) (fees.Charge, []fees.ChargeLine) {
	t.Helper()
	c := fees.Charge{
		ID: models.NewID(), CommunityID: modelstest.Community(t, db, "测试小区").ID, Kind: fees.ChargeShared, Item: "公共水费",
		PeriodStart: day("2026-03-01"), PeriodEnd: day("2026-03-31"), TotalFen: 10000, ShareBy: fees.ShareByArea, DueOn: day("2026-04-15"),
		LateRate: "0.003", Rooms: 3, Status: fees.ChargeIssuing, OpenKey: &key,
	}
	var lines []fees.ChargeLine
	for i, fen := range []models.Fen{3334, 3333, 3333} {
		lines = append(lines, fees.ChargeLine{Seq: i, RoomID: modelstest.Room(t, db).ID, Weight: "1", AmountFen: fen})
	}
	return c, lines
}

// The same is charged once until it is void.
func TestChargedOnce(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	c, lines := newCharge(t, db, "key")
	insert := func(c fees.Charge) func(tx *store.Tx) error {
		c.ID = models.NewID()
		return func(tx *store.Tx) error { return fees.InsertCharge(tx, clerk, &c, nil) }
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertCharge(tx, clerk, &c, lines) })
	fails(t, "again", db, fees.ErrChargedAlready, insert(c))
	equal(t, "charge", read(t, db, func(tx *store.Tx) (fees.Charge, error) { return fees.ChargeByID(tx, c.ID) }), c)
	if c.MadeBy != clerk || c.VoidAsked.Kind+c.VoidApproved.Kind != "" {
		t.Errorf("made by %v, void by %v and %v", c.MadeBy, c.VoidAsked, c.VoidApproved)
	}
	got := read(t, db, func(tx *store.Tx) ([]fees.ChargeLine, error) { return fees.ChargeLines(tx, c.ID, 1, 9) })
	equal(t, "lines from the second", got, lines[1:])
	got = read(t, db, func(tx *store.Tx) ([]fees.ChargeLine, error) { return fees.ChargeLines(tx, c.ID, 0, 1) })
	equal(t, "the first line", got, lines[:1])

	c.Status, c.NextSeq, c.VoidReason, c.VoidAsked = fees.ChargeVoiding, 2, "算错", clerk
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.UpdateCharge(tx, &c) })
	fails(t, "while it is being made void", db, fees.ErrChargedAlready, insert(c))
	c.Status, c.VoidApproved = fees.ChargeVoid, chief
	kept := c
	c.Item, c.TotalFen, c.MadeBy = "别的", 1, chief // not to be written
	for range 2 {
		modelstest.Write(t, db, func(tx *store.Tx) error { return fees.UpdateCharge(tx, &c) })
	}
	kept.OpenKey, kept.UpdatedAt = nil, c.UpdatedAt
	equal(t, "void", change(t, db, func(tx *store.Tx) (fees.Charge, error) { return fees.LockCharge(tx, c.ID) }), kept)
	key := "key"
	kept.OpenKey = &key
	modelstest.Write(t, db, insert(kept))
}

func TestChargeLists(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	var shared []string
	unfinished := map[string]bool{fees.ChargeIssuing: true, fees.ChargeVoiding: true}
	var open []string
	for i, s := range []string{fees.ChargeIssuing, fees.ChargeIssued, fees.ChargeVoiding, fees.ChargeVoid, fees.ChargeIssuing} {
		c, lines := newCharge(t, db, numbered("key", i))
		if c.Status = s; i == 4 {
			c.Kind = fees.ChargeOneOff
		} else {
			shared = append([]string{c.ID}, shared...)
		}
		if unfinished[s] {
			open = append(open, c.ID)
		}
		modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertCharge(tx, clerk, &c, lines[:1]) })
	}
	id := func(c fees.Charge) string { return c.ID }
	got := pages(t, func(after string) ([]fees.Charge, error) {
		return fees.Charges(db.View(bg), fees.ChargeShared, after, 2)
	}, id)
	equal(t, "shared", each(got, id), shared)
	equal(t, "unfinished", each(read(t, db, fees.UnfinishedCharges), id), open)
	c, lines := newCharge(t, db, "twice")
	lines[1].RoomID = lines[0].RoomID
	fails(t, "a room with two parts", db, nil, func(tx *store.Tx) error { return fees.InsertCharge(tx, clerk, &c, lines) })
}
