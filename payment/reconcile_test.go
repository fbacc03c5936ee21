package payment_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// nextDay moves the clock to noon of the next day, when the bill of the day before
// is ready, and gives that day.
func (w *world) nextDay() models.Date {
	day := w.db.Today()
	w.clock.Set((day + 1).Start().Add(12 * time.Hour))
	return day
}

// reconcile runs the day for a single merchant.
func (w *world) reconcile(day models.Date) payment.Report {
	w.t.Helper()
	reports, err := w.pay.Reconcile(bg, day)
	if err != nil || len(reports) != 1 {
		w.t.Fatalf("reconcile: %d reports, %v", len(reports), err)
	}
	return reports[0]
}

// again proves that a second run says and keeps the very same.
func (w *world) again(day models.Date, first payment.Report) {
	w.t.Helper()
	findings := w.findings(day)
	if diff := cmp.Diff(first, w.reconcile(day)); diff != "" {
		w.t.Errorf("a second run differs (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(findings, w.findings(day)); diff != "" {
		w.t.Errorf("a second run changed the findings (-first +second):\n%s", diff)
	}
}

func (w *world) findings(day models.Date) []proof.Finding {
	w.t.Helper()
	f, err := proof.Findings(w.db.View(bg), "main", day)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// paid makes an order for one bill and pays it.
func (h *home) paid(bill int, o ...sandbox.PayOptions) sandbox.Transaction {
	h.w.t.Helper()
	tr := h.w.paysAtWechat(h.order(0, bill).Order.No, o...)
	h.w.drain()
	return tr
}

func sums(n int, fen models.Fen) payment.Sums { return payment.Sums{Count: n, SumFen: fen} }

func wantReport(t testing.TB, got payment.Report, ours, theirs payment.Sums, differences ...payment.Difference) {
	t.Helper()
	if got.Ours != ours || got.Theirs != theirs {
		t.Errorf("ours %+v, theirs %+v; want %+v, %+v", got.Ours, got.Theirs, ours, theirs)
	}
	if diff := cmp.Diff(append([]payment.Difference{}, differences...), got.Differences); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}

// A day on which everything went well, with a coupon of WeChat's among it.
func TestReconcileCleanDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(3)
	h.paid(0)
	h.paid(1)
	h.paid(2, sandbox.PayOptions{CouponFen: 949})
	day := w.nextDay()
	r := w.reconcile(day)
	wantReport(t, r, sums(3, 38847), sums(3, 38847))
	// 0.60 % of 129.49, 129.49 and 120.00 (the fee is on what was paid): 0.78, 0.78, 0.72.
	if r.FeeFen != 228 || r.FeeYuan != "2.28000" || r.NetFen != 38847-949-228 {
		t.Errorf("fee %d (%s), net %d", r.FeeFen, r.FeeYuan, r.NetFen)
	}
	w.again(day, r)
	kept, err := proof.Reconciliations(w.db.View(bg), day, day)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if k := kept[0]; k.OursCount != 3 || k.TheirsFen != 38847 || k.Runs != 2 || len(k.BillSHA1) != 40 {
		t.Errorf("kept %+v", k)
	}
	text, err := json.Marshal(r)
	want := fmt.Sprintf(`{"date":"%s","merchant":"main","ours":{"count":3,"sum_fen":38847},"theirs":{"count":3,"sum_fen":38847},"refunds":{"count":0,"sum_fen":0,"ours":{"count":0,"sum_fen":0}},"fee_fen":228,"fee_yuan":"2.28000","net_fen":37670,"differences":[],"settled_fen":37898,"fee_expected_yuan":"2.28000","fund_flow":{"state":"bill","paid":{"count":3,"sum_fen":37898},"refunded":{"count":0,"sum_fen":0},"fee_fen":228,"net_fen":37670,"other_in_fen":0,"other_out_fen":0},"signed_off":false}`, day)
	if err != nil || string(text) != want {
		t.Errorf("JSON %s, %v", text, err)
	}
	w.agree()
}

// A day without trade is no failure; today and later is not asked for; a bill
// that is not ready says so.
func TestReconcileWithoutABill(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	wantReport(t, w.reconcile(w.db.Today()-1), sums(0, 0), sums(0, 0))
	calls := w.box.Calls(sandbox.RouteTradeBill)
	for ahead := range models.Date(3) {
		reports, err := w.pay.Reconcile(bg, w.db.Today()+ahead)
		refused(t, err, payment.ErrBillNotYet)
		if len(reports) != 0 {
			t.Error("a report of the future")
		}
	}
	if n := w.box.Calls(sandbox.RouteTradeBill); n != calls {
		t.Errorf("WeChat was asked %d times", n-calls)
	}
	h.paid(0)
	day := w.nextDay()
	for _, state := range []sandbox.BillState{sandbox.BillCreating} {
		if err := w.box.SetBillState(day.String(), state); err != nil {
			t.Fatal(err)
		}
		_, err := w.pay.Reconcile(bg, day)
		refused(t, err, payment.ErrBillCreating)
	}
	if n := w.number("SELECT COUNT(*) FROM reconciliations WHERE bill_on = ?", day); n != 0 {
		t.Error("a run is kept that was none")
	}
	if err := w.box.SetBillState(day.String(), sandbox.BillReady); err != nil {
		t.Fatal(err)
	}
	wantReport(t, w.reconcile(day), sums(1, 12949), sums(1, 12949))
}

// Lost callbacks: the money is booked, and the finding says so, once and for all.
func TestReconcileHeals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(3)
	open := h.paid(0, silent) // still pending here
	given := h.given(1)       // closed here
	w.paysAtWechat(given, silent)
	twice := h.given(2) // closed here, and its bill paid by another order since
	h.paid(2)
	w.paysAtWechat(twice, silent)
	day := w.nextDay()
	r := w.reconcile(day)
	found := func(no, resolution string) payment.Difference {
		tr, _ := w.box.Order(no)
		return payment.Difference{Kind: proof.FindingOnlyTheirs, OrderNo: no, TransactionID: tr.TransactionID, TheirsFen: 12949, Resolution: resolution}
	}
	if len(r.Differences) != 3 {
		t.Fatalf("differences %+v", r.Differences)
	}
	want := map[string]payment.Difference{open.OutTradeNo: found(open.OutTradeNo, proof.ResolutionSettled), given: found(given, proof.ResolutionSettled), twice: found(twice, proof.ResolutionSurplus)}
	for _, d := range r.Differences {
		if diff := cmp.Diff(want[d.OrderNo], d); diff != "" {
			t.Errorf("difference (-want +got):\n%s", diff)
		}
	}
	wantReport(t, r, sums(4, 4*12949), sums(4, 4*12949), r.Differences...)
	if h.prepaid() != 12949 {
		t.Errorf("prepaid %d", h.prepaid())
	}
	for _, f := range w.findings(day) {
		if f.ResolvedBy != "reconcile" || f.ResolvedAt.IsZero() {
			t.Errorf("resolved by %q at %s", f.ResolvedBy, f.ResolvedAt)
		}
	}
	w.again(day, r)
	w.agree()
}

// Everything that staff must look at: one class each, found again in each run,
// gone when it is gone, and back when it is back.
func TestReconcileFinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(6)
	amount, state, payer := h.paid(0), h.paid(2), h.order(0, 3)
	h.paid(1)
	fine := h.paid(4)
	w.paysAtWechat(payer.Order.No, silent)
	w.exec("UPDATE orders SET openid = 'oSomebodyElse' WHERE no = ?", payer.Order.No)
	w.exec("UPDATE payments SET amount_fen = amount_fen + 1 WHERE order_no = ?", amount.OutTradeNo)
	w.exec("UPDATE payments SET transaction_id = 'T1' WHERE order_no = ?", state.OutTradeNo)
	if err := w.box.SeedOrders(sandbox.Seed{Date: w.db.Today().String(), Prefix: "STRANGE", Count: 1, TotalFen: 700}); err != nil {
		t.Fatal(err)
	}
	ghost := h.order(0, 5) // booked here, unknown to WeChat's bill
	p := w.platform("main")
	cb := p.signed(p.sealed("EV-ghost", "TRANSACTION.SUCCESS", p.paid(ghost.Order, w.clock.Now())))
	if err := w.pay.Notify(bg, "main", cb.header, cb.body); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client("main").Refund(bg, refundOf(fine, 100)); err != nil {
		t.Fatal(err)
	}
	day := w.nextDay()
	r := w.reconcile(day)
	got := map[string]payment.Difference{}
	for _, d := range r.Differences {
		got[d.Kind+" "+d.OrderNo] = d
	}
	strange, _ := w.box.SeededOrder(sandbox.Seed{Date: day.String(), Prefix: "STRANGE", Count: 1, TotalFen: 700}, 0)
	refund, _ := w.box.Refund("RF" + fine.OutTradeNo)
	paidThere, _ := w.box.Order(payer.Order.No)
	want := map[string]payment.Difference{}
	for _, d := range []payment.Difference{
		{Kind: proof.FindingAmount, OrderNo: amount.OutTradeNo, TransactionID: amount.TransactionID, OursFen: 12950, TheirsFen: 12949, Resolution: "open"},
		{Kind: proof.FindingState, OrderNo: state.OutTradeNo, TransactionID: state.TransactionID, OursFen: 12949, TheirsFen: 12949, Resolution: "open"},
		{Kind: proof.FindingState, OrderNo: payer.Order.No, TransactionID: paidThere.TransactionID, OursFen: 12949, TheirsFen: 12949, Resolution: "open"},
		{Kind: proof.FindingUnknown, OrderNo: "STRANGE00000000", TransactionID: strange.TransactionID, TheirsFen: 700, Resolution: "open"},
		{Kind: proof.FindingOnlyOurs, OrderNo: ghost.Order.No, TransactionID: "4200000001" + ghost.Order.No[14:], OursFen: 12949, Resolution: "open"},
		{Kind: proof.FindingRefund, OrderNo: fine.OutTradeNo, TransactionID: refund.RefundID, TheirsFen: 100, Resolution: "open"},
	} {
		want[d.Kind+" "+d.OrderNo] = d
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if r.Ours != sums(5, 5*12949+1) || r.Theirs != sums(6, 5*12949+700) || r.Refunds.Sums != sums(1, 100) {
		t.Errorf("ours %+v theirs %+v refunds %+v", r.Ours, r.Theirs, r.Refunds)
	}

	w.again(day, r)

	// Put right, and wrong again; one that staff has resolved stays resolved.
	w.exec("UPDATE payments SET amount_fen = amount_fen - 1 WHERE order_no = ?", amount.OutTradeNo)
	w.resolve(day, proof.FindingUnknown, "settled")
	w.wantFinding(day, proof.FindingAmount, amount.OutTradeNo, proof.ResolutionGone)
	w.wantFinding(day, proof.FindingUnknown, "STRANGE00000000", "settled")
	w.exec("UPDATE payments SET amount_fen = amount_fen + 1 WHERE order_no = ?", amount.OutTradeNo)
	w.wantFinding(day, proof.FindingAmount, amount.OutTradeNo, proof.ResolutionOpen)
	w.wantFinding(day, proof.FindingUnknown, "STRANGE00000000", "settled")
}

func refundOf(tr sandbox.Transaction, fen int64) wechatpay.RefundRequest {
	return wechatpay.RefundRequest{OutTradeNo: tr.OutTradeNo, OutRefundNo: "RF" + tr.OutTradeNo, RefundFen: fen, TotalFen: tr.TotalFen}
}

// wantFinding runs the day once more and looks for one finding.
func (w *world) wantFinding(day models.Date, kind, orderNo, resolution string) {
	w.t.Helper()
	for _, d := range w.reconcile(day).Differences {
		if d.Kind == kind && d.OrderNo == orderNo {
			if d.Resolution != resolution {
				w.t.Errorf("%s of %s is %s, want %s", kind, orderNo, d.Resolution, resolution)
			}
			return
		}
	}
	w.t.Errorf("no %s of %s", kind, orderNo)
}

func (w *world) resolve(day models.Date, kind, resolution string) {
	w.t.Helper()
	for _, f := range w.findings(day) {
		if f.Kind == kind {
			modelstest.Write(w.t, w.db, func(tx *store.Tx) error {
				_, err := proof.ResolveFinding(tx, modelstest.Actor, f.ID, resolution)
				return err
			})
		}
	}
}
