package reconcile_test

import (
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
)

// Money that two persons booked from a finding is not booked once more when WeChat's word
// of its order comes after all.
func TestFoundMoneyIsNotBookedAgain(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	tr := h.Paid(0, paymenttest.Silent)
	f := proof.Finding{
		Merchant: "main", BillOn: w.Db.Today(), Kind: proof.FindingUnknown, OrderNo: tr.OutTradeNo, TransactionID: tr.TransactionID,
		TheirsFen: models.Fen(tr.TotalFen), Resolution: proof.ResolutionOpen,
	}
	modelstest.Write(t, w.Db, func(tx *store.Tx) error {
		_, err := proof.KeepFinding(tx, &f)
		return err
	})
	paymenttest.Must(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, paymenttest.Asker.Actor(), f.ID, proof.AskSuspense, "", "查不到订单"))
	paymenttest.Must(t, reconcile.DecideFinding(paymenttest.Bg, w.Pay, paymenttest.Approver.Actor(), f.ID, true))
	if o, err := w.Pay.QueryOrder(paymenttest.Bg, tr.OutTradeNo); err != nil || o.WasPaid() {
		t.Errorf("the order is %s (%v)", o.Status, err)
	}
	if n := w.Journaled(money.AccountWechat); n != models.Fen(tr.TotalFen) {
		t.Errorf("WeChat has given %d, once it took %d", n, tr.TotalFen)
	}
	w.Clean()
}

// A refund in the bill of another day cannot be settled by asking for its payment.
func TestRefundOfAnotherDayOffersNoSettling(t *testing.T) {
	t.Parallel()
	for state, settle := range map[string]bool{"SUCCESS": true, "REFUND SUCCESS": false, "REFUND PROCESSING": false} {
		f := proof.Finding{
			Kind: proof.FindingDay, Resolution: proof.ResolutionOpen, OrderNo: "1", TransactionID: "2",
			Evidence: `{"trade":{"state":"` + state + `"}}`,
		}
		if a := reconcile.ActionsFor(&f); a.Settle != settle || !a.Accept {
			t.Errorf("%s: %+v", state, a)
		}
	}
}

// Days are made up for as far back as WeChat has its bills, and no further: the three
// months before 1 May begin on 1 February.
func TestCatchUpWithinThreeMonths(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) {
		s.Start = time.Date(2026, 1, 30, 10, 0, 0, 0, time.FixedZone("", 8*60*60))
	})
	h := w.Home(1)
	h.PaidOrder(100)
	today := models.MustDate("2026-05-01")
	w.Clock.Set(today.Start().Add(12 * time.Hour))
	n, err := reconcile.CatchUp(paymenttest.Bg, w.Pay, today-1) // as the job does, which runs yesterday by itself
	if err != nil || n != 88 {                                  // 1 February to 29 April
		t.Errorf("%d days, %v", n, err)
	}
	first, err := proof.ReconciledDays(w.Db.View(paymenttest.Bg), "main", models.MustDate("2026-01-01"), today)
	if err != nil || !first[models.MustDate("2026-02-01")] || first[models.MustDate("2026-01-31")] {
		t.Errorf("days %v, %v", first, err)
	}
}
