package payment_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// A tax invoice is asked for once a payment; refused it may be asked for again, and
// what finance did stands.
func TestInvoiceRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	finance, all := models.Actor{Kind: models.ActorStaff, ID: "f", Name: "财务"}, office.AllRooms()
	company := payment.InvoiceTitle{Kind: receipts.InvoiceCompany, Title: " 福州某某公司 ", TaxNo: "９1350100m000100y43 "}
	_, err := w.pay.AskInvoice(bg, h.user, h.order(0, 1).Order.No, company)
	refused(t, err, payment.ErrNotPaid)
	no := h.pays(0, 0)
	for _, bad := range []struct {
		title payment.InvoiceTitle
		want  *models.Error
	}{
		{payment.InvoiceTitle{Kind: receipts.InvoiceCompany, Title: "公司", TaxNo: "91350100M000100Y44"}, payment.ErrTaxNo},
		{payment.InvoiceTitle{Kind: receipts.InvoiceCompany, Title: "公司"}, payment.ErrTaxNo},
		{payment.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: "王小明", TaxNo: "91350100M000100Y43"}, payment.ErrTaxNoPersonal},
		{payment.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: " 王 "}, payment.ErrInvoiceTitle},
		{payment.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: "王\n明"}, payment.ErrInvoiceTitle},
		{payment.InvoiceTitle{Kind: "other", Title: "王小明"}, payment.ErrInvoiceTitle},
	} {
		_, err := w.pay.AskInvoice(bg, h.user, no, bad.title)
		refused(t, err, bad.want)
	}
	first, err := w.pay.AskInvoice(bg, h.user, no, company)
	if err != nil || first.TaxNo != "91350100M000100Y43" || first.Title != "福州某某公司" || first.AmountFen != 12949 {
		t.Fatalf("%+v, %v", first, err)
	}
	_, err = w.pay.AskInvoice(bg, h.user, no, company)
	refused(t, err, receipts.ErrInvoiceAsked)
	decide := func(id, number, reason string) error {
		return w.pay.DecideInvoice(bg, finance, payment.InvoiceDecision{ID: id, Scope: all, InvoiceNo: number, Reason: reason})
	}
	refused(t, decide(first.ID, "", " "), payment.ErrInvoiceReason)
	refused(t, decide(first.ID, "123", ""), payment.ErrInvoiceNo)
	refused(t, decide(first.ID, "12345678", "both"), payment.ErrInvoiceReason)
	refused(t, decide(models.NewID(), "12345678", ""), models.ErrNotFound)
	if err := decide(first.ID, "", "抬头与缴费人不符"); err != nil {
		t.Fatal(err)
	}
	refused(t, decide(first.ID, "12345678", ""), payment.ErrInvoiceDecided)
	second, err := w.pay.AskInvoice(bg, h.user, no, payment.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: "王小明"})
	if err != nil {
		t.Fatal(err)
	}
	if err := decide(second.ID, "25352000000012345678", ""); err != nil {
		t.Fatal(err)
	}
	_, err = w.pay.AskInvoice(bg, h.user, no, company)
	refused(t, err, receipts.ErrInvoiceAsked)
	w.clean()
}

// The timeline tells all in order, each with what proves it.
func TestTimeline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	no := h.pays(0, 0)
	r := w.receipt(no)
	if _, err := w.pay.AskInvoice(bg, h.user, no, payment.InvoiceTitle{Kind: receipts.InvoicePersonal, Title: "王小明"}); err != nil {
		t.Fatal(err)
	}
	modelstest.Write(t, w.db, func(tx *store.Tx) error {
		return payment.VoidReceipt(tx, modelstest.Actor, r.PaymentID, "部分退款", 1000)
	})
	second := w.receipt(no)
	o := w.orderNow(no)
	have := map[string]string{}
	moments, err := w.pay.Timeline(bg, no)
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
	for kind, want := range map[string]string{payment.MomentOrdered: no + " ", payment.MomentPlaced: o.PrepayID + " ", payment.MomentCharged: o.TransactionID + " ", payment.MomentTold: o.TransactionID + " ",
		payment.MomentBooked: r.PaymentID + " ", payment.MomentReceipt: r.Number() + " " + second.Number() + " ", payment.MomentVoided: r.Number() + " ", payment.MomentInvoice: " "} {
		if have[kind] != want || o.PrepayID == "" {
			t.Errorf("%s: evidence %q, want %q; all %v", kind, have[kind], want, kinds)
		}
	}
	if len(kinds) != 9 || kinds[0] != payment.MomentOrdered {
		t.Errorf("kinds %v", kinds)
	}
}
