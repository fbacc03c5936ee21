package refund_test

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
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
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
			w := paymenttest.NewWorld(t)
			h := w.Home(1)
			o := h.PaidOrder(300, 0)
			r := w.Approves(w.Asks(paymenttest.WholeOrder(o)))
			fault.Route = sandbox.RouteRefund
			w.Inject(fault)
			_, _ = refund.Follow(paymenttest.Bg, w.Pay, r.No) // that it fails is what this is about
			w.Box.ClearFaults()
			paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundSending)
			if f := w.RefundNow(r.No).Fault; f == "" {
				t.Error("staff do not see why it waits")
			}
			w.Clean()
			w.SweepRefunds()
			paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundProcessing)
			w.Finishes(r, sandbox.RefundSuccess)
			w.WantOrder(o.No, money.OrderRefunded, "REFUND")
			w.RefundsAgree()
		})
	}
}

// WeChat refuses for good: once it has said that it does not have the refund, what
// was held is free again.
func TestRefundRefusedByWechat(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(300, 0)
	r := w.Approves(w.Asks(paymenttest.WholeOrder(o)))
	w.Inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteRefund, Status: 403, Code: "USER_ACCOUNT_ABNORMAL", Times: 1})
	r = w.Follows(r)
	paymenttest.WantRefund(t, r, money.RefundClosed)
	if r.Fault != "USER_ACCOUNT_ABNORMAL" || h.Prepaid() != 300 {
		t.Errorf("fault %s, prepaid %d", r.Fault, h.Prepaid())
	}
	w.WantOrder(o.No, money.OrderPaid, "SUCCESS")
	w.RefundsAgree()
	w.Clock.Advance(time.Minute)
	w.Finishes(w.Sent(paymenttest.WholeOrder(o)), sandbox.RefundSuccess)
	w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	w.RefundsAgree()
}

// The callback is lost: the query finds the same.
func TestRefundFoundByQuery(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(0, 0)
	r := w.Sent(paymenttest.WholeOrder(o))
	w.Deaf.Store(true)
	if err := w.Box.FinishRefund(r.No, sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	w.SweepRefunds()
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundSuccess)
	w.Deaf.Store(false)
	w.Drain() // and the callback comes after all
	w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	w.RefundsAgree()
}

// Closed: all is as before, and the amount can be refunded under a new number.
func TestRefundClosed(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(300, 0)
	r := w.Sent(paymenttest.WholeOrder(o))
	w.Finishes(r, sandbox.RefundClosed)
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundClosed)
	w.WantOrder(o.No, money.OrderPaid, "REFUND")
	if h.Prepaid() != 300 || h.Bill(0).Status != fees.BillPaid {
		t.Errorf("prepaid %d, bill %s", h.Prepaid(), h.Bill(0).Status)
	}
	w.RefundsAgree()
	w.Clock.Advance(2 * time.Minute)
	again := paymenttest.WholeOrder(o)
	again.RetryOf = r.No
	w.Finishes(w.Sent(again), sandbox.RefundSuccess)
	w.RefundsAgree()
}

// Abnormal: the payer's account cannot take it. It stays held until WeChat has paid
// it otherwise, or staff have.
func TestRefundAbnormal(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	one, two := h.PaidOrder(0, 0), h.PaidOrder(0, 1)
	first, second := w.Sent(paymenttest.WholeOrder(one)), w.Sent(paymenttest.WholeOrder(two))
	for _, r := range []money.Refund{first, second} {
		w.Finishes(r, sandbox.RefundAbnormal)
		paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundAbnormal)
	}
	w.WantOrder(one.No, money.OrderRefunding, "REFUND")
	_, err := refund.Request(paymenttest.Bg, w.Pay, paymenttest.Asker, paymenttest.WholeOrder(one))
	paymenttest.Refused(t, err, payment.ErrRefundTooMuch)
	w.Clean()
	w.Finishes(first, sandbox.RefundSuccess) // settled at the merchant platform
	w.WantOrder(one.No, money.OrderRefunded, "REFUND")
	if _, err := refund.SettleByHand(paymenttest.Bg, w.Pay, paymenttest.Asker, second.No, "已转账至业主新卡"); err != nil {
		t.Fatal(err)
	}
	w.WantOrder(two.No, money.OrderRefunded, "REFUND")
	w.Clean()
	w.Finishes(second, sandbox.RefundSuccess) // WeChat's word comes after all
	if n := w.Number("SELECT COUNT(*) FROM callback_events"); n != 0 {
		t.Errorf("%d events", n)
	}
	w.Clean()
	w.Agree()
}

// Given up: only what WeChat does not have.
func TestGiveUpRefund(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	one, two := h.PaidOrder(0, 0), h.PaidOrder(0, 1)
	poor := w.Approves(w.Asks(paymenttest.WholeOrder(one)))
	w.Inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteRefund, Status: 403, Code: "NOT_ENOUGH", Times: 1})
	poor = w.Follows(poor)
	if r, err := refund.GiveUp(paymenttest.Bg, w.Pay, paymenttest.Asker, poor.No,
		"账户余额不足，改为转账"); err != nil || r.Status != money.RefundClosed {
		t.Errorf("%s, %v", r.Status, err)
	}
	w.WantOrder(one.No, money.OrderPaid, "SUCCESS")

	lost := w.Approves(w.Asks(paymenttest.WholeOrder(two)))
	w.Inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RouteRefund, Times: 2})
	_, _ = refund.Follow(paymenttest.Bg, w.Pay, lost.No) // the reply is lost
	w.Box.ClearFaults()
	_, err := refund.GiveUp(paymenttest.Bg, w.Pay, paymenttest.Asker, lost.No, "不退了")
	paymenttest.Refused(t, err, refund.ErrRefundMoving)
	paymenttest.WantRefund(t, w.RefundNow(lost.No), money.RefundProcessing)
	w.Finishes(lost, sandbox.RefundSuccess)
	w.RefundsAgree()
}

// A bill whose money is on its way back is not adjusted meanwhile.
func TestAdjustWhileRefunding(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	r := w.Sent(paymenttest.WholeOrder(h.PaidOrder(0, 0)))
	void := func() error {
		return w.Db.Write(paymenttest.Bg, func(tx *store.Tx) error {
			_, err := billing.Adjust(tx, billing.Approval{
				Asked: paymenttest.Asker.Actor(), Approved: paymenttest.Approver.Actor(), Reason: "开错",
			}, billing.Adjustment{Kind: fees.EntryVoid, BillID: h.Bills[0].ID})
			return err
		})
	}
	paymenttest.Refused(t, void(), billing.ErrBillRefunding)
	w.Finishes(r, sandbox.RefundSuccess)
	if err := void(); err != nil {
		t.Error(err)
	}
	w.RefundsAgree()
}

// Callbacks with a good signature over something else book nothing, and are kept;
// a repeat of the true one books nothing more.
func TestRefundCallbacks(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	o, other := h.PaidOrder(0, 0), h.PaidOrder(0, 1)
	r := w.Sent(paymenttest.WholeOrder(o))
	wechat := w.Platform("main")
	plain := func(change func(map[string]any)) map[string]any {
		m := map[string]any{
			"mchid": r.MchID, "out_trade_no": o.No, "transaction_id": o.TransactionID, "out_refund_no": r.No, "refund_id": *r.RefundID,
			"refund_status": "SUCCESS", "success_time": w.Clock.Now().Format(time.RFC3339), "user_received_account": "招商银行信用卡0403",
			"amount": map[string]any{
				"total": int64(o.AmountFen), "refund": int64(r.AmountFen), "payer_total": int64(o.AmountFen),
				"payer_refund": int64(r.AmountFen),
			},
		}
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
		c := wechat.Signed(wechat.Sealed("EV-"+name, "REFUND.SUCCESS", plain(change)))
		for range 2 {
			if status := w.Tell(paymenttest.Bg, w.Pay, c); status != http.StatusInternalServerError {
				t.Errorf("%s: answered %d", name, status)
			}
		}
		if n := w.Number("SELECT COALESCE(SUM(times), 0) FROM callback_events WHERE notification_id = ?", "EV-"+name); n != 2 {
			t.Errorf("%s: kept %d times", name, n)
		}
		paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundProcessing)
	}
	forged := wechat.Signed(wechat.Sealed("EV-forged", "REFUND.SUCCESS", plain(func(map[string]any) {})))
	forged.Header.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/abc")
	if status := w.Tell(paymenttest.Bg, w.Pay, forged); status != http.StatusUnauthorized {
		t.Errorf("forged: answered %d", status)
	}
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundProcessing)
	w.Inject(sandbox.Fault{Kind: sandbox.FaultRepeated, Route: sandbox.RouteNotifyRefund})
	w.Finishes(r, sandbox.RefundSuccess)
	w.RefundsAgree()
	good := wechat.Signed(wechat.Sealed("EV-again", "REFUND.SUCCESS", plain(func(map[string]any) {})))
	if status := w.Tell(paymenttest.Bg, w.Pay, good); status != http.StatusNoContent {
		t.Errorf("again: answered %d", status)
	}
	closed := wechat.Signed(wechat.Sealed("EV-closed", "REFUND.CLOSED", plain(func(m map[string]any) { m["refund_status"] = "CLOSED" })))
	if status := w.Tell(paymenttest.Bg, w.Pay, closed); status != http.StatusInternalServerError {
		t.Errorf("closed after success: answered %d", status)
	}
	w.RefundsAgree()
	w.Agree()
}

// A success for a refund that we had given up is money all the same.
func TestRefundSucceedsAfterItWasClosed(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(300, 0)
	r := w.Sent(paymenttest.WholeOrder(o))
	wechat := w.Platform("main")
	say := func(id, state string) int {
		return w.Tell(paymenttest.Bg, w.Pay, wechat.Signed(
			wechat.Sealed(id, "REFUND."+state, map[string]any{"mchid": r.MchID, "out_trade_no": o.No, "transaction_id": o.TransactionID,
				"out_refund_no": r.No, "refund_id": *r.RefundID, "refund_status": state, "success_time": w.Clock.Now().Format(time.RFC3339),
				"amount": map[string]any{"total": int64(o.AmountFen), "refund": int64(r.AmountFen)}})))
	}
	if status := say("EV-1", "CLOSED"); status != http.StatusNoContent ||
		w.RefundNow(r.No).Status != money.RefundClosed || h.Prepaid() != 300 {
		t.Fatalf("closing answered %d", status)
	}
	if status := say("EV-2", "SUCCESS"); status != http.StatusNoContent ||
		w.RefundNow(r.No).Status != money.RefundSuccess || h.Prepaid() != 0 {
		t.Errorf("success answered %d, prepaid %d", status, h.Prepaid())
	}
	w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	w.Clean()
}

// Two approve at once, and eight ask at once: one wins, and never more goes back than
// came.
func TestRefundRaces(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(0, 0)
	var mu sync.Mutex
	var all sync.WaitGroup
	var asked []money.Refund
	for range 8 {
		all.Go(func() {
			ask := paymenttest.WholeOrder(o)
			ask.AmountFen = 5000
			r, err := refund.Request(paymenttest.Bg, w.Pay, paymenttest.Asker, ask)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				asked = append(asked, r)
			} else {
				paymenttest.Refused(t, err, payment.ErrRefundTooMuch)
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
			_, err := refund.Approve(paymenttest.Bg, w.Pay, paymenttest.Approver, asked[0].No, "")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				approved++
			} else {
				paymenttest.Refused(t, err, refund.ErrRefundState)
			}
		})
	}
	all.Wait()
	if approved != 1 {
		t.Errorf("approved %d times", approved)
	}
	// Sent, told and asked about by many at once.
	for range 4 {
		all.Go(func() { _, _ = refund.Follow(paymenttest.Bg, w.Pay, asked[0].No) }) // the others find it done
	}
	all.Wait()
	if err := w.Box.FinishRefund(asked[0].No, sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		all.Go(func() { _, _ = refund.Follow(paymenttest.Bg, w.Pay, asked[0].No) })
	}
	all.Wait()
	w.Drain()
	paymenttest.WantRefund(t, w.RefundNow(asked[0].No), money.RefundSuccess)
	w.RefundsAgree()
}

// At most fifty parts, a minute apart.
func TestRefundParts(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(0, 0)
	ask := paymenttest.WholeOrder(o)
	ask.AmountFen = 100
	for range money.RefundParts {
		w.Finishes(w.Sent(ask), sandbox.RefundSuccess)
		w.Clock.Advance(money.RefundPause)
	}
	_, err := refund.Request(paymenttest.Bg, w.Pay, paymenttest.Asker, ask)
	paymenttest.Refused(t, err, payment.ErrRefundParts)
	w.RefundsAgree()
}

// A refund that was given up in the very moment in which its call arrived is under
// way after all: it is asked about once more.
func TestRefundArrivesAfterItWasGivenUp(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(300, 0)
	r := w.Approves(w.Asks(paymenttest.WholeOrder(o)))
	w.Gate.OnceBefore(paymenttest.CallRefund, func() { // the call hangs on the way, and staff give it up
		if _, err := refund.GiveUp(paymenttest.Bg, w.Pay, paymenttest.Asker, r.No, "不退了"); err != nil {
			t.Error(err)
		}
		paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundClosed)
		if h.Prepaid() != 300 {
			t.Errorf("prepaid %d", h.Prepaid())
		}
		w.Clean()
	})
	if now := w.Follows(r); now.Status != money.RefundProcessing || h.Prepaid() != 0 {
		t.Errorf("%s, prepaid %d", now.Status, h.Prepaid())
	}
	w.WantOrder(o.No, money.OrderRefunding, "REFUND")
	w.Finishes(r, sandbox.RefundSuccess)
	w.RefundsAgree()
}

// One that WeChat never had is asked about once more, and then left alone.
func TestRefundGivenUpIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	r := w.Approves(w.Asks(paymenttest.WholeOrder(w.Home(1).PaidOrder(0, 0))))
	w.Inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteRefund, Status: 403, Code: "NOT_ENOUGH", Times: 1})
	w.Follows(r)
	if _, err := refund.GiveUp(paymenttest.Bg, w.Pay, paymenttest.Asker, r.No, "不退了"); err != nil {
		t.Fatal(err)
	}
	w.Exec("UPDATE refunds SET next_check_at = 1 WHERE next_check_at > 0")
	for _, want := range []int{1, 0} {
		if n, err := refund.Sweep(paymenttest.Bg, w.Pay); n != want || err != nil {
			t.Errorf("dealt with %d, %v; want %d", n, err, want)
		}
	}
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundClosed)
	w.RefundsAgree()
}

// What WeChat says of a refund that was given up while its call was on the way.
func TestRefundGivenUpAndThen(t *testing.T) {
	t.Parallel()
	for _, status := range []sandbox.RefundStatus{sandbox.RefundClosed, sandbox.RefundAbnormal, sandbox.RefundSuccess} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t)
			o := w.Home(1).PaidOrder(300, 0)
			r := w.Approves(w.Asks(paymenttest.WholeOrder(o)))
			w.Inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RouteRefund, Times: 2})
			_, _ = refund.Follow(paymenttest.Bg, w.Pay, r.No) // WeChat has it, and we do not know
			w.Box.ClearFaults()
			w.Inject(sandbox.Fault{
				Kind: sandbox.FaultError, Route: sandbox.RouteRefundQuery, Status: 404, Code: "RESOURCE_NOT_EXISTS", Times: 1,
			})
			if _, err := refund.GiveUp(paymenttest.Bg, w.Pay, paymenttest.Asker, r.No, "不退了"); err != nil {
				t.Fatal(err)
			}
			w.Inject(sandbox.Fault{Kind: sandbox.FaultLost, Route: sandbox.RouteNotifyRefund})
			w.Finishes(r, status)
			w.Exec("UPDATE refunds SET next_check_at = 1 WHERE next_check_at > 0")
			if n, err := refund.Sweep(paymenttest.Bg, w.Pay); n != 1 || err != nil {
				t.Errorf("dealt with %d, %v", n, err)
			}
			want := map[sandbox.RefundStatus]string{
				sandbox.RefundClosed: money.RefundClosed, sandbox.RefundAbnormal: money.RefundAbnormal,
				sandbox.RefundSuccess: money.RefundSuccess,
			}[status]
			paymenttest.WantRefund(t, w.RefundNow(r.No), want)
			if now := w.RefundNow(r.No); want == money.RefundClosed && (now.Fault != money.RefundFaultClosed || !now.NextCheckAt.IsZero()) {
				t.Errorf("still asked about: %+v", now)
			}
			w.RefundsAgree()
		})
	}
}

// A service provider refunds for its tenant, and a second merchant has its own keys.
func TestRefundOfPartner(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main", Partner: true}} })
	h := w.Home(1)
	o := h.PaidOrder(0, 0)
	if o.SubMchID == "" {
		t.Fatal("not a partner's order")
	}
	w.Finishes(w.Sent(paymenttest.WholeOrder(o)), sandbox.RefundSuccess)
	w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	w.RefundsAgree()
}
