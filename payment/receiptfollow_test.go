package payment_test

import (
	"strings"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// Money at the desk has its receipt at once, with who took it; undone, the receipt is
// void and nothing replaces it.
func TestReceiptOfTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	cashier, other := w.staff(office.RoleCashier), w.staff(office.RoleFinance)
	done := w.takes(cashier, h.amount(20000))
	if n, err := w.pay.NumberReceipts(bg); err != nil || n != 1 {
		t.Fatalf("numbered %d, %v", n, err)
	}
	latest := func() receipts.Receipt {
		list, err := receipts.ReceiptsOfPayment(w.db.View(bg), done.Payment.ID)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d receipts, %v", len(list), err)
		}
		return list[0]
	}
	r := latest()
	p, err := w.pay.ReceiptByID(bg, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Lines) != 2 || p.Lines[0].LateFeeFen != 1947 || p.Lines[0].Late == nil || p.Lines[0].Late.AccruedFen != 1947 || p.Lines[1].PrincipalFen != 20000-12949 {
		t.Errorf("lines %+v", p.Lines)
	}
	text := textOf(t, p)
	for _, want := range []string{"现金", "收款人：" + cashier.Name, "人民币贰佰元整"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	if _, err := w.pay.ReverseAtDesk(bg, other, done.Payment.ID, "登记错房号"); err != nil {
		t.Fatal(err)
	}
	if r := latest(); r.Status != receipts.ReceiptVoid || !strings.Contains(r.VoidReason, "登记错房号") || r.VoidName != other.Name {
		t.Errorf("the receipt is %s: %s by %s", r.Status, r.VoidReason, r.VoidName)
	}
	w.clean()
}

// A refund in parts through WeChat: each makes the receipt void and issues the next,
// the last leaves none standing.
func TestReceiptsFollowRefunds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	no := h.pays(0, 0, 1)
	first := w.receipt(no)
	w.refundBill(no, h.bills[0])
	second := w.receipt(no)
	if second.Version != 2 || second.AmountFen != 12949 || len(second.Lines) != 1 || second.Lines[0].BillID != h.bills[1].ID || second.Lines[0].Late == nil {
		t.Errorf("after the first refund: version %d of %d, lines %+v", second.Version, second.AmountFen, second.Lines)
	}
	w.clock.Advance(2 * time.Minute) // WeChat wants a pause between refunds of an order
	w.refundBill(no, h.bills[1])
	if last := w.receipt(no); last.Status != receipts.ReceiptVoid || last.ID != second.ID {
		t.Errorf("after the last refund: %s %s", last.Number(), last.Status)
	}
	if old, err := w.pay.ReceiptByID(bg, first.ID); err != nil || old.Replaced != second.Number() || !strings.Contains(old.VoidReason, "129.49") {
		t.Errorf("the first is replaced by %q: %s, %v", old.Replaced, old.VoidReason, err)
	}
	refunds := 0
	moments, err := w.pay.Timeline(bg, no)
	for _, m := range moments {
		if m.Kind == "refund" {
			refunds++
		}
	}
	if err != nil || refunds != 2 {
		t.Errorf("%d refunds in the timeline, %v", refunds, err)
	}
	w.clean()
}

// refundBill sends back what an order has paid of a bill, late fee included.
func (w *world) refundBill(no string, b fees.Bill) {
	w.t.Helper()
	r := w.sent(payment.RefundAsk{OrderNo: no, Lines: []billing.PaidShare{share(b, 11002, 1947)}, BillAfter: money.BillsOwed, Reason: "多收"})
	w.finishes(r, sandbox.RefundSuccess)
	wantRefund(w.t, w.refundNow(r.No), money.RefundSuccess)
}
