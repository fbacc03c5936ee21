package payment_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// Whatever happens to the call, the same refund with the same parameters is sent
// again, and WeChat pays once.
func TestRefundTroubleOnTheWay(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"reply lost":    {Kind: sandbox.FaultCutAfter, Times: 2},
		"never arrived": {Kind: sandbox.FaultCutBefore, Times: 2},
		"500":           {Kind: sandbox.FaultSystemError, Times: 2},
		"unsigned":      {Kind: sandbox.FaultUnsigned, Times: 2},
		"429":           {Kind: sandbox.FaultFrequency, Times: 1},
		"no balance":    {Kind: sandbox.FaultError, Status: 403, Code: "NOT_ENOUGH", Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			h := w.home(1)
			o := h.paidOrder(300, 0)
			r := w.approves(w.asks(wholeOrder(o)))
			fault.Route = sandbox.RouteRefund
			w.inject(fault)
			_, _ = w.pay.FollowRefund(bg, r.No) // that it fails is what this is about
			w.box.ClearFaults()
			wantRefund(t, w.refundNow(r.No), money.RefundSending)
			if f := w.refundNow(r.No).Fault; f == "" {
				t.Error("staff do not see why it waits")
			}
			w.clean()
			w.sweepRefunds()
			wantRefund(t, w.refundNow(r.No), money.RefundProcessing)
			w.finishes(r, sandbox.RefundSuccess)
			w.wantOrder(o.No, money.OrderRefunded, "REFUND")
			w.refundsAgree()
		})
	}
}

// WeChat refuses for good: once it has said that it does not have the refund, what
// was held is free again.
func TestRefundRefusedByWechat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(300, 0)
	r := w.approves(w.asks(wholeOrder(o)))
	w.inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteRefund, Status: 403, Code: "USER_ACCOUNT_ABNORMAL", Times: 1})
	r = w.follows(r)
	wantRefund(t, r, money.RefundClosed)
	if r.Fault != "USER_ACCOUNT_ABNORMAL" || h.prepaid() != 300 {
		t.Errorf("fault %s, prepaid %d", r.Fault, h.prepaid())
	}
	w.wantOrder(o.No, money.OrderPaid, "SUCCESS")
	w.refundsAgree()
	w.clock.Advance(time.Minute)
	w.finishes(w.sent(wholeOrder(o)), sandbox.RefundSuccess)
	w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	w.refundsAgree()
}

// The callback is lost: the query finds the same.
func TestRefundFoundByQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(0, 0)
	r := w.sent(wholeOrder(o))
	w.deaf.Store(true)
	if err := w.box.FinishRefund(r.No, sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	w.sweepRefunds()
	wantRefund(t, w.refundNow(r.No), money.RefundSuccess)
	w.deaf.Store(false)
	w.drain() // and the callback comes after all
	w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	w.refundsAgree()
}

// Closed: all is as before, and the amount can be refunded under a new number.
func TestRefundClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(300, 0)
	r := w.sent(wholeOrder(o))
	w.finishes(r, sandbox.RefundClosed)
	wantRefund(t, w.refundNow(r.No), money.RefundClosed)
	w.wantOrder(o.No, money.OrderPaid, "REFUND")
	if h.prepaid() != 300 || h.bill(0).Status != fees.BillPaid {
		t.Errorf("prepaid %d, bill %s", h.prepaid(), h.bill(0).Status)
	}
	w.refundsAgree()
	w.clock.Advance(2 * time.Minute)
	again := wholeOrder(o)
	again.RetryOf = r.No
	w.finishes(w.sent(again), sandbox.RefundSuccess)
	w.refundsAgree()
}

// Abnormal: the payer's account cannot take it. It stays held until WeChat has paid
// it otherwise, or staff have.
func TestRefundAbnormal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	one, two := h.paidOrder(0, 0), h.paidOrder(0, 1)
	first, second := w.sent(wholeOrder(one)), w.sent(wholeOrder(two))
	for _, r := range []money.Refund{first, second} {
		w.finishes(r, sandbox.RefundAbnormal)
		wantRefund(t, w.refundNow(r.No), money.RefundAbnormal)
	}
	w.wantOrder(one.No, money.OrderRefunding, "REFUND")
	_, err := w.pay.RequestRefund(bg, asker, wholeOrder(one))
	refused(t, err, payment.ErrRefundTooMuch)
	w.clean()
	w.finishes(first, sandbox.RefundSuccess) // settled at the merchant platform
	w.wantOrder(one.No, money.OrderRefunded, "REFUND")
	if _, err := w.pay.SettleByHand(bg, asker, second.No, "已转账至业主新卡"); err != nil {
		t.Fatal(err)
	}
	w.wantOrder(two.No, money.OrderRefunded, "REFUND")
	w.clean()
	w.finishes(second, sandbox.RefundSuccess) // WeChat's word comes after all
	if n := w.number("SELECT COUNT(*) FROM callback_events"); n != 0 {
		t.Errorf("%d events", n)
	}
	w.clean()
	w.agree()
}

// Given up: only what WeChat does not have.
func TestGiveUpRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	one, two := h.paidOrder(0, 0), h.paidOrder(0, 1)
	poor := w.approves(w.asks(wholeOrder(one)))
	w.inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteRefund, Status: 403, Code: "NOT_ENOUGH", Times: 1})
	poor = w.follows(poor)
	if r, err := w.pay.GiveUpRefund(bg, asker, poor.No, "账户余额不足，改为转账"); err != nil || r.Status != money.RefundClosed {
		t.Errorf("%s, %v", r.Status, err)
	}
	w.wantOrder(one.No, money.OrderPaid, "SUCCESS")

	lost := w.approves(w.asks(wholeOrder(two)))
	w.inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RouteRefund, Times: 2})
	_, _ = w.pay.FollowRefund(bg, lost.No) // the reply is lost
	w.box.ClearFaults()
	_, err := w.pay.GiveUpRefund(bg, asker, lost.No, "不退了")
	refused(t, err, payment.ErrRefundMoving)
	wantRefund(t, w.refundNow(lost.No), money.RefundProcessing)
	w.finishes(lost, sandbox.RefundSuccess)
	w.refundsAgree()
}

// A bill whose money is on its way back is not adjusted meanwhile.
func TestAdjustWhileRefunding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	r := w.sent(wholeOrder(h.paidOrder(0, 0)))
	void := func() error {
		return w.db.Write(bg, func(tx *store.Tx) error {
			_, err := billing.Adjust(tx, billing.Approval{Asked: asker.Actor(), Approved: approver.Actor(), Reason: "开错"}, billing.Adjustment{Kind: fees.EntryVoid, BillID: h.bills[0].ID})
			return err
		})
	}
	refused(t, void(), billing.ErrBillRefunding)
	w.finishes(r, sandbox.RefundSuccess)
	if err := void(); err != nil {
		t.Error(err)
	}
	w.refundsAgree()
}

// Callbacks with a good signature over something else book nothing, and are kept;
// a repeat of the true one books nothing more.
func TestRefundCallbacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	o, other := h.paidOrder(0, 0), h.paidOrder(0, 1)
	r := w.sent(wholeOrder(o))
	wechat := w.platform("main")
	plain := func(change func(map[string]any)) map[string]any {
		m := map[string]any{"mchid": r.MchID, "out_trade_no": o.No, "transaction_id": o.TransactionID, "out_refund_no": r.No, "refund_id": *r.RefundID, "refund_status": "SUCCESS",
			"success_time": w.clock.Now().Format(time.RFC3339), "user_received_account": "招商银行信用卡0403",
			"amount": map[string]any{"total": int64(o.AmountFen), "refund": int64(r.AmountFen), "payer_total": int64(o.AmountFen), "payer_refund": int64(r.AmountFen)}}
		change(m)
		return m
	}
	for name, change := range map[string]func(map[string]any){
		"amount": func(m map[string]any) {
			m["amount"] = map[string]any{"total": int64(o.AmountFen), "refund": int64(r.AmountFen) - 1}
		},
		"total": func(m map[string]any) {
			m["amount"] = map[string]any{"total": int64(o.AmountFen) + 1, "refund": int64(r.AmountFen)}
		},
		"merchant": func(m map[string]any) { m["mchid"] = "1900000999" },
		"order":    func(m map[string]any) { m["out_trade_no"] = other.No },
		"no-order": func(m map[string]any) { m["out_trade_no"] = "NOSUCHORDER" },
		"refund":   func(m map[string]any) { m["out_refund_no"] = "NOSUCHREFUND" },
		"id":       func(m map[string]any) { m["refund_id"] = "50300000000000000000000000000" },
		"no-time":  func(m map[string]any) { delete(m, "success_time") },
		"state":    func(m map[string]any) { m["refund_status"] = "REFUNDED" },
	} {
		c := wechat.signed(wechat.sealed("EV-"+name, "REFUND.SUCCESS", plain(change)))
		for range 2 {
			if status := w.tell(bg, w.pay, c); status != http.StatusInternalServerError {
				t.Errorf("%s: answered %d", name, status)
			}
		}
		if n := w.number("SELECT COALESCE(SUM(times), 0) FROM callback_events WHERE notification_id = ?", "EV-"+name); n != 2 {
			t.Errorf("%s: kept %d times", name, n)
		}
		wantRefund(t, w.refundNow(r.No), money.RefundProcessing)
	}
	forged := wechat.signed(wechat.sealed("EV-forged", "REFUND.SUCCESS", plain(func(map[string]any) {})))
	forged.header.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/abc")
	if status := w.tell(bg, w.pay, forged); status != http.StatusUnauthorized {
		t.Errorf("forged: answered %d", status)
	}
	wantRefund(t, w.refundNow(r.No), money.RefundProcessing)
	w.inject(sandbox.Fault{Kind: sandbox.FaultRepeated, Route: sandbox.RouteNotifyRefund})
	w.finishes(r, sandbox.RefundSuccess)
	w.refundsAgree()
	good := wechat.signed(wechat.sealed("EV-again", "REFUND.SUCCESS", plain(func(map[string]any) {})))
	if status := w.tell(bg, w.pay, good); status != http.StatusNoContent {
		t.Errorf("again: answered %d", status)
	}
	closed := wechat.signed(wechat.sealed("EV-closed", "REFUND.CLOSED", plain(func(m map[string]any) { m["refund_status"] = "CLOSED" })))
	if status := w.tell(bg, w.pay, closed); status != http.StatusInternalServerError {
		t.Errorf("closed after success: answered %d", status)
	}
	w.refundsAgree()
	w.agree()
}

// A success for a refund that we had given up is money all the same.
func TestRefundSucceedsAfterItWasClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(300, 0)
	r := w.sent(wholeOrder(o))
	wechat := w.platform("main")
	say := func(id, state string) int {
		return w.tell(bg, w.pay, wechat.signed(wechat.sealed(id, "REFUND."+state, map[string]any{"mchid": r.MchID, "out_trade_no": o.No, "transaction_id": o.TransactionID,
			"out_refund_no": r.No, "refund_id": *r.RefundID, "refund_status": state, "success_time": w.clock.Now().Format(time.RFC3339),
			"amount": map[string]any{"total": int64(o.AmountFen), "refund": int64(r.AmountFen)}})))
	}
	if status := say("EV-1", "CLOSED"); status != http.StatusNoContent || w.refundNow(r.No).Status != money.RefundClosed || h.prepaid() != 300 {
		t.Fatalf("closing answered %d", status)
	}
	if status := say("EV-2", "SUCCESS"); status != http.StatusNoContent || w.refundNow(r.No).Status != money.RefundSuccess || h.prepaid() != 0 {
		t.Errorf("success answered %d, prepaid %d", status, h.prepaid())
	}
	w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	w.clean()
}

// Two approve at once, and eight ask at once: one wins, and never more goes back than
// came.
func TestRefundRaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(0, 0)
	var mu sync.Mutex
	var all sync.WaitGroup
	var asked []money.Refund
	for range 8 {
		all.Go(func() {
			ask := wholeOrder(o)
			ask.AmountFen = 5000
			r, err := w.pay.RequestRefund(bg, asker, ask)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				asked = append(asked, r)
			} else {
				refused(t, err, payment.ErrRefundTooMuch)
			}
		})
	}
	all.Wait()
	if len(asked) != 2 {
		t.Fatalf("%d of 8 held 50.00 of %s", len(asked), o.AmountFen)
	}
	approved := 0
	for range 4 {
		all.Go(func() {
			_, err := w.pay.ApproveRefund(bg, approver, asked[0].No, "")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				approved++
			} else {
				refused(t, err, payment.ErrRefundState)
			}
		})
	}
	all.Wait()
	if approved != 1 {
		t.Errorf("approved %d times", approved)
	}
	// Sent, told and asked about by many at once.
	for range 4 {
		all.Go(func() { _, _ = w.pay.FollowRefund(bg, asked[0].No) }) // the others find it done
	}
	all.Wait()
	if err := w.box.FinishRefund(asked[0].No, sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		all.Go(func() { _, _ = w.pay.FollowRefund(bg, asked[0].No) })
	}
	all.Wait()
	w.drain()
	wantRefund(t, w.refundNow(asked[0].No), money.RefundSuccess)
	w.refundsAgree()
}

// At most fifty parts, a minute apart.
func TestRefundParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(0, 0)
	ask := wholeOrder(o)
	ask.AmountFen = 100
	for range money.RefundParts {
		w.finishes(w.sent(ask), sandbox.RefundSuccess)
		w.clock.Advance(money.RefundPause)
	}
	_, err := w.pay.RequestRefund(bg, asker, ask)
	refused(t, err, payment.ErrRefundParts)
	w.refundsAgree()
}

// A refund that was given up in the very moment in which its call arrived is under
// way after all: it is asked about once more.
func TestRefundArrivesAfterItWasGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(300, 0)
	r := w.approves(w.asks(wholeOrder(o)))
	w.gate.onceBefore(callRefund, func() { // the call hangs on the way, and staff give it up
		if _, err := w.pay.GiveUpRefund(bg, asker, r.No, "不退了"); err != nil {
			t.Error(err)
		}
		wantRefund(t, w.refundNow(r.No), money.RefundClosed)
		if h.prepaid() != 300 {
			t.Errorf("prepaid %d", h.prepaid())
		}
		w.clean()
	})
	if now := w.follows(r); now.Status != money.RefundProcessing || h.prepaid() != 0 {
		t.Errorf("%s, prepaid %d", now.Status, h.prepaid())
	}
	w.wantOrder(o.No, money.OrderRefunding, "REFUND")
	w.finishes(r, sandbox.RefundSuccess)
	w.refundsAgree()
}

// One that WeChat never had is asked about once more, and then left alone.
func TestRefundGivenUpIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.approves(w.asks(wholeOrder(w.home(1).paidOrder(0, 0))))
	w.inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteRefund, Status: 403, Code: "NOT_ENOUGH", Times: 1})
	w.follows(r)
	if _, err := w.pay.GiveUpRefund(bg, asker, r.No, "不退了"); err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE refunds SET next_check_at = 1 WHERE next_check_at > 0")
	for _, want := range []int{1, 0} {
		if n, err := w.pay.SweepRefunds(bg); n != want || err != nil {
			t.Errorf("dealt with %d, %v; want %d", n, err, want)
		}
	}
	wantRefund(t, w.refundNow(r.No), money.RefundClosed)
	w.refundsAgree()
}

// What WeChat says of a refund that was given up while its call was on the way.
func TestRefundGivenUpAndThen(t *testing.T) {
	t.Parallel()
	for _, status := range []sandbox.RefundStatus{sandbox.RefundClosed, sandbox.RefundAbnormal, sandbox.RefundSuccess} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.home(1).paidOrder(300, 0)
			r := w.approves(w.asks(wholeOrder(o)))
			w.inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RouteRefund, Times: 2})
			_, _ = w.pay.FollowRefund(bg, r.No) // WeChat has it, and we do not know
			w.box.ClearFaults()
			w.inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteRefundQuery, Status: 404, Code: "RESOURCE_NOT_EXISTS", Times: 1})
			if _, err := w.pay.GiveUpRefund(bg, asker, r.No, "不退了"); err != nil {
				t.Fatal(err)
			}
			w.inject(sandbox.Fault{Kind: sandbox.FaultLost, Route: sandbox.RouteNotifyRefund})
			w.finishes(r, status)
			w.exec("UPDATE refunds SET next_check_at = 1 WHERE next_check_at > 0")
			if n, err := w.pay.SweepRefunds(bg); n != 1 || err != nil {
				t.Errorf("dealt with %d, %v", n, err)
			}
			want := map[sandbox.RefundStatus]string{sandbox.RefundClosed: money.RefundClosed, sandbox.RefundAbnormal: money.RefundAbnormal, sandbox.RefundSuccess: money.RefundSuccess}[status]
			wantRefund(t, w.refundNow(r.No), want)
			if now := w.refundNow(r.No); want == money.RefundClosed && (now.Fault != money.RefundFaultClosed || !now.NextCheckAt.IsZero()) {
				t.Errorf("still asked about: %+v", now)
			}
			w.refundsAgree()
		})
	}
}

// A service provider refunds for its tenant, and a second merchant has its own keys.
func TestRefundOfPartner(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.merchants = []sandbox.Merchant{{Name: "main", Partner: true}} })
	h := w.home(1)
	o := h.paidOrder(0, 0)
	if o.SubMchID == "" {
		t.Fatal("not a partner's order")
	}
	w.finishes(w.sent(wholeOrder(o)), sandbox.RefundSuccess)
	w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	w.refundsAgree()
}
