package reconcile_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
	"wuyepay/sandbox"
)

// A day on which everything went well, with a coupon of WeChat's among it.
func TestReconcileCleanDay(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	h.Paid(0)
	h.Paid(1)
	h.Paid(2, sandbox.PayOptions{CouponFen: 949})
	day := w.NextDay()
	r := w.Reconcile(day)
	paymenttest.WantReport(t, r, paymenttest.Sums(3, 38847), paymenttest.Sums(3, 38847))
	// 0.60 % of 129.49, 129.49 and 120.00 (the fee is on what was paid): 0.78, 0.78, 0.72.
	if r.FeeFen != 228 || r.FeeYuan != "2.28000" || r.NetFen != 38847-949-228 {
		t.Errorf("fee %d (%s), net %d", r.FeeFen, r.FeeYuan, r.NetFen)
	}
	w.Again(day, r)
	kept, err := proof.Reconciliations(w.Db.View(paymenttest.Bg), day, day)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if k := kept[0]; k.OursCount != 3 || k.TheirsFen != 38847 || k.Runs != 2 || len(k.BillSHA1) != 40 {
		t.Errorf("kept %+v", k)
	}
	text, err := json.Marshal(r)
	want := fmt.Sprintf(
		`{"date":"%s","merchant":"main","ours":{"count":3,"sum_fen":38847},"theirs":{"count":3,"sum_fen":38847},"refunds":{"count":0,`+
			`"sum_fen":0,"ours":{"count":0,"sum_fen":0}},"fee_fen":228,"fee_yuan":"2.28000","net_fen":37670,"differences":[],`+
			`"settled_fen":37898,"fee_expected_yuan":"2.28000","fund_flow":{"state":"bill","paid":{"count":3,"sum_fen":37898},`+
			`"refunded":{"count":0,"sum_fen":0},"fee_fen":228,"net_fen":37670,"other_in_fen":0,"other_out_fen":0},"signed_off":false}`, day)
	if err != nil || string(text) != want {
		t.Errorf("JSON %s, %v", text, err)
	}
	w.Agree()
}

// A day without trade is no failure; today and later is not asked for; a bill
// that is not ready says so.
func TestReconcileWithoutABill(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	paymenttest.WantReport(t, w.Reconcile(w.Db.Today()-1), paymenttest.Sums(0, 0), paymenttest.Sums(0, 0))
	calls := w.Box.Calls(sandbox.RouteTradeBill)
	for ahead := range models.Date(3) {
		reports, err := reconcile.Run(paymenttest.Bg, w.Pay, w.Db.Today()+ahead)
		paymenttest.Refused(t, err, reconcile.ErrBillNotYet)
		if len(reports) != 0 {
			t.Error("a report of the future")
		}
	}
	if n := w.Box.Calls(sandbox.RouteTradeBill); n != calls {
		t.Errorf("WeChat was asked %d times", n-calls)
	}
	h.Paid(0)
	day := w.NextDay()
	for _, state := range []sandbox.BillState{sandbox.BillCreating} {
		if err := w.Box.SetBillState(day.String(), state); err != nil {
			t.Fatal(err)
		}
		_, err := reconcile.Run(paymenttest.Bg, w.Pay, day)
		paymenttest.Refused(t, err, payment.ErrBillCreating)
	}
	if n := w.Number("SELECT COUNT(*) FROM reconciliations WHERE bill_on = ?", day); n != 0 {
		t.Error("a run is kept that was none")
	}
	if err := w.Box.SetBillState(day.String(), sandbox.BillReady); err != nil {
		t.Fatal(err)
	}
	paymenttest.WantReport(t, w.Reconcile(day), paymenttest.Sums(1, 12949), paymenttest.Sums(1, 12949))
}

// Lost callbacks: the money is booked, and the finding says so, once and for all.
func TestReconcileHeals(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	open := h.Paid(0, paymenttest.Silent) // still pending here
	given := h.Given(1)                   // closed here
	w.PaysAtWechat(given, paymenttest.Silent)
	twice := h.Given(2) // closed here, and its bill paid by another order since
	h.Paid(2)
	w.PaysAtWechat(twice, paymenttest.Silent)
	day := w.NextDay()
	r := w.Reconcile(day)
	found := func(no, resolution string) reconcile.Difference {
		tr, _ := w.Box.Order(no)
		return reconcile.Difference{
			Kind: proof.FindingOnlyTheirs, OrderNo: no, TransactionID: tr.TransactionID, TheirsFen: 12949, Resolution: resolution,
		}
	}
	if len(r.Differences) != 3 {
		t.Fatalf("differences %+v", r.Differences)
	}
	want := map[string]reconcile.Difference{
		open.OutTradeNo: found(open.OutTradeNo, proof.ResolutionSettled), given: found(given, proof.ResolutionSettled),
		twice: found(twice, proof.ResolutionSurplus),
	}
	for _, d := range r.Differences {
		if diff := cmp.Diff(want[d.OrderNo], d); diff != "" {
			t.Errorf("difference (-want +got):\n%s", diff)
		}
	}
	paymenttest.WantReport(t, r, paymenttest.Sums(4, 4*12949), paymenttest.Sums(4, 4*12949), r.Differences...)
	if h.Prepaid() != 12949 {
		t.Errorf("prepaid %d", h.Prepaid())
	}
	for _, f := range w.Findings(day) {
		if f.ResolvedBy != "reconcile" || f.ResolvedAt.IsZero() {
			t.Errorf("resolved by %q at %s", f.ResolvedBy, f.ResolvedAt)
		}
	}
	w.Again(day, r)
	w.Agree()
}

// Everything that staff must look at: one class each, found again in each run,
// gone when it is gone, and back when it is back.
func TestReconcileFinds(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(6)
	amount, state, payer := h.Paid(0), h.Paid(2), h.Order(0, 3)
	h.Paid(1)
	fine := h.Paid(4)
	w.PaysAtWechat(payer.Order.No, paymenttest.Silent)
	w.Exec("UPDATE orders SET openid = 'oSomebodyElse' WHERE no = ?", payer.Order.No)
	w.Exec("UPDATE payments SET amount_fen = amount_fen + 1 WHERE order_no = ?", amount.OutTradeNo)
	w.Exec("UPDATE payments SET transaction_id = 'T1' WHERE order_no = ?", state.OutTradeNo)
	if err := w.Box.SeedOrders(sandbox.Seed{Date: w.Db.Today().String(), Prefix: "STRANGE", Count: 1, TotalFen: 700}); err != nil {
		t.Fatal(err)
	}
	ghost := h.Order(0, 5) // booked here, unknown to WeChat's bill
	p := w.Platform("main")
	cb := p.Signed(p.Sealed("EV-ghost", "TRANSACTION.SUCCESS", p.Paid(ghost.Order, w.Clock.Now())))
	if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Client("main").Refund(paymenttest.Bg, paymenttest.RefundOf(fine, 100)); err != nil {
		t.Fatal(err)
	}
	day := w.NextDay()
	r := w.Reconcile(day)
	got := map[string]reconcile.Difference{}
	for _, d := range r.Differences {
		got[d.Kind+" "+d.OrderNo] = d
	}
	strange, _ := w.Box.SeededOrder(sandbox.Seed{Date: day.String(), Prefix: "STRANGE", Count: 1, TotalFen: 700}, 0)
	refund, _ := w.Box.Refund(paymenttest.RefundNo(fine.OutTradeNo))
	paidThere, _ := w.Box.Order(payer.Order.No)
	want := map[string]reconcile.Difference{}
	for _, d := range []reconcile.Difference{
		{
			Kind: proof.FindingAmount, OrderNo: amount.OutTradeNo, TransactionID: amount.TransactionID, OursFen: 12950, TheirsFen: 12949,
			Resolution: "open",
		},
		{
			Kind: proof.FindingState, OrderNo: state.OutTradeNo, TransactionID: state.TransactionID, OursFen: 12949, TheirsFen: 12949,
			Resolution: "open",
		},
		{
			Kind: proof.FindingState, OrderNo: payer.Order.No, TransactionID: paidThere.TransactionID, OursFen: 12949, TheirsFen: 12949,
			Resolution: "open",
		},
		{Kind: proof.FindingUnknown, OrderNo: "STRANGE00000000", TransactionID: strange.TransactionID, TheirsFen: 700, Resolution: "open"},
		{
			Kind: proof.FindingOnlyOurs, OrderNo: ghost.Order.No, TransactionID: "4200000001" + ghost.Order.No[14:], OursFen: 12949,
			Resolution: "open",
		},
		{Kind: proof.FindingRefund, OrderNo: fine.OutTradeNo, TransactionID: refund.RefundID, TheirsFen: 100, Resolution: "open"},
	} {
		want[d.Kind+" "+d.OrderNo] = d
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if r.Ours != paymenttest.Sums(5, 5*12949+1) || r.Theirs != paymenttest.Sums(6, 5*12949+700) ||
		r.Refunds.Sums != paymenttest.Sums(1, 100) {
		t.Errorf("ours %+v theirs %+v refunds %+v", r.Ours, r.Theirs, r.Refunds)
	}

	w.Again(day, r)

	// Put right, and wrong again; one that staff has resolved stays resolved.
	w.Exec("UPDATE payments SET amount_fen = amount_fen - 1 WHERE order_no = ?", amount.OutTradeNo)
	resolve(w, day, proof.FindingUnknown, "settled")
	wantFinding(w, day, proof.FindingAmount, amount.OutTradeNo, proof.ResolutionGone)
	wantFinding(w, day, proof.FindingUnknown, "STRANGE00000000", "settled")
	w.Exec("UPDATE payments SET amount_fen = amount_fen + 1 WHERE order_no = ?", amount.OutTradeNo)
	wantFinding(w, day, proof.FindingAmount, amount.OutTradeNo, proof.ResolutionOpen)
	wantFinding(w, day, proof.FindingUnknown, "STRANGE00000000", "settled")
}

// wantFinding runs the day once more and looks for one finding.
func wantFinding(w *paymenttest.World, day models.Date, kind, orderNo, resolution string) {
	w.T.Helper()
	for _, d := range w.Reconcile(day).Differences {
		if d.Kind == kind && d.OrderNo == orderNo {
			if d.Resolution != resolution {
				w.T.Errorf("%s of %s is %s, want %s", kind, orderNo, d.Resolution, resolution)
			}
			return
		}
	}
	w.T.Errorf("no %s of %s", kind, orderNo)
}

func resolve(w *paymenttest.World, day models.Date, kind, resolution string) {
	w.T.Helper()
	for _, f := range w.Findings(day) {
		if f.Kind == kind {
			modelstest.Write(w.T, w.Db, func(tx *store.Tx) error {
				_, err := proof.ResolveFinding(tx, modelstest.Actor, f.ID, resolution)
				return err
			})
		}
	}
}
