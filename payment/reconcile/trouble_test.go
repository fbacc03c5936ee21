package reconcile_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
	"wuyepay/sandbox"
)

// A bill that is cut off, contradicts its hash or cannot be had changes nothing.
func TestReconcileSpoiledBill(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]sandbox.Fault{
		"half a bill":           {Kind: sandbox.FaultHalfBill, Route: sandbox.RouteBillDownload},
		"wrong hash":            {Kind: sandbox.FaultWrongHash, Route: sandbox.RouteTradeBill},
		"broken download":       {Kind: sandbox.FaultTruncated, Route: sandbox.RouteBillDownload, Times: 9},
		"system error":          {Kind: sandbox.FaultSystemError, Route: sandbox.RouteTradeBill},
		"too often":             {Kind: sandbox.FaultFrequency, Route: sandbox.RouteBillDownload},
		"unsigned":              {Kind: sandbox.FaultUnsigned, Route: sandbox.RouteTradeBill},
		"no answer in the line": {Kind: sandbox.FaultCutBefore, Route: sandbox.RouteTradeBill, Times: 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t)
			h := w.Home(2)
			h.Paid(0)
			lost := h.Paid(1, paymenttest.Silent)
			day := w.NextDay()
			w.Inject(f)
			reports, err := reconcile.Run(paymenttest.Bg, w.Pay, day)
			if err == nil || len(reports) != 0 {
				t.Errorf("%d reports, %v", len(reports), err)
			}
			if n := w.Number("SELECT COUNT(*) FROM reconciliations") + w.Number("SELECT COUNT(*) FROM findings"); n != 0 {
				t.Errorf("%d runs and findings kept", n)
			}
			w.WantOrder(lost.OutTradeNo, money.OrderPending, "SUCCESS")
			w.Box.ClearFaults()
			paymenttest.WantReport(t, w.Reconcile(day), paymenttest.Sums(2, 25898), paymenttest.Sums(2, 25898), reconcile.Difference{
				Kind: proof.FindingOnlyTheirs, OrderNo: lost.OutTradeNo, TransactionID: lost.TransactionID, TheirsFen: 12949,
				Resolution: proof.ResolutionSettled,
			})
			w.Agree()
		})
	}
}

// The callback arrives while the bill is on its way: no difference.
func TestCallbackDuringReconcile(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	tr := h.Paid(0, paymenttest.Silent)
	day := w.NextDay()
	p := w.Platform("main")
	w.Gate.OnceAfter(paymenttest.CallDownload, func() {
		cb := p.Signed(p.Sealed("EV-1", "TRANSACTION.SUCCESS", paymenttest.PaidAs(p, w.OrderNow(tr.OutTradeNo), tr)))
		if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); err != nil {
			t.Error(err)
		}
	})
	r := w.Reconcile(day)
	paymenttest.WantReport(t, r, paymenttest.Sums(1, 12949), paymenttest.Sums(1, 12949))
	w.Again(day, r)
	w.Agree()
}

// The run ends between booking and keeping its findings: the next one has them.
func TestReconcileCrash(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	for i := range h.Bills {
		h.Paid(i, paymenttest.Silent)
	}
	day := w.NextDay()
	ctx, cancel := context.WithCancel(paymenttest.Bg)
	booked := 0
	w.Pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error {
		if booked++; booked == 3 {
			cancel() // the third is not booked, the findings of the others are not kept
		}
		return nil
	}
	if _, err := reconcile.Run(ctx, w.Pay, day); !errors.Is(err, context.Canceled) {
		t.Fatalf("the run ended with %v", err)
	}
	w.Clean()
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 2 {
		t.Errorf("%d payments", n)
	}
	w.Pay.Booked = nil
	r := w.Reconcile(day)
	if len(r.Differences) != 3 {
		t.Errorf("differences %+v", r.Differences)
	}
	paymenttest.WantReport(t, r, paymenttest.Sums(3, 3*12949), paymenttest.Sums(3, 3*12949), r.Differences...)
	w.Again(day, r)
	w.Agree()
}

// Each merchant is held against its own bill, and one's trouble is not the
// other's.
func TestReconcileTwoMerchants(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) {
		s.Merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other", Partner: true}}
	})
	h := w.Home(3)
	h.Paid(0)
	w.Exec("UPDATE communities SET merchant = 'other'")
	h.Paid(1)
	h.Paid(2, paymenttest.Silent)
	day := w.NextDay()
	w.Inject(sandbox.Fault{Kind: sandbox.FaultWrongHash, Route: sandbox.RouteTradeBill, Merchant: "main"})
	reports, err := reconcile.Run(paymenttest.Bg, w.Pay, day)
	if err == nil || len(reports) != 1 || reports[0].Merchant != "other" {
		t.Fatalf("reports %+v, %v", reports, err)
	}
	reports, err = reconcile.Run(paymenttest.Bg, w.Pay, day)
	if err != nil || len(reports) != 2 {
		t.Fatalf("reports %+v, %v", reports, err)
	}
	paymenttest.WantReport(t, reports[0], paymenttest.Sums(1, 12949), paymenttest.Sums(1, 12949))
	paymenttest.WantReport(t, reports[1], paymenttest.Sums(2, 25898), paymenttest.Sums(2, 25898), reports[1].Differences...)
	if len(reports[1].Differences) != 1 {
		t.Errorf("differences %+v", reports[1].Differences)
	}
	w.Agree()
}

// A second before midnight in Shanghai belongs to the day before.
func TestReconcileDayBorder(t *testing.T) {
	t.Parallel()
	midnight := models.MustDate("2026-03-16").Start()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Start = midnight.Add(-10 * time.Second) })
	h := w.Home(4)
	orders := []string{h.Order(0, 0).Order.No, h.Order(0, 1).Order.No, h.Order(0, 2).Order.No, h.Order(0, 3).Order.No}
	for i, at := range []time.Duration{-time.Second, -time.Millisecond, 0, time.Second} {
		w.Clock.Set(midnight.Add(at))
		o := sandbox.PayOptions{NoNotify: i%2 == 0}
		w.PaysAtWechat(orders[i], o)
		w.Drain()
	}
	w.Clock.Set(midnight.Add(40 * time.Hour))
	for i, day := range []models.Date{models.DateOf(midnight) - 1, models.DateOf(midnight)} {
		r := w.Reconcile(day)
		if len(r.Differences) != 1 || r.Differences[0].OrderNo != orders[2*i] {
			t.Errorf("%s: differences %+v", day, r.Differences)
		}
		paymenttest.WantReport(t, r, paymenttest.Sums(2, 25898), paymenttest.Sums(2, 25898), r.Differences...)
		w.Again(day, r)
	}
	w.Agree()
}

// Two runs of one day at once, from two processes.
func TestTwoReconciliationsAtOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	other := w.Service(modelstest.OpenConfig(t, w.Cfg, w.Clock.Now), 30)
	h := w.Home(4)
	for i := range h.Bills {
		h.Paid(i, paymenttest.Silent)
	}
	day := w.NextDay()
	var all sync.WaitGroup
	for range 4 {
		for _, s := range []*payment.Service{w.Pay, other} {
			all.Go(func() {
				if _, err := reconcile.Run(paymenttest.Bg, s, day); err != nil {
					t.Errorf("reconcile: %v", err)
				}
			})
		}
	}
	all.Wait()
	r := w.Reconcile(day)
	paymenttest.WantReport(t, r, paymenttest.Sums(4, 4*12949), paymenttest.Sums(4, 4*12949), r.Differences...)
	if len(r.Differences) != 4 {
		t.Errorf("differences %+v", r.Differences)
	}
	w.Agree()
}
