package reconcile_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

const shopApp = "wxshop0000000001"

// shared is a world whose merchant number another business uses too, and what that
// business sold on the day: two trades, one of which went back in part.
func shared(t *testing.T) (*paymenttest.World, *paymenttest.Home) {
	t.Helper()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main", AppID: shopApp}} })
	h := w.Home(3)
	shop := w.Service(w.Db, 30, func(c *wechatpay.Config) { c.AppID = shopApp }).Merchants["main"].Client
	for i, no := range []string{"SHOP000001", "SHOP000002"} {
		if _, err := shop.Prepay(paymenttest.Bg, wechatpay.Order{OutTradeNo: no, Description: "商品", OpenID: w.Box.OpenID("li"),
			NotifyURL: w.Front.URL + "/wechat/pay/main/notify", TotalFen: int64(10_000 * (i + 1))}); err != nil {
			t.Fatal(err)
		}
		w.PaysAtWechat(no, paymenttest.Silent)
	}
	if _, err := shop.Refund(paymenttest.Bg, wechatpay.RefundRequest{OutTradeNo: "SHOP000002", OutRefundNo: "SHOPR2", RefundFen: 5_000,
		TotalFen: 20_000}); err != nil {
		t.Fatal(err)
	}
	return w, h
}

// The trades of another business are no findings; they stand by themselves, and ours and
// foreign together are theirs, in the trade bill and in the fund flow.
func TestForeignTradesStandByThemselves(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]payment.ForeignRule{
		"by number": {OrderPrefixes: []string{"MALL", "SHOP"}}, "by app": {AppIDs: []string{shopApp}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, h := shared(t)
			h.Paid(0)
			lost := h.Paid(1, paymenttest.Silent)
			day := w.NextDay()
			m, _ := w.Pay.Merchant("main")
			m.Foreign = rule
			r := w.Reconcile(day)
			if len(r.Differences) != 1 || r.Differences[0].OrderNo != lost.OutTradeNo || r.Differences[0].Kind != proof.FindingOnlyTheirs {
				t.Errorf("differences %+v", r.Differences)
			}
			f := r.Foreign
			if f == nil || f.Sums != paymenttest.Sums(2, 30_000) || f.Refunds != paymenttest.Sums(1, 5_000) {
				t.Fatalf("foreign %+v", f)
			}
			if r.Ours.Count+f.Count != r.Theirs.Count || r.Ours.SumFen+f.SumFen != r.Theirs.SumFen ||
				r.Refunds.Ours.Count+f.Refunds.Count != r.Refunds.Count || r.Refunds.Ours.SumFen+f.Refunds.SumFen != r.Refunds.SumFen {
				t.Errorf("ours %+v and foreign %+v are not theirs %+v, refunds %+v", r.Ours, f, r.Theirs, r.Refunds)
			}
			// 0.60 % of 100 and 200 yuan, less that of 50: 0.60 + 1.20 - 0.30.
			if f.FeeFen != 150 || f.FeeYuan != "1.50000" || f.NetFen != 30_000-5_000-150 {
				t.Errorf("foreign fee %d (%s), net %d", f.FeeFen, f.FeeYuan, f.NetFen)
			}
			if r.FeeFen-f.FeeFen != 156 || r.NetFen-f.NetFen != 2*12949-156 { // ours: 0.78 twice
				t.Errorf("fee %d, net %d", r.FeeFen, r.NetFen)
			}
			w2 := f.FundFlow
			if w2.Paid != paymenttest.Sums(2, 30_000) || w2.Refunded.Count != 1 || w2.NetFen != f.NetFen ||
				r.FundFlow.NetFen-w2.NetFen != r.NetFen-f.NetFen {
				t.Errorf("foreign fund flow %+v of %+v", w2, r.FundFlow)
			}
			w.Again(day, r)
			kept, err := proof.ForeignDayOf(w.Db.View(paymenttest.Bg), "main", day)
			if err != nil || kept == nil || kept.Payments != 2 || kept.RefundsFen != 5_000 || kept.FeeFen != "150" {
				t.Errorf("kept %+v, %v", kept, err)
			}
			w.Clean()
		})
	}
}

// Without a rule, or with another one, they are differences as before; a rule that comes
// later closes them, and one that goes opens them again.
func TestForeignRuleComesAndGoes(t *testing.T) {
	t.Parallel()
	w, h := shared(t)
	h.Paid(0)
	day := w.NextDay()
	m, _ := w.Pay.Merchant("main")
	open := func(rule payment.ForeignRule) (n int, r reconcile.Report) {
		m.Foreign = rule
		r = w.Reconcile(day)
		for _, d := range r.Differences {
			if d.Resolution == proof.ResolutionOpen {
				n++
			}
		}
		return n, r
	}
	if n, r := open(payment.ForeignRule{}); n != 3 || r.Foreign != nil {
		t.Errorf("without a rule: %d open, %+v", n, r.Foreign)
	}
	if n, r := open(payment.ForeignRule{OrderPrefixes: []string{"MALL"}}); n != 3 || r.Foreign == nil || r.Foreign.Count != 0 {
		t.Errorf("another rule: %d open, %+v", n, r.Foreign)
	}
	if n, _ := open(payment.ForeignRule{OrderPrefixes: []string{"SHOP"}}); n != 0 {
		t.Errorf("the rule: %d open", n)
	}
	paymenttest.Must(t, reconcile.SignOff(paymenttest.Bg, w.Pay, paymenttest.Approver.Actor(), "main", day))
	if n, r := open(payment.ForeignRule{OrderPrefixes: []string{"SHOP"}}); n != 0 || !r.SignedOff {
		t.Errorf("again: %d open, signed %t", n, r.SignedOff)
	}
	if n, r := open(payment.ForeignRule{}); n != 3 || r.SignedOff {
		t.Errorf("the rule is gone: %d open, signed %t", n, r.SignedOff)
	}
	if kept, err := proof.ForeignDayOf(w.Db.View(paymenttest.Bg), "main", day); kept != nil || err != nil {
		t.Errorf("kept %+v, %v", kept, err)
	}
}

// An order of ours that only WeChat has stays a difference: no rule takes it away, not
// even one that names the app under which its number came.
func TestMissingOrderOfOursStaysAFinding(t *testing.T) {
	t.Parallel()
	w, h := shared(t)
	tr := h.Paid(0, paymenttest.Silent)
	w.Exec("DELETE FROM order_lines WHERE order_no = ?", tr.OutTradeNo)
	w.Exec("DELETE FROM orders WHERE no = ?", tr.OutTradeNo)
	old := h.Paid(1) // paid under an app that is not ours any more
	m, _ := w.Pay.Merchant("main")
	m.Foreign = payment.ForeignRule{OrderPrefixes: []string{"SHOP"}}
	day := w.NextDay()
	r := w.Reconcile(day)
	if len(r.Differences) != 1 || r.Differences[0].Kind != proof.FindingUnknown || r.Differences[0].OrderNo != tr.OutTradeNo {
		t.Errorf("differences %+v", r.Differences)
	}
	m.Foreign.AppIDs = []string{w.Box.Credentials().AppID}
	foreign, err := m.IsForeign(w.Db.View(paymenttest.Bg), old.OutTradeNo, w.Box.Credentials().AppID)
	if foreign || err != nil {
		t.Errorf("an order of our books is foreign (%v)", err)
	}
	if foreign, err := m.IsForeign(w.Db.View(paymenttest.Bg), models.NewID(), shopApp); foreign || err != nil {
		t.Errorf("an app that is not in the rule is foreign (%v)", err)
	}
}
