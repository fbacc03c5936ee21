package money_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// A line is dated by the transaction; one of zero is left out, and one below zero, or
// within one account, the database refuses.
func TestJournal(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	line := func(kind string, fen models.Fen) money.JournalLine {
		return money.JournalLine{
			Kind: kind, Debit: money.AccountReceivable, Credit: money.AccountRevenue, AmountFen: fen, CommunityID: r.CommunityID,
			RoomID: r.ID,
			BillID: models.NewID(), PaymentID: models.NewID(), Merchant: "main",
		}
	}
	want := []money.JournalLine{line(money.JournalIssue, 100), line(money.JournalCorrection, 1)}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return money.Journal(tx, []money.JournalLine{want[0], line(money.JournalVoid, 0), want[1]})
	})
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.Journal(tx, nil) })
	got, err := money.JournalOfRoom(view(db), r.ID)
	if err != nil || len(got) != 2 || got[0].ID >= got[1].ID {
		t.Fatalf("%+v, %v", got, err)
	}
	for i := range want {
		want[i].ID, want[i].BookedAt, want[i].BookedOn = got[i].ID, db.Now(), today
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	within := line(money.JournalIssue, 1)
	within.Credit = within.Debit
	for name, bad := range map[string]money.JournalLine{"below zero": line(money.JournalIssue, -1), "within one account": within} {
		if err := write(db, func(tx *store.Tx) error { return money.Journal(tx, []money.JournalLine{bad}) }); err == nil {
			t.Errorf("%s: kept", name)
		}
	}
}

// What is settled of more bills than one statement takes is found, by bill and in order
// of the day it counts from.
func TestAllocations(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	payment := models.NewID()
	var ids []string
	var all []money.Allocation
	for i := range 26 { // more than are prepared
		b := modelstest.Bill(t, db, r)
		ids = append(ids, b.ID)
		for _, on := range []models.Date{today, today - 1} {
			all = append(all, money.Allocation{
				ID: models.NewID(), PaymentID: payment, BillID: b.ID, RoomID: r.ID, PrincipalFen: models.Fen(i + 1), LateFeeFen: 2,
				EffectiveOn: on, CreatedAt: db.Now(),
			})
		}
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.InsertAllocations(tx, all) })
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.InsertAllocations(tx, nil) })
	want := map[string][]money.Allocation{}
	for i, id := range ids {
		want[id] = []money.Allocation{all[2*i+1], all[2*i]} // the earlier day first
	}
	for _, n := range []int{1, 24, 25, 26} {
		got, err := money.AllocationsOf(view(db), ids[:n])
		if err != nil || len(got) != n {
			t.Errorf("%d bills: %d, %v", n, len(got), err)
		}
		for _, id := range ids[:n] {
			if diff := cmp.Diff(want[id], got[id]); diff != "" {
				t.Errorf("%d bills: %s", n, diff)
			}
		}
	}
	var many []string
	for range 501 {
		many = append(many, models.NewID())
	}
	if got, err := money.AllocationsOf(view(db), append(many, ids[0])); err != nil || len(got) != 1 || len(got[ids[0]]) != 2 {
		t.Errorf("behind 501 bills without one: %v, %v", got, err)
	}
	by, err := money.AllocationsByBill(view(db), payment)
	if diff := cmp.Diff(want, by); diff != "" || err != nil {
		t.Errorf("AllocationsByBill: %v\n%s", err, diff)
	}
	list, err := money.AllocationsOfPayment(view(db), payment)
	if diff := cmp.Diff(all, list); diff != "" || err != nil {
		t.Errorf("AllocationsOfPayment: %v\n%s", err, diff)
	}
}

// A transaction that ends in an error leaves nothing, deferred or not.
func TestNothingIsKeptOfAnError(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	broken := errors.New("broken")
	for _, lines := range []int{1, 6} { // few statements go one by one, many together
		err := write(db, func(tx *store.Tx) error {
			for i := range lines {
				if err := money.Journal(tx, []money.JournalLine{{
					Kind: fmt.Sprint(i), Debit: money.AccountCash, Credit: money.AccountPrepaid, AmountFen: 1, CommunityID: r.CommunityID,
					RoomID: r.ID,
				}}); err != nil {
					return err
				}
			}
			return broken
		})
		is(t, "the error", err, broken)
		if got, err := money.JournalOfRoom(view(db), r.ID); len(got) != 0 || err != nil {
			t.Errorf("%d lines: %d were kept, %v", lines, len(got), err)
		}
	}
}
