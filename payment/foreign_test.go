package payment_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// A rule that could match an order of ours stops the start, with the key named.
func TestForeignRuleRefused(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	cfg := wechatpay.Config{Name: "main", AppID: "wxcompanyminiapp1", SubAppID: "wxcompanyminiapp1", SpAppID: "wxprovider000001"}
	for _, tt := range []struct {
		rule payment.ForeignRule
		key  string // "": taken
	}{
		{payment.ForeignRule{}, ""},
		{payment.ForeignRule{OrderPrefixes: []string{"SHOP", "2026", "mall_", "0-1", "01l", "0i", "1"}}, ""},
		{payment.ForeignRule{AppIDs: []string{"wxshop0000000001"}}, ""},
		{payment.ForeignRule{OrderPrefixes: []string{""}}, "order_prefixes"},
		{payment.ForeignRule{OrderPrefixes: []string{"SHOP", "01K"}}, "order_prefixes"},
		{payment.ForeignRule{OrderPrefixes: []string{"0"}}, "order_prefixes"},
		{payment.ForeignRule{OrderPrefixes: []string{models.NewID()}}, "order_prefixes"},
		{payment.ForeignRule{OrderPrefixes: []string{"商城"}}, "order_prefixes"},
		{payment.ForeignRule{OrderPrefixes: []string{strings.Repeat("A", 33)}}, "order_prefixes"},
		{payment.ForeignRule{AppIDs: []string{" "}}, "app_ids"},
		{payment.ForeignRule{AppIDs: []string{"wxcompanyminiapp1"}}, "app_ids"},
		{payment.ForeignRule{AppIDs: []string{"wxprovider000001"}}, "app_ids"},
	} {
		_, err := payment.New(db, payment.Config{}, []*payment.Merchant{{Name: "main", Config: cfg, Foreign: tt.rule}},
			"https://fees.example.cn", slog.New(slog.DiscardHandler))
		if (err == nil) != (tt.key == "") || err != nil && !strings.Contains(err.Error(), "wechatpay.merchants.main.foreign."+tt.key) {
			t.Errorf("%q: %v", tt.rule, err)
		}
	}
}

// No rule that is taken matches a number of ours, whatever its prefix.
func TestForeignRuleNeverMatchesOurs(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	rapid.Check(t, func(r *rapid.T) {
		ours := models.NewID()
		prefix := rapid.OneOf(rapid.StringMatching(`[0-9A-Za-z_|*-]{1,32}`), rapid.Custom(func(r *rapid.T) string {
			return ours[:rapid.IntRange(1, len(ours)).Draw(r, "n")]
		})).Draw(r, "prefix")
		m := &payment.Merchant{Name: "main", Foreign: payment.ForeignRule{OrderPrefixes: []string{prefix}}}
		_, err := payment.New(db, payment.Config{}, []*payment.Merchant{m}, "https://fees.example.cn", slog.New(slog.DiscardHandler))
		if foreign, _ := m.IsForeign(db.View(paymenttest.Bg), ours); err == nil && foreign {
			r.Fatalf("%q is taken and matches %q", prefix, ours)
		}
	})
}

// Signed events that are not about our money are answered, kept once and booked never.
func TestForeignAndOtherEvents(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	m, _ := w.Pay.Merchant("main")
	m.Foreign = payment.ForeignRule{OrderPrefixes: []string{"SHOP"}, AppIDs: []string{"wxshop0000000001"}}
	p := w.Platform("main")
	o := w.Home(1).Order(0, 0).Order
	told := func(id, event string, plain map[string]any) error {
		t.Helper()
		cb := p.Signed(p.Sealed(id, event, plain))
		return w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body)
	}
	shop := p.Paid(o, w.Clock.Now())
	shop["out_trade_no"], shop["transaction_id"] = "SHOP0001", "4200000001000000000001"
	app := p.Paid(o, w.Clock.Now())
	app["out_trade_no"], app["appid"], app["transaction_id"] = "20260315-77", "wxshop0000000001", "4200000001000000000002"
	refundOf := func(no string) map[string]any {
		return map[string]any{
			"mchid": m.Config.MchID, "out_trade_no": no, "out_refund_no": "R" + no, "transaction_id": "42", "refund_id": "50" + no,
			"refund_status": "SUCCESS", "amount": map[string]any{"total": 100, "refund": 100, "payer_total": 100, "payer_refund": 100},
		}
	}
	for range 2 { // as often as WeChat repeats it
		for _, c := range []struct {
			id, event string
			plain     map[string]any
		}{
			{"EV-shop", "TRANSACTION.SUCCESS", shop}, {"EV-app", "TRANSACTION.SUCCESS", app},
			{"EV-shop-refund", "REFUND.SUCCESS", refundOf("SHOP0001")}, {"EV-app-refund", "REFUND.SUCCESS", refundOf("20260315-77")},
			{"EV-complaint", "COMPLAINT.CREATE", map[string]any{"complaint_id": "1"}}, {"EV-coupon", "COUPON.USE", map[string]any{}},
		} {
			if err := told(c.id, c.event, c.plain); err != nil {
				t.Errorf("%s: %v", c.id, err)
			}
		}
		// Profit sharing has the event type of a payment; its resource is of another kind.
		body := strings.Replace(string(p.Sealed("EV-share", "TRANSACTION.SUCCESS", map[string]any{"mchid": "1"})),
			`"original_type":"transaction"`, `"original_type":"profitsharing"`, 1)
		cb := p.Signed([]byte(body))
		if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); err != nil {
			t.Errorf("profit sharing: %v", err)
		}
	}
	for reason, want := range map[string]int64{proof.EventForeign: 4, proof.EventOther: 3} {
		if n := w.Number("SELECT COUNT(*) FROM callback_events WHERE reason = ? AND times = 2", reason); n != want {
			t.Errorf("%d events kept as %s, want %d, each of them twice", n, reason, want)
		}
	}
	if n, err := proof.EventsSince(w.Db.View(paymenttest.Bg), w.Db.Today()); n != 0 || err != nil {
		t.Errorf("%d of them want somebody, %v", n, err)
	}
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 0 {
		t.Errorf("%d payments", n)
	}
	// All else is as before: an order that nobody knows, and ours under a foreign app.
	unknown := p.Paid(o, w.Clock.Now())
	unknown["out_trade_no"] = "OTHER0001"
	strange := p.Paid(o, w.Clock.Now())
	strange["appid"] = "wxshop0000000001"
	for id, plain := range map[string]map[string]any{"EV-unknown": unknown, "EV-strange": strange} {
		if err := told(id, "TRANSACTION.SUCCESS", plain); !errors.Is(err, payment.ErrNotBooked) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if err := told("EV-unknown-refund", "REFUND.SUCCESS", refundOf("OTHER0001")); !errors.Is(err, payment.ErrNotBooked) {
		t.Errorf("a refund of nobody's: %v", err)
	}
	w.Agree()
}

// A foreign refund whose payment was never told is known by asking WeChat for the order.
func TestForeignRefundIsAskedAbout(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) {
		s.Merchants = []sandbox.Merchant{{Name: "main", AppID: "wxshop0000000001"}}
	})
	shop := w.Service(w.Db, 30, func(c *wechatpay.Config) { c.AppID = "wxshop0000000001" }).Merchants["main"].Client
	if _, err := shop.Prepay(paymenttest.Bg, wechatpay.Order{OutTradeNo: "20260315-88", Description: "商品", OpenID: w.Box.OpenID("li"),
		NotifyURL: w.Front.URL + "/wechat/pay/main/notify", TotalFen: 100}); err != nil {
		t.Fatal(err)
	}
	w.PaysAtWechat("20260315-88", paymenttest.Silent)
	m, _ := w.Pay.Merchant("main")
	p := w.Platform("main")
	cb := p.Signed(p.Sealed("EV-refund", "REFUND.SUCCESS", map[string]any{
		"mchid": m.Config.MchID, "out_trade_no": "20260315-88", "out_refund_no": "R1", "transaction_id": "42", "refund_id": "501",
		"refund_status": "SUCCESS", "amount": map[string]any{"total": 100, "refund": 100, "payer_total": 100, "payer_refund": 100},
	}))
	if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); !errors.Is(err, payment.ErrNotBooked) {
		t.Errorf("without a rule: %v", err)
	}
	m.Foreign = payment.ForeignRule{AppIDs: []string{"wxshop0000000001"}}
	if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); err != nil {
		t.Errorf("with the rule: %v", err)
	}
}
