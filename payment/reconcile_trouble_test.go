package payment_test

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
			w := newWorld(t)
			h := w.home(2)
			h.paid(0)
			lost := h.paid(1, silent)
			day := w.nextDay()
			w.inject(f)
			reports, err := w.pay.Reconcile(bg, day)
			if err == nil || len(reports) != 0 {
				t.Errorf("%d reports, %v", len(reports), err)
			}
			if n := w.number("SELECT COUNT(*) FROM reconciliations") + w.number("SELECT COUNT(*) FROM findings"); n != 0 {
				t.Errorf("%d runs and findings kept", n)
			}
			w.wantOrder(lost.OutTradeNo, money.OrderPending, "SUCCESS")
			w.box.ClearFaults()
			wantReport(t, w.reconcile(day), sums(2, 25898), sums(2, 25898), payment.Difference{Kind: proof.FindingOnlyTheirs, OrderNo: lost.OutTradeNo,
				TransactionID: lost.TransactionID, TheirsFen: 12949, Resolution: proof.ResolutionSettled})
			w.agree()
		})
	}
}

// The callback arrives while the bill is on its way: no difference.
func TestCallbackDuringReconcile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	tr := h.paid(0, silent)
	day := w.nextDay()
	p := w.platform("main")
	w.gate.onceAfter(callDownload, func() {
		cb := p.signed(p.sealed("EV-1", "TRANSACTION.SUCCESS", paidAs(p, w.orderNow(tr.OutTradeNo), tr)))
		if err := w.pay.Notify(bg, "main", cb.header, cb.body); err != nil {
			t.Error(err)
		}
	})
	r := w.reconcile(day)
	wantReport(t, r, sums(1, 12949), sums(1, 12949))
	w.again(day, r)
	w.agree()
}

// paidAs is the callback of a transaction.
func paidAs(p *platform, o money.Order, tr sandbox.Transaction) map[string]any {
	plain := p.paid(o, tr.PaidAt)
	plain["transaction_id"] = tr.TransactionID
	return plain
}

// The run ends between booking and keeping its findings: the next one has them.
func TestReconcileCrash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(3)
	for i := range h.bills {
		h.paid(i, silent)
	}
	day := w.nextDay()
	ctx, cancel := context.WithCancel(bg)
	booked := 0
	w.pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error {
		if booked++; booked == 3 {
			cancel() // the third is not booked, the findings of the others are not kept
		}
		return nil
	}
	if _, err := w.pay.Reconcile(ctx, day); !errors.Is(err, context.Canceled) {
		t.Fatalf("the run ended with %v", err)
	}
	w.clean()
	if n := w.number("SELECT COUNT(*) FROM payments"); n != 2 {
		t.Errorf("%d payments", n)
	}
	w.pay.Booked = nil
	r := w.reconcile(day)
	if len(r.Differences) != 3 {
		t.Errorf("differences %+v", r.Differences)
	}
	wantReport(t, r, sums(3, 3*12949), sums(3, 3*12949), r.Differences...)
	w.again(day, r)
	w.agree()
}

// Each merchant is held against its own bill, and one's trouble is not the
// other's.
func TestReconcileTwoMerchants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other", Partner: true}} })
	h := w.home(3)
	h.paid(0)
	w.exec("UPDATE communities SET merchant = 'other'")
	h.paid(1)
	h.paid(2, silent)
	day := w.nextDay()
	w.inject(sandbox.Fault{Kind: sandbox.FaultWrongHash, Route: sandbox.RouteTradeBill, Merchant: "main"})
	reports, err := w.pay.Reconcile(bg, day)
	if err == nil || len(reports) != 1 || reports[0].Merchant != "other" {
		t.Fatalf("reports %+v, %v", reports, err)
	}
	reports, err = w.pay.Reconcile(bg, day)
	if err != nil || len(reports) != 2 {
		t.Fatalf("reports %+v, %v", reports, err)
	}
	wantReport(t, reports[0], sums(1, 12949), sums(1, 12949))
	wantReport(t, reports[1], sums(2, 25898), sums(2, 25898), reports[1].Differences...)
	if len(reports[1].Differences) != 1 {
		t.Errorf("differences %+v", reports[1].Differences)
	}
	w.agree()
}

// A second before midnight in Shanghai belongs to the day before.
func TestReconcileDayBorder(t *testing.T) {
	t.Parallel()
	midnight := models.MustDate("2026-03-16").Start()
	w := newWorld(t, func(s *setup) { s.start = midnight.Add(-10 * time.Second) })
	h := w.home(4)
	orders := []string{h.order(0, 0).Order.No, h.order(0, 1).Order.No, h.order(0, 2).Order.No, h.order(0, 3).Order.No}
	for i, at := range []time.Duration{-time.Second, -time.Millisecond, 0, time.Second} {
		w.clock.Set(midnight.Add(at))
		o := sandbox.PayOptions{NoNotify: i%2 == 0}
		w.paysAtWechat(orders[i], o)
		w.drain()
	}
	w.clock.Set(midnight.Add(40 * time.Hour))
	for i, day := range []models.Date{models.DateOf(midnight) - 1, models.DateOf(midnight)} {
		r := w.reconcile(day)
		if len(r.Differences) != 1 || r.Differences[0].OrderNo != orders[2*i] {
			t.Errorf("%s: differences %+v", day, r.Differences)
		}
		wantReport(t, r, sums(2, 25898), sums(2, 25898), r.Differences...)
		w.again(day, r)
	}
	w.agree()
}

// Two runs of one day at once, from two processes.
func TestTwoReconciliationsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.service(modelstest.OpenConfig(t, w.cfg, w.clock.Now), 30)
	h := w.home(4)
	for i := range h.bills {
		h.paid(i, silent)
	}
	day := w.nextDay()
	var all sync.WaitGroup
	for range 4 {
		for _, s := range []*payment.Service{w.pay, other} {
			all.Go(func() {
				if _, err := s.Reconcile(bg, day); err != nil {
					t.Errorf("reconcile: %v", err)
				}
			})
		}
	}
	all.Wait()
	r := w.reconcile(day)
	wantReport(t, r, sums(4, 4*12949), sums(4, 4*12949), r.Differences...)
	if len(r.Differences) != 4 {
		t.Errorf("differences %+v", r.Differences)
	}
	w.agree()
}
