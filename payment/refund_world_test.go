package payment_test

import (
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// The staff of these tests: who asks, and who approves.
var (
	asker    = office.Staff{ID: models.NewID(), Name: "财务甲", Role: office.RoleFinance}
	approver = office.Staff{ID: models.NewID(), Name: "经理乙", Role: office.RoleManager}
)

// paidOrder is an order that was paid and booked.
func (h *home) paidOrder(prepay models.Fen, bills ...int) money.Order {
	h.w.t.Helper()
	c := h.order(prepay, bills...)
	h.w.paysAtWechat(c.Order.No)
	h.w.drain()
	o := h.w.orderNow(c.Order.No)
	if !o.WasPaid() {
		h.w.t.Fatalf("order is %s", o.Status)
	}
	return o
}

func wholeOrder(o money.Order) payment.RefundAsk {
	return payment.RefundAsk{OrderNo: o.No, BillAfter: money.BillsOwed, Reason: "多收"}
}

func (w *world) asks(ask payment.RefundAsk) money.Refund {
	w.t.Helper()
	r, err := w.pay.RequestRefund(bg, asker, ask)
	if err != nil {
		w.t.Fatalf("ask for a refund: %v", err)
	}
	return r
}

func (w *world) approves(r money.Refund) money.Refund {
	w.t.Helper()
	r, err := w.pay.ApproveRefund(bg, approver, r.No, "")
	if err != nil {
		w.t.Fatalf("approve: %v", err)
	}
	return r
}

func (w *world) follows(r money.Refund) money.Refund {
	w.t.Helper()
	r, err := w.pay.FollowRefund(bg, r.No)
	if err != nil {
		w.t.Fatalf("follow: %v", err)
	}
	return r
}

// sent is a refund that WeChat has taken.
func (w *world) sent(ask payment.RefundAsk) money.Refund {
	w.t.Helper()
	r := w.follows(w.approves(w.asks(ask)))
	if r.Status != money.RefundProcessing {
		w.t.Fatalf("refund is %s (%s)", r.Status, r.Fault)
	}
	return r
}

func (w *world) finishes(r money.Refund, status sandbox.RefundStatus) {
	w.t.Helper()
	if err := w.box.FinishRefund(r.No, status); err != nil {
		w.t.Fatal(err)
	}
	w.drain()
}

func (w *world) refundNow(no string) money.Refund {
	w.t.Helper()
	r, err := money.RefundByNo(w.db.View(bg), no)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) sweepRefunds() int {
	w.t.Helper()
	w.exec("UPDATE refunds SET next_check_at = 1")
	n, err := w.pay.SweepRefunds(bg)
	if err != nil {
		w.t.Fatalf("sweep refunds: %v", err)
	}
	return n
}

// refundsAgree proves that what went back here is what went back at WeChat.
func (w *world) refundsAgree() {
	w.t.Helper()
	w.clean()
	theirs, count := int64(0), int64(0)
	for tr := range w.box.Books() {
		for _, f := range tr.Refunds {
			if f.Status != sandbox.RefundSuccess {
				continue
			}
			theirs, count = theirs+f.AmountFen, count+1
			if r := w.refundNow(f.OutRefundNo); r.Status != money.RefundSuccess || int64(r.AmountFen) != f.AmountFen || *r.RefundID != f.RefundID ||
				!r.DoneAt.Equal(f.SuccessAt.Truncate(time.Second)) {
				w.t.Errorf("refund %s: booked %s %d, WeChat has %d", r.No, r.Status, r.AmountFen, f.AmountFen)
			}
		}
	}
	ours := w.number("SELECT COALESCE(SUM(amount_fen), 0) FROM refunds WHERE status = 'success' AND channel = 'wechat' AND source <> 'staff'")
	if n := w.number("SELECT COUNT(*) FROM refunds WHERE status = 'success' AND channel = 'wechat' AND source <> 'staff'"); n != count || ours != theirs {
		w.t.Errorf("%d refunds of %d fen here, %d of %d at WeChat", n, ours, count, theirs)
	}
}

func wantRefund(t testing.TB, r money.Refund, status string) {
	t.Helper()
	if r.Status != status {
		t.Errorf("refund is %s (%s), want %s", r.Status, r.Fault, status)
	}
}

func share(b fees.Bill, principal, late models.Fen) billing.PaidShare {
	return billing.PaidShare{BillID: b.ID, PrincipalFen: principal, LateFeeFen: late}
}
