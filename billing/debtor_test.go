package billing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// settle pays a sum for a payer and returns what was left for prepayment, after it has
// been shown the same.
func settle(h *billingtest.Home, payer string, amount models.Fen) (billing.AllocationPreview, error) {
	h.T.Helper()
	shown, errShown := billing.PreviewAllocation(h.DB.View(context.Background()), h.Room, payer, amount)
	var done billing.AllocationPreview
	errDone := h.DB.Write(context.Background(), func(tx *store.Tx) (err error) {
		done, err = billing.SettleRoom(tx, billing.Money{
			PaymentID: models.NewID(), RoomID: h.Room.ID, CommunityID: h.Room.CommunityID, PayerID: payer, Debit: money.AccountWechat,
			Settlement: estate.LateFeeFirst, EffectiveOn: tx.Today(),
		}, amount)
		return err
	})
	if !errors.Is(errDone, errShown) {
		h.T.Fatalf("shown %v, done %v", errShown, errDone)
	}
	if errDone == nil && !cmp.Equal(splits(shown), splits(done)) {
		h.T.Fatalf("shown %v, done %v", splits(shown), splits(done))
	}
	return done, errDone
}

// paidOf is what is paid of bills, late fee included.
func paidOf(h *billingtest.Home, bills ...fees.Bill) (out []models.Fen) {
	h.T.Helper()
	for _, b := range bills {
		now, err := fees.BillByID(h.DB.View(context.Background()), b.ID)
		if err != nil {
			h.T.Fatal(err)
		}
		out = append(out, now.PaidPrincipalFen+now.PaidLateFeeFen)
	}
	return out
}

// After a transfer money settles the bills of the person who pays it, however much older the
// bills of the other are.
func TestMoneyGoesToThePayersBills(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-03-15")
	free := func(b *fees.Bill) { b.LateRate = "0" }
	old := h.Bill(former, "2025-11-01", "2025-11-30", free)
	own := h.Bill(former, "2026-03-01", "2026-03-31", free)
	nobodys := h.Bill(estate.Owner{}, "2026-03-02", "2026-03-31", free)
	h.Transfer("2026-03-01")
	current := h.Owner("2026-03-15")

	for _, tt := range []struct {
		name    string
		payer   string
		amount  models.Fen
		want    error
		paid    []models.Fen // of the former owner's bill and the new owner's two
		prepaid models.Fen
	}{
		{name: "the owner of today by default", payer: "", amount: 11000, want: nil, paid: []models.Fen{0, 11000, 0}, prepaid: 0},
		{
			name: "the owner of today by name, and the bill of nobody", payer: current.ID, amount: 10000, want: nil,
			paid: []models.Fen{0, 11002, 9998}, prepaid: 0,
		},
		{name: "the former owner", payer: former.ID, amount: 500, want: nil, paid: []models.Fen{500, 11002, 9998}, prepaid: 0},
		{
			name: "more than the former owner owes", payer: former.ID, amount: 10503, want: billing.ErrPayerOwesLess,
			paid: []models.Fen{500, 11002, 9998}, prepaid: 0,
		},
		{name: "exactly that", payer: former.ID, amount: 10502, want: nil, paid: []models.Fen{11002, 11002, 9998}, prepaid: 0},
		{
			name: "the former owner owes nothing", payer: former.ID, amount: 1, want: billing.ErrPayerOwesLess,
			paid: []models.Fen{11002, 11002, 9998}, prepaid: 0,
		},
		{
			name: "the rest is prepayment of the owner of today", payer: "", amount: 2004, want: nil,
			paid: []models.Fen{11002, 11002, 11002}, prepaid: 1000,
		},
		{
			name: "a stranger", payer: models.NewID(), amount: 1, want: models.ErrNotFound, paid: []models.Fen{11002, 11002, 11002},
			prepaid: 0,
		},
	} {
		done, err := settle(h, tt.payer, tt.amount)
		if !errors.Is(err, tt.want) || err == nil && done.PrepaidFen != tt.prepaid {
			t.Fatalf("%s: %v, %d to prepayment; want %v, %d", tt.name, err, done.PrepaidFen, tt.want, tt.prepaid)
		}
		if diff := cmp.Diff(tt.paid, paidOf(h, old, own, nobodys)); diff != "" {
			t.Fatalf("%s: paid (want -, have +):\n%s", tt.name, diff)
		}
	}
}

// Who may pay for a room: the owner of today always, another only with something open.
func TestSides(t *testing.T) {
	t.Parallel()
	h := billingtest.NewHome(t)
	former := h.Owner("2026-03-15")
	free := func(b *fees.Bill) { b.LateRate = "0" }
	h.Bill(former, "2025-11-01", "2025-11-30", free)
	sides := func() (out []billing.Debtor) {
		list, err := billing.Debtors(h.DB.View(context.Background()), h.Room.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			s.Owner = estate.Owner{Name: s.Owner.Name}
			out = append(out, s)
		}
		return out
	}
	owner := func(id, name string, until models.Date, due models.Fen) billing.Debtor {
		return billing.Debtor{OwnerID: id, Owner: estate.Owner{Name: name}, UntilOn: until, DueFen: due}
	}
	if diff := cmp.Diff([]billing.Debtor{owner("", "王小明", 0, 11002)}, sides()); diff != "" {
		t.Errorf("before the transfer:\n%s", diff)
	}
	h.Transfer("2026-03-01")
	h.Bill(h.Owner("2026-03-15"), "2026-03-01", "2026-03-31", free)
	want := []billing.Debtor{owner("", "李新", 0, 11002), owner(former.ID, "王小明", models.MustDate("2026-02-28"), 11002)}
	if diff := cmp.Diff(want, sides()); diff != "" {
		t.Errorf("after it:\n%s", diff)
	}
	if _, err := settle(h, former.ID, 11002); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[:1], sides()); diff != "" {
		t.Errorf("when the former owner has paid:\n%s", diff)
	}
	modelstest.Write(t, h.DB, func(tx *store.Tx) error { // nobody owns it any more: the last who did
		list, err := estate.TenuresOfRoom(tx, h.Room.ID)
		if err != nil {
			return err
		}
		return estate.EndTenure(tx, list[0], models.MustDate("2026-03-10"))
	})
	if diff := cmp.Diff([]billing.Debtor{owner("", "李新", models.MustDate("2026-03-10"), 11002)}, sides()); diff != "" {
		t.Errorf("when nobody owns the room:\n%s", diff)
	}
}
