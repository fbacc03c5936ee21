package billing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// settle pays a sum for a payer and gives what was left for prepayment, after it has
// been shown the same.
func (h *home) settle(payer string, amount models.Fen) (billing.Allocation, error) {
	h.t.Helper()
	shown, errShown := billing.PlanFor(h.db.View(context.Background()), h.room, payer, amount)
	var done billing.Allocation
	errDone := h.db.Write(context.Background(), func(tx *store.Tx) (err error) {
		done, err = billing.SettleRoom(tx, billing.Money{PaymentID: models.NewID(), RoomID: h.room.ID, CommunityID: h.room.CommunityID, PayerID: payer,
			Debit: money.AccountWechat, Settlement: estate.LateFeeFirst, EffectiveOn: tx.Today()}, amount)
		return err
	})
	if !errors.Is(errDone, errShown) {
		h.t.Fatalf("shown %v, done %v", errShown, errDone)
	}
	if errDone == nil && !cmp.Equal(splits(shown), splits(done)) {
		h.t.Fatalf("shown %v, done %v", splits(shown), splits(done))
	}
	return done, errDone
}

// paidOf is what is paid of bills, late fee included.
func (h *home) paidOf(bills ...fees.Bill) (out []models.Fen) {
	h.t.Helper()
	for _, b := range bills {
		now, err := fees.BillByID(h.db.View(context.Background()), b.ID)
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, now.PaidPrincipalFen+now.PaidLateFeeFen)
	}
	return out
}

// After a transfer money settles the bills of whoever pays it, however much older the
// bills of the other are.
func TestMoneyGoesToThePayersBills(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	former := h.owner("2026-03-15")
	free := func(b *fees.Bill) { b.LateRate = "0" }
	old := h.bill(former, "2025-11-01", "2025-11-30", free)
	own := h.bill(former, "2026-03-01", "2026-03-31", free)
	nobodys := h.bill(estate.Owner{}, "2026-03-02", "2026-03-31", free)
	h.transfer("2026-03-01")
	current := h.owner("2026-03-15")

	for _, tt := range []struct {
		name    string
		payer   string
		amount  models.Fen
		want    error
		paid    []models.Fen // of the former owner's bill and the new owner's two
		prepaid models.Fen
	}{
		{"the owner of today by default", "", 11000, nil, []models.Fen{0, 11000, 0}, 0},
		{"the owner of today by name, and the bill of nobody", current.ID, 10000, nil, []models.Fen{0, 11002, 9998}, 0},
		{"the former owner", former.ID, 500, nil, []models.Fen{500, 11002, 9998}, 0},
		{"more than the former owner owes", former.ID, 10503, billing.ErrPayerOwesLess, []models.Fen{500, 11002, 9998}, 0},
		{"exactly that", former.ID, 10502, nil, []models.Fen{11002, 11002, 9998}, 0},
		{"the former owner owes nothing", former.ID, 1, billing.ErrPayerOwesLess, []models.Fen{11002, 11002, 9998}, 0},
		{"the rest is prepayment of the owner of today", "", 2004, nil, []models.Fen{11002, 11002, 11002}, 1000},
		{"a stranger", models.NewID(), 1, models.ErrNotFound, []models.Fen{11002, 11002, 11002}, 0},
	} {
		done, err := h.settle(tt.payer, tt.amount)
		if !errors.Is(err, tt.want) || err == nil && done.PrepaidFen != tt.prepaid {
			t.Fatalf("%s: %v, %d to prepayment; want %v, %d", tt.name, err, done.PrepaidFen, tt.want, tt.prepaid)
		}
		if diff := cmp.Diff(tt.paid, h.paidOf(old, own, nobodys)); diff != "" {
			t.Fatalf("%s: paid (want -, have +):\n%s", tt.name, diff)
		}
	}
}

// Who may pay for a room: the owner of today always, another only with something open.
func TestSides(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	former := h.owner("2026-03-15")
	free := func(b *fees.Bill) { b.LateRate = "0" }
	h.bill(former, "2025-11-01", "2025-11-30", free)
	sides := func() (out []billing.Side) {
		list, err := billing.Sides(h.db.View(context.Background()), h.room.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			s.Owner = estate.Owner{Name: s.Owner.Name}
			out = append(out, s)
		}
		return out
	}
	owner := func(id, name string, until models.Date, due models.Fen) billing.Side {
		return billing.Side{OwnerID: id, Owner: estate.Owner{Name: name}, UntilOn: until, DueFen: due}
	}
	if diff := cmp.Diff([]billing.Side{owner("", "王小明", 0, 11002)}, sides()); diff != "" {
		t.Errorf("before the transfer:\n%s", diff)
	}
	h.transfer("2026-03-01")
	h.bill(h.owner("2026-03-15"), "2026-03-01", "2026-03-31", free)
	want := []billing.Side{owner("", "李新", 0, 11002), owner(former.ID, "王小明", models.MustDate("2026-02-28"), 11002)}
	if diff := cmp.Diff(want, sides()); diff != "" {
		t.Errorf("after it:\n%s", diff)
	}
	if _, err := h.settle(former.ID, 11002); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[:1], sides()); diff != "" {
		t.Errorf("when the former owner has paid:\n%s", diff)
	}
	modelstest.Write(t, h.db, func(tx *store.Tx) error { // nobody owns it any more: the last who did
		list, err := estate.TenuresOfRoom(tx, h.room.ID)
		if err != nil {
			return err
		}
		return estate.EndTenure(tx, list[0], models.MustDate("2026-03-10"))
	})
	if diff := cmp.Diff([]billing.Side{owner("", "李新", models.MustDate("2026-03-10"), 11002)}, sides()); diff != "" {
		t.Errorf("when nobody owns the room:\n%s", diff)
	}
}
