package payment_test

import (
	"testing"

	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// ownApp is the company's own mini-program.
const ownApp = "wxcompanyminiapp1"

// ownMiniprogram is a provider's merchant whose mini-program is the company's.
func ownMiniprogram(s *paymenttest.Setup) {
	s.AppID, s.Merchants = ownApp, []sandbox.Merchant{{Name: "main", Partner: true, SubAppID: ownApp}}
}

// The company's own mini-program under a provider: paid by the phone, told, asked, given
// back and reconciled, with the payer known as sub_openid.
func TestOwnMiniprogramOfAPartner(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, ownMiniprogram)
	h := w.Home(3)
	m, _ := w.Pay.Merchant("main")
	c := h.Order(0, 0)
	if o := c.Order; o.AppID != m.Config.SpAppID || o.SubAppID != ownApp || o.AppID == ownApp || o.SubMchID == "" {
		t.Fatalf("order of %q and %q for %q", o.AppID, o.SubAppID, o.SubMchID)
	}
	p := c.PayParams
	if _, err := w.Box.RequestPayment(sandbox.PaymentRequest{
		AppID: ownApp, TimeStamp: p.TimeStamp, NonceStr: p.NonceStr, Package: p.Package, SignType: p.SignType, PaySign: p.PaySign,
	}); err != nil {
		t.Fatalf("the phone cannot pay: %v", err)
	}
	w.Drain() // the callback
	w.WantOrder(c.Order.No, money.OrderPaid, "SUCCESS")

	lost := h.Order(0, 1).Order // learned of by a query
	w.PaysAtWechat(lost.No, paymenttest.Silent)
	if o, err := w.Pay.QueryOrder(paymenttest.Bg, lost.No); err != nil || o.Status != money.OrderPaid {
		t.Fatalf("asked: %s, %v", o.Status, err)
	}
	billed := h.Order(0, 2).Order // and by the bill alone
	w.PaysAtWechat(billed.No, paymenttest.Silent)

	r := w.Sent(paymenttest.WholeOrder(w.OrderNow(c.Order.No)))
	w.Finishes(r, sandbox.RefundSuccess)
	w.WantOrder(c.Order.No, money.OrderRefunded, "REFUND")
	day := w.NextDay()
	report := w.Reconcile(day)
	if len(report.Differences) != 1 || report.Differences[0].Kind != proof.FindingOnlyTheirs || report.Ours != report.Theirs ||
		report.Refunds.Ours != report.Refunds.Sums || report.Ours.Count != 3 {
		t.Errorf("report %+v", report)
	}
	w.WantOrder(billed.No, money.OrderPaid, "SUCCESS")
	if b := h.Bill(2); b.Status != fees.BillPaid {
		t.Errorf("bill: %s", b.Status)
	}
	w.Again(day, report)
	w.RefundsAgree()
}

// Money under another app, or of another payer, than the order's is not booked.
func TestOwnMiniprogramIsCompared(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, ownMiniprogram)
	h := w.Home(1)
	no := h.Order(0, 0).Order.No
	tr := w.PaysAtWechat(no, paymenttest.Silent)
	m, _ := w.Pay.Merchant("main")
	said, err := m.Client.Query(paymenttest.Bg, no)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*payment.PaymentProof){
		"the mini-program alone": func(p *payment.PaymentProof) { p.AppID, p.SubAppID = ownApp, "" },
		"the provider's alone":   func(p *payment.PaymentProof) { p.SubAppID = "" },
		"another provider's":     func(p *payment.PaymentProof) { p.AppID = "wxanother" },
		"another sub-app":        func(p *payment.PaymentProof) { p.SubAppID = "wxanother" },
		"another payer":          func(p *payment.PaymentProof) { p.SubOpenID = "oAnother" },
		"a bill of another app": func(p *payment.PaymentProof) {
			p.AppID, p.SubAppID, p.LearnedBy = "wxanother", "", money.LearnedByReconcile
		},
	} {
		p := payment.ProofOf(m, said, money.LearnedByCallback)
		change(&p)
		if _, err := w.Pay.Settle(paymenttest.Bg, paymenttest.Asker.Actor(), p); err == nil {
			t.Errorf("%s: booked", name)
		}
	}
	// A bill has room for one app: it may name either.
	p := payment.ProofOf(m, said, money.LearnedByReconcile)
	p.AppID, p.SubAppID, p.SubOpenID = ownApp, "", ""
	if _, err := w.Pay.Settle(paymenttest.Bg, paymenttest.Asker.Actor(), p); err != nil || tr.TransactionID == "" {
		t.Errorf("the bill's row under the company's app: %v", err)
	}
	w.Agree()
}
