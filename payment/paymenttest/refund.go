package paymenttest

import (
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// The staff of these tests: who asks, and who approves.
var (
	Asker    = office.Staff{ID: models.NewID(), Name: "财务甲", Role: office.RoleFinance}
	Approver = office.Staff{ID: models.NewID(), Name: "经理乙", Role: office.RoleManager}
)

// PaidOrder is an order that was paid and booked.
func (h *Home) PaidOrder(prepay models.Fen, bills ...int) money.Order {
	h.W.T.Helper()
	c := h.Order(prepay, bills...)
	h.W.PaysAtWechat(c.Order.No)
	h.W.Drain()
	o := h.W.OrderNow(c.Order.No)
	if !o.WasPaid() {
		h.W.T.Fatalf("order is %s", o.Status)
	}
	return o
}

// WholeOrder asks for all of an order back; its bills are owed again.
func WholeOrder(o money.Order) refund.Ask {
	return refund.Ask{OrderNo: o.No, BillAfter: money.BillsOwed, Reason: "多收"}
}

// Asks has [Asker] ask for a refund.
func (w *World) Asks(ask refund.Ask) money.Refund {
	w.T.Helper()
	r, err := refund.Request(Bg, w.Pay, Asker, ask)
	if err != nil {
		w.T.Fatalf("ask for a refund: %v", err)
	}
	return r
}

// Approves has [Approver] approve a refund.
func (w *World) Approves(r money.Refund) money.Refund {
	w.T.Helper()
	r, err := refund.Approve(Bg, w.Pay, Approver, r.No, "")
	if err != nil {
		w.T.Fatalf("approve: %v", err)
	}
	return r
}

// Follows sends a refund to WeChat, or asks WeChat about it, and returns it as it stands
// after that.
func (w *World) Follows(r money.Refund) money.Refund {
	w.T.Helper()
	r, err := refund.Follow(Bg, w.Pay, r.No)
	if err != nil {
		w.T.Fatalf("follow: %v", err)
	}
	return r
}

// Sent is a refund that WeChat has taken.
func (w *World) Sent(ask refund.Ask) money.Refund {
	w.T.Helper()
	r := w.Follows(w.Approves(w.Asks(ask)))
	if r.Status != money.RefundProcessing {
		w.T.Fatalf("refund is %s (%s)", r.Status, r.Fault)
	}
	return r
}

// Finishes ends a refund at WeChat and lets the callback arrive.
func (w *World) Finishes(r money.Refund, status sandbox.RefundStatus) {
	w.T.Helper()
	if err := w.Box.FinishRefund(r.No, status); err != nil {
		w.T.Fatal(err)
	}
	w.Drain()
}

// RefundNow returns a refund as it stands.
func (w *World) RefundNow(no string) money.Refund {
	w.T.Helper()
	r, err := money.RefundByNo(w.Db.View(Bg), no)
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}

// SweepRefunds makes every refund due, sweeps, and returns the number of those dealt with.
func (w *World) SweepRefunds() int {
	w.T.Helper()
	w.Exec("UPDATE refunds SET next_check_at = 1")
	n, err := refund.Sweep(Bg, w.Pay)
	if err != nil {
		w.T.Fatalf("sweep refunds: %v", err)
	}
	return n
}

// RefundsAgree proves that what went back here is what went back at WeChat.
func (w *World) RefundsAgree() {
	w.T.Helper()
	w.Clean()
	theirs, count := int64(0), int64(0)
	for tr := range w.Box.Books() {
		for _, f := range tr.Refunds {
			if f.Status != sandbox.RefundSuccess {
				continue
			}
			theirs, count = theirs+f.AmountFen, count+1
			if r := w.RefundNow(f.OutRefundNo); r.Status != money.RefundSuccess ||
				int64(r.AmountFen) != f.AmountFen || *r.RefundID != f.RefundID ||
				!r.DoneAt.Equal(f.SuccessAt.Truncate(time.Second)) {
				w.T.Errorf("refund %s: booked %s %d, WeChat has %d", r.No, r.Status, r.AmountFen, f.AmountFen)
			}
		}
	}
	ours := w.Number(
		"SELECT COALESCE(SUM(amount_fen), 0) FROM refunds WHERE status = 'success' AND channel = 'wechat' AND source <> 'staff'")
	if n := w.Number("SELECT COUNT(*) FROM refunds WHERE status = 'success' AND channel = 'wechat' AND source <> 'staff'"); n != count ||
		ours != theirs {
		w.T.Errorf("%d refunds of %d fen here, %d of %d at WeChat", n, ours, count, theirs)
	}
}

// WantRefund holds the status of a refund against what is wanted.
func WantRefund(t testing.TB, r money.Refund, status string) {
	t.Helper()
	if r.Status != status {
		t.Errorf("refund is %s (%s), want %s", r.Status, r.Fault, status)
	}
}

// Share is what was paid of a bill.
func Share(b fees.Bill, principal, late models.Fen) billing.PaidShare {
	return billing.PaidShare{BillID: b.ID, PrincipalFen: principal, LateFeeFen: late}
}
