package receipt_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/receipt"
)

// A tax invoice is asked for once a payment; refused it may be asked for again, and
// what finance did stands.
func TestInvoiceRequest(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	finance, all := models.Actor{Kind: models.ActorStaff, ID: "f", Name: "财务"}, office.AllRooms()
	company := receipt.InvoiceTitle{Kind: receipts.InvoiceCompany, Title: " 福州某某公司 ", TaxNo: "９1350100m000100y43 "}
	_, err := w.Pay.Receipts.AskInvoice(paymenttest.Bg, h.User, h.Order(0, 1).Order.No, company)
	paymenttest.Refused(t, err, receipt.ErrNotPaid)
	no := pays(h, 0, 0)
	for _, bad := range []struct {
		title receipt.InvoiceTitle
		want  *models.Error
	}{
		{receipt.InvoiceTitle{Kind: receipts.InvoiceCompany, Title: "公司", TaxNo: "91350100M000100Y44"}, receipt.ErrTaxNo},
		{receipt.InvoiceTitle{Kind: receipts.InvoiceCompany, Title: "公司"}, receipt.ErrTaxNo},
		{receipt.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: "王小明", TaxNo: "91350100M000100Y43"}, receipt.ErrTaxNoPersonal},
		{receipt.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: " 王 "}, receipt.ErrInvoiceTitle},
		{receipt.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: "王\n明"}, receipt.ErrInvoiceTitle},
		{receipt.InvoiceTitle{Kind: "other", Title: "王小明"}, receipt.ErrInvoiceTitle},
	} {
		_, err := w.Pay.Receipts.AskInvoice(paymenttest.Bg, h.User, no, bad.title)
		paymenttest.Refused(t, err, bad.want)
	}
	first, err := w.Pay.Receipts.AskInvoice(paymenttest.Bg, h.User, no, company)
	if err != nil || first.TaxNo != "91350100M000100Y43" || first.Title != "福州某某公司" || first.AmountFen != 12949 {
		t.Fatalf("%+v, %v", first, err)
	}
	_, err = w.Pay.Receipts.AskInvoice(paymenttest.Bg, h.User, no, company)
	paymenttest.Refused(t, err, receipts.ErrInvoiceAsked)
	decide := func(id, number, reason string) error {
		return w.Pay.Receipts.DecideInvoice(paymenttest.Bg, finance, receipt.InvoiceDecision{
			ID: id, Scope: all, InvoiceNo: number, Reason: reason,
		})
	}
	paymenttest.Refused(t, decide(first.ID, "", " "), receipt.ErrInvoiceReason)
	paymenttest.Refused(t, decide(first.ID, "123", ""), receipt.ErrInvoiceNo)
	paymenttest.Refused(t, decide(first.ID, "12345678", "both"), receipt.ErrInvoiceReason)
	paymenttest.Refused(t, decide(models.NewID(), "12345678", ""), models.ErrNotFound)
	if err := decide(first.ID, "", "抬头与缴费人不符"); err != nil {
		t.Fatal(err)
	}
	paymenttest.Refused(t, decide(first.ID, "12345678", ""), receipt.ErrInvoiceDecided)
	second, err := w.Pay.Receipts.AskInvoice(paymenttest.Bg, h.User, no, receipt.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: "王小明"})
	if err != nil {
		t.Fatal(err)
	}
	if err := decide(second.ID, "25352000000012345678", ""); err != nil {
		t.Fatal(err)
	}
	_, err = w.Pay.Receipts.AskInvoice(paymenttest.Bg, h.User, no, company)
	paymenttest.Refused(t, err, receipts.ErrInvoiceAsked)
	w.Clean()
}

// The timeline tells all in order, each with what proves it.
func TestTimeline(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	no := pays(h, 0, 0)
	r := w.Receipt(no)
	if _, err := w.Pay.Receipts.AskInvoice(paymenttest.Bg, h.User, no, receipt.InvoiceTitle{
		Kind: receipts.InvoicePersonal, Title: "王小明",
	}); err != nil {
		t.Fatal(err)
	}
	modelstest.Write(t, w.Db, func(tx *store.Tx) error {
		return receipt.Void(tx, modelstest.Actor, r.PaymentID, "部分退款", 1000)
	})
	second := w.Receipt(no)
	o := w.OrderNow(no)
	have := map[string]string{}
	moments, err := w.Pay.Timeline(paymenttest.Bg, no)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range moments {
		kinds = append(kinds, m.Kind)
		have[m.Kind] += m.Evidence + " "
		if m.At.IsZero() || m.Text == "" {
			t.Errorf("%+v", m)
		}
	}
	for kind, want := range map[string]string{
		payment.MomentOrdered: no + " ", payment.MomentPlaced: o.PrepayID + " ", payment.MomentCharged: o.TransactionID + " ",
		payment.MomentLearned: o.TransactionID + " ", payment.MomentBooked: r.PaymentID + " ",
		payment.MomentReceipt: r.Number() + " " + second.Number() + " ", payment.MomentVoided: r.Number() + " ", payment.MomentInvoice: " ",
	} {
		if have[kind] != want || o.PrepayID == "" {
			t.Errorf("%s: evidence %q, want %q; all %v", kind, have[kind], want, kinds)
		}
	}
	if len(kinds) != 9 || kinds[0] != payment.MomentOrdered {
		t.Errorf("kinds %v", kinds)
	}
}
