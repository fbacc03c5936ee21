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
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// rule says that a fee item of the home's community is paid to a merchant.
func rule(h *paymenttest.Home, item, merchant string) {
	h.W.T.Helper()
	modelstest.Write(h.W.T, h.W.Db, func(tx *store.Tx) error {
		return estate.SetMerchantRule(tx, modelstest.Actor, h.Room.CommunityID, item, merchant)
	})
}

// Fee items that are paid to different merchants: a choice that mixes them is
// refused and split, and each part of it can be ordered as it is told.
func TestCheckoutNeverMixesMerchants(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) {
		s.Merchants = []sandbox.Merchant{{Name: "main"}, {Name: "park"}, {Name: "water", Partner: true}}
	})
	h := w.Home(2)
	items := []string{"停车费", "水费"}
	for _, item := range items {
		h.Bills = append(h.Bills, modelstest.Bill(t, w.Db, h.Room, func(b *fees.Bill) { b.Item = item }))
	}
	if h.Order(0, 0, 2).Order.Merchant != "main" { // no rules yet
		t.Error("not the first merchant")
	}
	rule(h, "停车费", "park")
	rule(h, "水费", "water")
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(500, 0, 1, 2, 3))
	paymenttest.Refused(t, err, payment.ErrMerchantsMixed)
	e, _ := models.AsError(err)
	both := []string{h.Bills[0].ID, h.Bills[1].ID}
	slices.Sort(both)
	want := []any{payment.MerchantPart{Merchant: "main", BillIDs: both, PrepayFen: 500, TotalFen: 2*12949 + 500},
		payment.MerchantPart{Merchant: "park", BillIDs: []string{h.Bills[2].ID}, TotalFen: 12949},
		payment.MerchantPart{Merchant: "water", BillIDs: []string{h.Bills[3].ID}, TotalFen: 12949}}
	if diff := cmp.Diff(want, e.Details); diff != "" {
		t.Fatalf("split (-want +got):\n%s", diff)
	}
	for _, d := range e.Details {
		part := d.(payment.MerchantPart)
		c, err := w.Pay.Checkout(paymenttest.Bg, payment.CheckoutRequest{
			User: h.User, RoomID: h.Room.ID, BillIDs: part.BillIDs, PrepayFen: part.PrepayFen, ExpectedTotal: part.TotalFen,
		})
		if err != nil {
			t.Fatalf("%s: %v", part.Merchant, err)
		}
		m, _ := w.Box.Credentials().Merchant(part.Merchant)
		if c.Order.Merchant != part.Merchant || c.Order.MchID != m.MchID || c.Order.SubMchID != m.SubMchID {
			t.Errorf("order of %s goes to %s %s %s", part.Merchant, c.Order.Merchant, c.Order.MchID, c.Order.SubMchID)
		}
		w.PaysAtWechat(c.Order.No)
	}
	w.Drain()
	if n := w.Number("SELECT COUNT(DISTINCT merchant) FROM payments"); n != 3 || h.Prepaid() != 500 {
		t.Errorf("%d merchants, prepaid %d", n, h.Prepaid())
	}
	w.Agree()
}

// A rule without an item is for everything else, prepayment included; one that
// names a merchant that is not configured takes no money.
func TestMerchantOfEverythingElse(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other"}} })
	h := w.Home(2)
	rule(h, "", "other")
	if o := h.Order(300, 0).Order; o.Merchant != "other" {
		t.Errorf("the order goes to %s", o.Merchant)
	}
	rule(h, "物业服务费", "main")
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(300, 1))
	paymenttest.Refused(t, err, payment.ErrMerchantsMixed)
	rule(h, "物业服务费", "nobody")
	_, err = w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 1))
	paymenttest.Refused(t, err, payment.ErrUnavailable)
	modelstest.Write(t, w.Db, func(tx *store.Tx) error {
		ok, err := estate.DropMerchantRule(tx, modelstest.Actor, h.Room.CommunityID, "物业服务费")
		if !ok {
			t.Error("no rule to drop")
		}
		return err
	})
	if o := h.Order(0, 1).Order; o.Merchant != "other" {
		t.Errorf("the order goes to %s", o.Merchant)
	}
	if n := w.Number("SELECT COUNT(*) FROM audit WHERE action LIKE 'merchant_rule.%'"); n != 4 {
		t.Errorf("%d lines in the audit log", n)
	}
}
