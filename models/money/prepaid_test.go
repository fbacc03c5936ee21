package money_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// balances returns the room's balances by item, and fails the test unless they add up to
// the room's and to the entries'.
func balances(t *testing.T, db *store.DB, roomID string) map[string]models.Fen {
	t.Helper()
	list, err := money.PrepaidBalances(view(db), []string{roomID})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]models.Fen{}
	var sum models.Fen
	for _, b := range list[roomID] {
		out[b.Item] = b.AmountFen
		sum += b.AmountFen
	}
	room, err := money.LockPrepaid(view(db), roomID)
	known, knownErr := money.PrepaidKnownOn(view(db), roomID, today)
	if err != nil || knownErr != nil || room != sum || known != sum {
		t.Errorf("the room has %d, its items %d, its entries %d; %v, %v", room, sum, known, err, knownErr)
	}
	return out
}

// What is moved goes to the balance of its item alone, and no balance falls below zero.
func TestMovePrepaid(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	for i, step := range []struct {
		item   string
		amount models.Fen
		want   error
		after  map[string]models.Fen
	}{
		{"水费", -1, money.ErrPrepaidShort, map[string]models.Fen{}},
		{"水费", 500, nil, map[string]models.Fen{"水费": 500}},
		{"", 300, nil, map[string]models.Fen{"水费": 500, "": 300}},
		{"水费", 1, nil, map[string]models.Fen{"水费": 501, "": 300}},
		{"", -301, money.ErrPrepaidShort, map[string]models.Fen{"水费": 501, "": 300}}, // 水费 has enough, but not for any
		{"", -300, nil, map[string]models.Fen{"水费": 501}},
		{"电费", -1, money.ErrPrepaidShort, map[string]models.Fen{"水费": 501}},
		{"水费", -502, money.ErrPrepaidShort, map[string]models.Fen{"水费": 501}},
	} {
		err := write(db, func(tx *store.Tx) error {
			return money.MovePrepaidOf(tx, r.ID, step.item, money.PrepaidTopup, step.amount, "", "")
		})
		if err != step.want {
			t.Errorf("step %d: %v, want %v", i, err, step.want)
		}
		if diff := cmp.Diff(step.after, balances(t, db, r.ID)); diff != "" {
			t.Errorf("step %d:\n%s", i, diff)
		}
	}
	entries, err := money.PrepaidEntries(view(db), r.ID, 10)
	if err != nil || len(entries) != 4 || entries[0].AmountFen != -300 || entries[3].Item != "水费" {
		t.Errorf("%+v, %v", entries, err)
	}
	if last, err := money.PrepaidEntries(view(db), r.ID, 1); len(last) != 1 || last[0] != entries[0] || err != nil {
		t.Errorf("the newest: %+v, %v", last, err)
	}
	had, err := money.RoomsThatPrepaid(view(db), []string{r.ID, modelstest.Room(t, db).ID})
	if diff := cmp.Diff([]string{r.ID}, had); diff != "" || err != nil {
		t.Errorf("RoomsThatPrepaid: %v\n%s", err, diff)
	}
	err = write(db, func(tx *store.Tx) error { return money.MovePrepaid(tx, models.NewID(), money.PrepaidTopup, 1, "", "") })
	is(t, "no room", err, money.ErrPrepaidShort)
	_, err = money.LockPrepaid(view(db), models.NewID())
	is(t, "no room to lock", err, models.ErrNotFound)
}

// An entry belongs to the business day in Shanghai on which it came.
func TestPrepaidKnownOn(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock((today + 1).Start().Add(-1e6)) // a millisecond before midnight
	db := modelstest.OpenAt(t, clock.Now)
	r := modelstest.Room(t, db)
	for range 2 {
		modelstest.Write(t, db, func(tx *store.Tx) error { return money.MovePrepaid(tx, r.ID, money.PrepaidTopup, 100, "", "") })
		clock.Set((today + 1).Start())
	}
	for day, want := range map[models.Date]models.Fen{today - 1: 0, today: 100, today + 1: 200} {
		if got, err := money.PrepaidKnownOn(view(db), r.ID, day); got != want || err != nil {
			t.Errorf("%s: %d, want %d, %v", day, got, want, err)
		}
	}
}

// Staff move prepayment between items of a room; the sum stays.
func TestPrepaidMove(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.MovePrepaid(tx, r.ID, money.PrepaidTopup, 500, "", "") })
	move := func(from, to string, fen models.Fen) error {
		return write(db, func(tx *store.Tx) error {
			return money.InsertPrepaidMove(tx, money.PrepaidMove{
				ID: models.NewID(), RoomID: r.ID, FromItem: from, ToItem: to, AmountFen: fen, Reason: "业主要求", ByName: "甲",
				CreatedAt: tx.Now,
			})
		})
	}
	is(t, "more than there is", move("", "水费", 501), money.ErrPrepaidShort)
	is(t, "some", move("", "水费", 200), nil)
	is(t, "back", move("水费", "", 50), nil)
	if err := move("水费", "水费", 1); err == nil {
		t.Error("moved to where it was")
	}
	if diff := cmp.Diff(map[string]models.Fen{"": 350, "水费": 150}, balances(t, db, r.ID)); diff != "" {
		t.Error(diff)
	}
	moves, err := money.PrepaidMoves(view(db), r.ID, 10)
	if err != nil || len(moves) != 2 || moves[0].AmountFen != 50 || moves[1].ToItem != "水费" || moves[1].ByName != "甲" {
		t.Errorf("%+v, %v", moves, err)
	}
}

// Prepayment is told apart by the payment that brought it.
func TestPrepaidByPayment(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	p := newPayment(t, db, r)
	spent := newPayment(t, db, r, func(p *money.Payment) { p.PaidAt = models.At(today.Start()) })
	for _, x := range []money.Payment{p, spent} {
		newOrder(t, db, r, nil, func(o *money.Order) { o.No, o.PrepayItem = *x.OrderNo, "水费" })
	}
	b := modelstest.Bill(t, db, r)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		for _, e := range []money.PrepaidEntry{
			{Item: "水费", Kind: money.PrepaidTopup, AmountFen: 70, PaymentID: p.ID},
			{Kind: money.PrepaidSurplus, AmountFen: 30, PaymentID: p.ID},
			{Kind: money.PrepaidCredit, AmountFen: 11, PaymentID: p.ID, BillID: b.ID},
			{Kind: money.PrepaidTopup, AmountFen: 5, PaymentID: spent.ID},
			{Kind: money.PrepaidTopup, AmountFen: -5, PaymentID: spent.ID},
		} {
			if err := money.MovePrepaidOf(tx, r.ID, e.Item, e.Kind, e.AmountFen, e.PaymentID, e.BillID); err != nil {
				return err
			}
		}
		return nil
	})
	parts, err := money.PrepaidOfPayment(view(db), p.ID)
	want := []money.PrepaidEntry{
		{RoomID: r.ID, Kind: money.PrepaidCredit, AmountFen: 11}, {RoomID: r.ID, Kind: money.PrepaidSurplus, AmountFen: 30},
		{RoomID: r.ID, Kind: money.PrepaidTopup, Item: "水费", AmountFen: 70},
	}
	if diff := cmp.Diff(want, parts); diff != "" || err != nil {
		t.Errorf("PrepaidOfPayment: %v\n%s", err, diff)
	}
	if parts, err := money.PrepaidOfPayment(view(db), spent.ID); len(parts) != 0 || err != nil {
		t.Errorf("of one that went back: %+v, %v", parts, err)
	}
	sums, err := money.PrepaidOfPayments(view(db), []string{p.ID, spent.ID, models.NewID()})
	if diff := cmp.Diff(map[string]models.Fen{p.ID: 111, spent.ID: 0}, sums); diff != "" || err != nil {
		t.Errorf("PrepaidOfPayments: %v\n%s", err, diff)
	}
	credits, err := money.PrepaidCredits(view(db), b.ID)
	if diff := cmp.Diff(map[string]models.Fen{p.ID: 11}, credits); diff != "" || err != nil {
		t.Errorf("PrepaidCredits: %v\n%s", err, diff)
	}
	for since, want := range map[models.Time][]money.PrepaidPayment{
		p.PaidAt:                     {{PaymentID: p.ID, OrderNo: *p.OrderNo, Item: "水费", AmountFen: 111}},
		models.At(p.PaidAt.Add(1e6)): nil,
	} {
		list, err := money.PrepaidPayments(view(db), r.ID, since)
		if diff := cmp.Diff(want, list); diff != "" || err != nil {
			t.Errorf("since %v: %v\n%s", since, err, diff)
		}
	}
}

// At a transfer all prepayment leaves the room and is owed to the former owner.
func TestPrepaidToFormer(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	var took models.Fen
	modelstest.Write(t, db, func(tx *store.Tx) (err error) {
		if err := money.MovePrepaidOf(tx, r.ID, "水费", money.PrepaidTopup, 200, "", ""); err != nil {
			return err
		}
		if err := money.MovePrepaid(tx, r.ID, money.PrepaidTopup, 50, "", ""); err != nil {
			return err
		}
		took, err = money.PrepaidToFormer(tx, r)
		return err
	})
	owed, err := money.OwedToFormer(view(db), r.ID)
	if took != 250 || owed != 250 || err != nil || len(balances(t, db, r.ID)) != 0 {
		t.Errorf("took %d, owes %d, %v", took, owed, err)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return money.Journal(tx, []money.JournalLine{{
			Kind: money.JournalRefundPrepaid, Debit: money.AccountFormer, Credit: money.AccountBank, AmountFen: 100,
			CommunityID: r.CommunityID, RoomID: r.ID,
		}})
	})
	if owed, err := money.OwedToFormer(view(db), r.ID); owed != 150 || err != nil {
		t.Errorf("owes %d after 100 were paid out, %v", owed, err)
	}
	empty := modelstest.Room(t, db)
	modelstest.Write(t, db, func(tx *store.Tx) (err error) {
		took, err = money.PrepaidToFormer(tx, empty)
		return err
	})
	if took != 0 {
		t.Errorf("took %d of a room that has none", took)
	}
}

// Prepayment is the new owner's from the day of the transfer on.
func TestPrepaidOwner(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	for name, tt := range map[string]struct {
		on  models.Date
		new bool
	}{"today": {today, true}, "tomorrow": {today + 1, false}} {
		r := modelstest.Room(t, db)
		if owner, err := money.PrepaidOwner(view(db), r.ID); owner != "" || err != nil {
			t.Errorf("%s: never changed hands: %q, %v", name, owner, err)
		}
		x := estate.Transfer{RoomID: r.ID, CommunityID: r.CommunityID, TransferOn: tt.on, PrepaidTo: estate.PrepaidStays}
		modelstest.Write(t, db, func(tx *store.Tx) error {
			from, to := estate.NewOwner(tx, r.CommunityID, "张三", modelstest.Phone(1)), estate.NewOwner(tx, r.CommunityID, "李四",
				modelstest.Phone(2))
			x.FromOwnerID, x.ToOwnerID = from.ID, to.ID
			if err := estate.InsertOwners(tx, []estate.Owner{from, to}); err != nil {
				return err
			}
			return estate.InsertTransfer(tx, modelstest.Actor, &x)
		})
		want := x.FromOwnerID
		if tt.new {
			want = x.ToOwnerID
		}
		if owner, err := money.PrepaidOwner(view(db), r.ID); owner != want || err != nil {
			t.Errorf("%s: %q, want %q, %v", name, owner, want, err)
		}
	}
}
