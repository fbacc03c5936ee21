package fees_test

import (
	"errors"
	"slices"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func TestOutstanding(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bill    fees.Bill
		owed    models.Fen
		settled models.Fen // beyond an untouched bill
	}{
		"untouched":      {fees.Bill{PrincipalFen: 100}, 100, 0},
		"part":           {fees.Bill{PrincipalFen: 100, PaidPrincipalFen: 30}, 70, 30},
		"discount":       {fees.Bill{PrincipalFen: 100, DiscountFen: 10, PaidPrincipalFen: 30}, 60, 40},
		"waived":         {fees.Bill{PrincipalFen: 100, WaivedLateFeeFen: 7}, 100, 7},
		"late fee":       {fees.Bill{PrincipalFen: 100, PaidLateFeeFen: 5}, 100, 5},
		"corrected down": {fees.Bill{PrincipalFen: 80}, 80, 20},
		"void":           {fees.Bill{PrincipalFen: 100, Status: fees.BillVoid}, 0, 0},
	} {
		if have := tt.bill.OutstandingFen(); have != tt.owed {
			t.Errorf("%s: owes %d, want %d", name, have, tt.owed)
		}
		if have := tt.bill.SettledFen() + 100; have != tt.settled {
			t.Errorf("%s: settled %d, want %d", name, have, tt.settled)
		}
	}
}

// What was read, and nothing else, is what a bill is paid from.
func TestPayBillFromWhatWasRead(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db))
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.PayBill(tx, &b, fees.BillPartial, 1000, 20) })
	equal(t, "paid", read(t, db, func(tx *store.Tx) (fees.Bill, error) { return fees.BillByID(tx, b.ID) }), b)
	if b.PaidPrincipalFen != 1000 || b.PaidLateFeeFen != 20 || b.Status != fees.BillPartial {
		t.Errorf("the bill in hand: %+v", b)
	}
	for name, stale := range map[string]func(*fees.Bill){
		"status":    status(fees.BillUnpaid),
		"principal": func(b *fees.Bill) { b.PaidPrincipalFen = 999 },
		"late fee":  func(b *fees.Bill) { b.PaidLateFeeFen = 0 },
		"id":        func(b *fees.Bill) { b.ID = models.NewID() },
	} {
		read := b
		stale(&read)
		fails(t, name, db, nil, func(tx *store.Tx) error { return fees.PayBill(tx, &read, fees.BillPaid, 10002, 0) })
	}
	equal(t, "after refusals", read(t, db, func(tx *store.Tx) (fees.Bill, error) { return fees.BillByID(tx, b.ID) }), b)
}

func TestAdjustBillFromWhatWasRead(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	was := modelstest.Bill(t, db, modelstest.Room(t, db), paid(100))
	for name, stale := range map[string]func(*fees.Bill){
		"status":    status(fees.BillUnpaid),
		"entries":   func(b *fees.Bill) { b.EntryCount = 1 },
		"principal": func(b *fees.Bill) { b.PaidPrincipalFen = 0 },
		"late fee":  func(b *fees.Bill) { b.PaidLateFeeFen = 1 },
	} {
		read, now := was, was
		stale(&read)
		now.DiscountFen, now.EntryCount = 500, was.EntryCount+1
		fails(t, name, db, nil, func(tx *store.Tx) error { return fees.AdjustBill(tx, &read, &now) })
	}
	now := was
	now.PrincipalFen, now.DiscountFen, now.WaivedLateFeeFen, now.EntryCount = 12000, 500, 7, 3
	now.Status, now.PaidPrincipalFen, now.PaidLateFeeFen, now.VoidSeq = fees.BillVoid, 90, 3, 2
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.AdjustBill(tx, &was, &now) })
	equal(t, "adjusted", read(t, db, func(tx *store.Tx) (fees.Bill, error) { return fees.BillByID(tx, was.ID) }), now)
}

func TestSetBillOwnerFromWhatWasRead(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db))
	for name, stale := range map[string]func(*fees.Bill){
		"owner":  func(b *fees.Bill) { b.OwnerID = "other" },
		"status": status(fees.BillPaid),
	} {
		read := b
		stale(&read)
		fails(t, name, db, estate.ErrBillMoved, func(tx *store.Tx) error { return fees.SetBillOwner(tx, &read, "new") })
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.SetBillOwner(tx, &b, "new") })
	got := read(t, db, func(tx *store.Tx) (fees.Bill, error) { return fees.BillByID(tx, b.ID) })
	if got.OwnerID != "new" || b.OwnerID != "new" {
		t.Errorf("the owner is %q, in hand %q", got.OwnerID, b.OwnerID)
	}
}

// However they are asked for, bills are locked in the order of their ids, also when
// there are more than a prepared statement or an IN list takes.
func TestLockBillsInOrder(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	var want []string
	for range 30 {
		want = append(want, modelstest.Bill(t, db, r).ID)
	}
	for _, n := range []int{0, 1, 3, 24, 25, 30} {
		ask := slices.Clone(want[:n])
		slices.Reverse(ask)
		list := change(t, db, func(tx *store.Tx) ([]fees.Bill, error) { return fees.LockBills(tx, ask) })
		equal(t, "locked", billIDs(list), want[:n])
	}
	ask := []string{want[7], want[2]}
	for n := range 600 { // none of them exists
		ask = append(ask, numbered("z", n))
	}
	list := change(t, db, func(tx *store.Tx) ([]fees.Bill, error) { return fees.LockBills(tx, ask) })
	equal(t, "of many", billIDs(list), []string{want[2], want[7]})
	found := read(t, db, func(tx *store.Tx) (map[string]fees.Bill, error) { return fees.BillsByIDs(tx, ask) })
	if len(found) != 2 || found[want[7]].ID != want[7] || found[want[2]].ID != want[2] {
		t.Errorf("%d bills by id", len(found))
	}
}

func TestInsertBillsTwice(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	first := modelstest.Bill(t, db, modelstest.Room(t, db))
	again, other := first, first
	again.ID, again.PrincipalFen = models.NewID(), 1
	other.ID, other.Item = models.NewID(), "水费"
	added := change(t, db, func(tx *store.Tx) (int64, error) { return fees.InsertBills(tx, []fees.Bill{again, other}, true) })
	if added != 1 {
		t.Errorf("%d bills were added", added)
	}
	equal(t, "the first", read(t, db, func(tx *store.Tx) (fees.Bill, error) { return fees.BillByID(tx, first.ID) }), first)
	again.Item = "电费"
	added = change(t, db, func(tx *store.Tx) (int64, error) { return fees.InsertBills(tx, []fees.Bill{again}, false) })
	if added != 1 {
		t.Errorf("%d bills were added", added)
	}
	err := db.Write(bg, func(tx *store.Tx) error {
		again.ID = models.NewID()
		_, err := fees.InsertBills(tx, []fees.Bill{again}, false)
		if !tx.IsDuplicate(err) {
			t.Errorf("the same period again: %v", err)
		}
		return err
	})
	if err == nil {
		t.Error("the same period was billed twice")
	}
	var refusal *models.Error
	if errors.As(err, &refusal) {
		t.Errorf("a fault of ours is shown as a refusal: %v", err)
	}
}

// A period is free again once its bill is void, and the next void one counts on.
func TestNextVoidSeq(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	next := func(b fees.Bill) int {
		return read(t, db, func(tx *store.Tx) (int, error) { return fees.NextVoidSeq(tx, &b) })
	}
	b := bill(t, db, r, "2026-01-01", "2026-01-31", void)
	if have := next(b); have != 2 {
		t.Errorf("after one void bill: %d", have)
	}
	again := bill(t, db, r, "2026-01-01", "2026-01-31")
	if have := next(again); have != 2 {
		t.Errorf("the one in its place: %d", have)
	}
	if have := next(bill(t, db, r, "2026-01-01", "2026-02-28")); have != 1 {
		t.Errorf("another period: %d", have)
	}
}

func TestBillEntries(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	a, b := modelstest.Bill(t, db, r), modelstest.Bill(t, db, r)
	entries := []fees.BillEntry{
		{
			BillID: a.ID, RoomID: r.ID, Kind: fees.EntryWaiver, LateFeeFen: -500, Reason: "一", RequestID: "q", Asked: clerk,
			Approved: chief, EffectiveOn: db.Today(),
		},
		{
			BillID: b.ID, RoomID: r.ID, Kind: fees.EntryCorrection, PrincipalFen: -1000, Reason: "二", Asked: models.UserActor("u"),
			Approved: chief, EffectiveOn: b.IssuedOn,
		},
		{
			BillID: a.ID, RoomID: r.ID, Kind: fees.EntryDiscount, PrincipalFen: -1, Reason: "三", Asked: modelstest.Actor,
			Approved: modelstest.Actor, EffectiveOn: a.IssuedOn,
		},
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertBillEntries(tx, entries) })
	got := read(t, db, func(tx *store.Tx) (map[string][]fees.BillEntry, error) {
		return fees.EntriesOf(tx, []string{b.ID, a.ID, "none"})
	})
	equal(t, "entries", got, map[string][]fees.BillEntry{a.ID: {entries[0], entries[2]}, b.ID: {entries[1]}})
	if e := got[a.ID][0]; e.BookedOn != db.Today() || e.CreatedAt.IsZero() || e.ID == "" {
		t.Errorf("not filled in: %+v", e)
	}
	for name, spoil := range map[string]func(*fees.BillEntry){
		"one person":          func(e *fees.BillEntry) { e.Approved = e.Asked },
		"late fee corrected":  func(e *fees.BillEntry) { e.Kind = fees.EntryCorrection },
		"unknown kind":        func(e *fees.BillEntry) { e.Kind = "gift" },
		"bill that is absent": func(e *fees.BillEntry) { e.BillID = models.NewID() },
	} {
		bad := entries[0]
		spoil(&bad)
		fails(t, name, db, nil, func(tx *store.Tx) error { return fees.InsertBillEntries(tx, []fees.BillEntry{bad}) })
	}
}
