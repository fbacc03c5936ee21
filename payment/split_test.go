package payment_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// rule says that a fee item of the home's community is paid to a merchant.
func (h *home) rule(item, merchant string) {
	h.w.t.Helper()
	modelstest.Write(h.w.t, h.w.db, func(tx *store.Tx) error {
		return estate.SetMerchantRule(tx, modelstest.Actor, h.room.CommunityID, item, merchant)
	})
}

// Fee items that are paid to different merchants: a choice that mixes them is
// refused and split, and each part of it can be ordered as it is told.
func TestCheckoutNeverMixesMerchants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) {
		s.merchants = []sandbox.Merchant{{Name: "main"}, {Name: "park"}, {Name: "water", Partner: true}}
	})
	h := w.home(2)
	items := []string{"停车费", "水费"}
	for _, item := range items {
		h.bills = append(h.bills, modelstest.Bill(t, w.db, h.room, func(b *fees.Bill) { b.Item = item }))
	}
	if h.order(0, 0, 2).Order.Merchant != "main" { // no rules yet
		t.Error("not the first merchant")
	}
	h.rule("停车费", "park")
	h.rule("水费", "water")
	_, err := w.pay.Checkout(bg, h.wants(500, 0, 1, 2, 3))
	refused(t, err, payment.ErrMerchantsMixed)
	e, _ := models.AsError(err)
	both := []string{h.bills[0].ID, h.bills[1].ID}
	slices.Sort(both)
	want := []any{payment.Split{Merchant: "main", BillIDs: both, PrepayFen: 500, TotalFen: 2*12949 + 500},
		payment.Split{Merchant: "park", BillIDs: []string{h.bills[2].ID}, TotalFen: 12949},
		payment.Split{Merchant: "water", BillIDs: []string{h.bills[3].ID}, TotalFen: 12949}}
	if diff := cmp.Diff(want, e.Details); diff != "" {
		t.Fatalf("split (-want +got):\n%s", diff)
	}
	for _, d := range e.Details {
		part := d.(payment.Split)
		c, err := w.pay.Checkout(bg, payment.CheckoutRequest{User: h.user, RoomID: h.room.ID, BillIDs: part.BillIDs, PrepayFen: part.PrepayFen, ExpectedTotal: part.TotalFen})
		if err != nil {
			t.Fatalf("%s: %v", part.Merchant, err)
		}
		m, _ := w.box.Credentials().Merchant(part.Merchant)
		if c.Order.Merchant != part.Merchant || c.Order.MchID != m.MchID || c.Order.SubMchID != m.SubMchID {
			t.Errorf("order of %s goes to %s %s %s", part.Merchant, c.Order.Merchant, c.Order.MchID, c.Order.SubMchID)
		}
		w.paysAtWechat(c.Order.No)
	}
	w.drain()
	if n := w.number("SELECT COUNT(DISTINCT merchant) FROM payments"); n != 3 || h.prepaid() != 500 {
		t.Errorf("%d merchants, prepaid %d", n, h.prepaid())
	}
	w.agree()
}

// A rule without an item is for everything else, prepayment included; one that
// names a merchant that is not configured takes no money.
func TestMerchantOfEverythingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other"}} })
	h := w.home(2)
	h.rule("", "other")
	if o := h.order(300, 0).Order; o.Merchant != "other" {
		t.Errorf("the order goes to %s", o.Merchant)
	}
	h.rule("物业服务费", "main")
	_, err := w.pay.Checkout(bg, h.wants(300, 1))
	refused(t, err, payment.ErrMerchantsMixed)
	h.rule("物业服务费", "nobody")
	_, err = w.pay.Checkout(bg, h.wants(0, 1))
	refused(t, err, payment.ErrUnavailable)
	modelstest.Write(t, w.db, func(tx *store.Tx) error {
		ok, err := estate.DropMerchantRule(tx, modelstest.Actor, h.room.CommunityID, "物业服务费")
		if !ok {
			t.Error("no rule to drop")
		}
		return err
	})
	if o := h.order(0, 1).Order; o.Merchant != "other" {
		t.Errorf("the order goes to %s", o.Merchant)
	}
	if n := w.number("SELECT COUNT(*) FROM audit WHERE action LIKE 'merchant_rule.%'"); n != 4 {
		t.Errorf("%d lines in the audit log", n)
	}
}
