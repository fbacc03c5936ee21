package receipt_test

import (
	"strings"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// Money at the desk has its receipt at once, with who took it; undone, the receipt is
// void and nothing replaces it.
func TestReceiptOfTheDesk(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	cashier, other := w.Staff(office.RoleCashier), w.Staff(office.RoleFinance)
	done := w.Takes(cashier, h.Amount(20000))
	if n, err := w.Pay.Receipts.NumberReceipts(paymenttest.Bg); err != nil || n != 1 {
		t.Fatalf("numbered %d, %v", n, err)
	}
	latest := func() receipts.Receipt {
		list, err := receipts.ReceiptsOfPayment(w.Db.View(paymenttest.Bg), done.Payment.ID)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d receipts, %v", len(list), err)
		}
		return list[0]
	}
	r := latest()
	p, err := w.Pay.Receipts.ReceiptByID(paymenttest.Bg, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Lines) != 2 || p.Lines[0].LateFeeFen != 1947 || p.Lines[0].Late == nil || p.Lines[0].Late.AccruedFen != 1947 ||
		p.Lines[1].PrincipalFen != 20000-12949 {
		t.Errorf("lines %+v", p.Lines)
	}
	text := textOf(t, p)
	for _, want := range []string{"现金", "收款人：" + cashier.Name, "人民币贰佰元整"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	if _, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, other, done.Payment.ID, "登记错房号"); err != nil {
		t.Fatal(err)
	}
	if r := latest(); r.Status != receipts.ReceiptVoid || !strings.Contains(r.VoidReason, "登记错房号") || r.VoidBy.Name != other.Name {
		t.Errorf("the receipt is %s: %s by %s", r.Status, r.VoidReason, r.VoidBy.Name)
	}
	w.Clean()
}

// A refund in parts through WeChat: each makes the receipt void and issues the next,
// the last leaves none standing.
func TestReceiptsFollowRefunds(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	no := pays(h, 0, 0, 1)
	first := w.Receipt(no)
	refundBill(w, no, h.Bills[0])
	second := w.Receipt(no)
	if second.Version != 2 || second.AmountFen != 12949 || len(second.Lines) != 1 ||
		second.Lines[0].BillID != h.Bills[1].ID || second.Lines[0].Late == nil {
		t.Errorf("after the first refund: version %d of %d, lines %+v", second.Version, second.AmountFen, second.Lines)
	}
	w.Clock.Advance(2 * time.Minute) // WeChat wants a pause between refunds of an order
	refundBill(w, no, h.Bills[1])
	if last := w.Receipt(no); last.Status != receipts.ReceiptVoid || last.ID != second.ID {
		t.Errorf("after the last refund: %s %s", last.Number(), last.Status)
	}
	if old, err := w.Pay.Receipts.ReceiptByID(paymenttest.Bg,
		first.ID); err != nil || old.Replaced != second.Number() || !strings.Contains(old.VoidReason, "129.49") {
		t.Errorf("the first is replaced by %q: %s, %v", old.Replaced, old.VoidReason, err)
	}
	refunds := 0
	moments, err := w.Pay.Timeline(paymenttest.Bg, no)
	for _, m := range moments {
		if m.Kind == "refund" {
			refunds++
		}
	}
	if err != nil || refunds != 2 {
		t.Errorf("%d refunds in the timeline, %v", refunds, err)
	}
	w.Clean()
}

// refundBill sends back what an order has paid of a bill, late fee included.
func refundBill(w *paymenttest.World, no string, b fees.Bill) {
	w.T.Helper()
	r := w.Sent(refund.Ask{
		OrderNo: no, Lines: []billing.PaidShare{paymenttest.Share(b, 11002, 1947)}, BillAfter: money.BillsOwed, Reason: "多收",
	})
	w.Finishes(r, sandbox.RefundSuccess)
	paymenttest.WantRefund(w.T, w.RefundNow(r.No), money.RefundSuccess)
}
