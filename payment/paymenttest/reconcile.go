package paymenttest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment/reconcile"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// NextDay moves the clock to noon of the next day, when the bill of the day before
// is ready, and returns that day.
func (w *World) NextDay() models.Date {
	day := w.Db.Today()
	w.Clock.Set((day + 1).Start().Add(12 * time.Hour))
	return day
}

// Reconcile runs the day for a single merchant.
func (w *World) Reconcile(day models.Date) reconcile.Report {
	w.T.Helper()
	reports, err := reconcile.Run(Bg, w.Pay, day)
	if err != nil || len(reports) != 1 {
		w.T.Fatalf("reconcile: %d reports, %v", len(reports), err)
	}
	return reports[0]
}

// Again proves that a second run says and keeps the very same.
func (w *World) Again(day models.Date, first reconcile.Report) {
	w.T.Helper()
	findings := w.Findings(day)
	if diff := cmp.Diff(first, w.Reconcile(day)); diff != "" {
		w.T.Errorf("a second run differs (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(findings, w.Findings(day)); diff != "" {
		w.T.Errorf("a second run changed the findings (-first +second):\n%s", diff)
	}
}

// Findings returns what reconciliation has kept of a day.
func (w *World) Findings(day models.Date) []proof.Finding {
	w.T.Helper()
	f, err := proof.Findings(w.Db.View(Bg), "main", day)
	if err != nil {
		w.T.Fatal(err)
	}
	return f
}

// Paid makes an order for one bill and pays it.
func (h *Home) Paid(bill int, o ...sandbox.PayOptions) sandbox.Transaction {
	h.W.T.Helper()
	tr := h.W.PaysAtWechat(h.Order(0, bill).Order.No, o...)
	h.W.Drain()
	return tr
}

// Sums returns the sums of n payments of fen together.
func Sums(n int, fen models.Fen) reconcile.Sums { return reconcile.Sums{Count: n, SumFen: fen} }

// WantReport holds the sums and the differences of a report against what is wanted.
func WantReport(t testing.TB, got reconcile.Report, ours, theirs reconcile.Sums, differences ...reconcile.Difference) {
	t.Helper()
	if got.Ours != ours || got.Theirs != theirs {
		t.Errorf("ours %+v, theirs %+v; want %+v, %+v", got.Ours, got.Theirs, ours, theirs)
	}
	if diff := cmp.Diff(append([]reconcile.Difference{}, differences...), got.Differences); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}

// RefundOf returns the request to WeChat to refund a part of a transaction.
func RefundOf(tr sandbox.Transaction, fen int64) wechatpay.RefundRequest {
	return wechatpay.RefundRequest{OutTradeNo: tr.OutTradeNo, OutRefundNo: RefundNo(tr.OutTradeNo), RefundFen: fen, TotalFen: tr.TotalFen}
}

// RefundNo returns the out_refund_no of the refund that [RefundOf] asks for: as
// long as the numbers of ours.
func RefundNo(orderNo string) string { return "RF" + orderNo[2:] }
