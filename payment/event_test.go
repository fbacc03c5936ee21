package payment_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// untouched proves that nothing was booked.
func (w *world) untouched(no string) {
	w.t.Helper()
	if n := w.number("SELECT COUNT(*) FROM payments"); n != 0 {
		w.t.Errorf("%d payments are booked", n)
	}
	if s := w.orderNow(no).Status; s != money.OrderPending {
		w.t.Errorf("the order is %s", s)
	}
	w.clean()
}

// oneEvent proves that one event is kept, for this reason and so many times.
func (w *world) oneEvent(reason string, times int) proof.CallbackEvent {
	w.t.Helper()
	events, err := proof.CallbackEvents(w.db.View(bg), 10)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(events) != 1 || events[0].Reason != reason || events[0].Times != times {
		w.t.Fatalf("events %+v, want one of %s, %d times", events, reason, times)
	}
	return events[0]
}

// Signed by WeChat, but not what the order asked for: nothing is booked, the event
// is kept once however often it is repeated, and WeChat gets no 2xx.
func TestSignedButWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform("main")
	set := func(path string, value any) func(m map[string]any) {
		return func(m map[string]any) {
			group, field, nested := strings.Cut(path, ".")
			if !nested {
				m[group] = value
				return
			}
			switch g := m[group].(type) {
			case map[string]any:
				g[field] = value
			case map[string]string:
				g[field] = value.(string)
			}
		}
	}
	for _, tt := range []struct {
		name, reason string
		spoil        func(m map[string]any)
	}{
		{"a fen too much", proof.EventMismatch, set("amount.total", 12950)},
		{"a fen too little", proof.EventMismatch, set("amount.total", 12948)},
		{"nothing", proof.EventMismatch, set("amount.total", 0)},
		{"negative", proof.EventMismatch, set("amount.total", -12949)},
		{"dollars", proof.EventMismatch, set("amount.currency", "USD")},
		{"another merchant", proof.EventMismatch, set("mchid", "1900000109")},
		{"another app", proof.EventMismatch, set("appid", "wx0000000000000000")},
		{"another payer", proof.EventMismatch, set("payer.openid", "oSomebodyElse")},
		{"a sub-merchant", proof.EventMismatch, set("sub_mchid", "1600000001")},
		{"an order nobody placed", proof.EventUnknownOrder, set("out_trade_no", "NOBODY000001")},
		{"an order number no order can have", proof.EventUnknownOrder, set("out_trade_no", strings.Repeat("订单", 60))},
		{"not paid", proof.EventNotSuccess, set("trade_state", "NOTPAY")},
		{"closed", proof.EventNotSuccess, set("trade_state", "CLOSED")},
		{"no transaction id", proof.EventMalformed, set("transaction_id", "")},
		{"no amount", proof.EventMalformed, set("amount", map[string]any{})},
		{"amount in words", proof.EventMalformed, set("amount.total", "12949")},
		{"amount with a fraction", proof.EventMalformed, set("amount.total", 12949.5)},
		{"no time", proof.EventMalformed, set("success_time", "")},
		{"a time nobody can read", proof.EventMalformed, set("success_time", "2026-03-15 10:00:00")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := w.home(1).order(0, 0)
			plain := p.paid(c.Order, w.clock.Now())
			tt.spoil(plain)
			id := "EV-" + strings.ReplaceAll(tt.name, " ", "-")
			before := w.number("SELECT COUNT(*) FROM callback_events")
			for range 3 {
				cb := p.signed(p.sealed(id, "TRANSACTION.SUCCESS", plain))
				err := w.pay.Notify(bg, cb.merchant, cb.header, cb.body)
				if !errors.Is(err, payment.ErrNotBooked) {
					t.Fatalf("answer %v, want ErrNotBooked", err)
				}
			}
			if n := w.number("SELECT COUNT(*) FROM callback_events") - before; n != 1 {
				t.Fatalf("%d events kept, want 1", n)
			}
			if n := w.number("SELECT COUNT(*) FROM callback_events WHERE notification_id = ? AND reason = ? AND times = 3", id, tt.reason); n != 1 {
				t.Errorf("the event is not kept as %s, three times", tt.reason)
			}
			w.untouched(c.Order.No)
		})
	}
}

// After a notification that did not fit, the true one is booked all the same.
func TestTruthAfterNonsense(t *testing.T) {
	t.Parallel()
	for _, fault := range []sandbox.FaultKind{sandbox.FaultWrongTotal, sandbox.FaultWrongMchID, sandbox.FaultWrongAppID, sandbox.FaultWrongOrder, sandbox.FaultNoResource,
		sandbox.FaultForged, sandbox.FaultSignTest, sandbox.FaultStale, sandbox.FaultWrongSerial, sandbox.FaultTruncated} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.home(1).order(0, 0)
			w.inject(sandbox.Fault{Kind: fault, Route: sandbox.RouteNotifyPayment, Times: 2})
			w.paysAtWechat(c.Order.No)
			w.drain()
			attempts := w.box.Attempts(c.Order.No)
			if len(attempts) != 3 || attempts[2].Status != http.StatusNoContent {
				t.Fatalf("attempts %+v, want two failures and a success", attempts)
			}
			for _, a := range attempts[:2] {
				if a.Status >= 200 && a.Status < 300 {
					t.Errorf("a %s notification was answered %d", fault, a.Status)
				}
			}
			switch fault {
			case sandbox.FaultWrongOrder:
				w.oneEvent(proof.EventUnknownOrder, 2)
			case sandbox.FaultWrongTotal, sandbox.FaultWrongMchID, sandbox.FaultWrongAppID:
				w.oneEvent(proof.EventMismatch, 2)
			case sandbox.FaultNoResource:
				w.oneEvent(proof.EventMalformed, 2)
			default: // unproven: nothing of it is kept
				if n := w.number("SELECT COUNT(*) FROM callback_events"); n != 0 {
					t.Errorf("%d events kept", n)
				}
			}
			w.agree()
		})
	}
}

// Envelopes that WeChat signed and nobody can open are kept one by one: by their
// id, or by what they are where there is none.
func TestSignedButUnreadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform("main")
	bodies := [][]byte{
		[]byte(`{"id":"EV-1","event_type":"TRANSACTION.SUCCESS"}`),
		[]byte(`{"id":"EV-2","event_type":"PROFITSHARING","resource":{"algorithm":"AEAD_AES_256_GCM","nonce":"123456789012","ciphertext":""}}`),
		[]byte(`{"event_type":"TRANSACTION.SUCCESS"}`), []byte(`{"event_type":"TRANSACTION.SUCCESS" }`),
		[]byte(`not JSON`), []byte(`{"id":17}`), {}, []byte(`{"id":"` + strings.Repeat("长", 500) + `"}`),
	}
	for range 2 {
		for _, body := range bodies {
			cb := p.signed(body)
			if err := w.pay.Notify(bg, "main", cb.header, cb.body); !errors.Is(err, payment.ErrNotBooked) {
				t.Errorf("%.40q: answer %v, want ErrNotBooked", body, err)
			}
		}
	}
	if n := w.number("SELECT COUNT(*) FROM callback_events WHERE reason = 'malformed' AND times = 2"); n != int64(len(bodies)) {
		t.Errorf("%d events, want %d, each of them twice", n, len(bodies))
	}
	if logged := strings.Count(w.logs.String(), "settled nothing"); logged != len(bodies) {
		t.Errorf("%d lines in the log, want one an event", logged)
	}
}

// A notification without an id is told apart by what it says.
func TestEventsWithoutAnID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform("main")
	for i := range 3 {
		c := w.home(1).order(0, 0)
		plain := p.paid(c.Order, w.clock.Now())
		plain["amount"] = map[string]any{"total": i + 1, "currency": "CNY"}
		cb := p.signed(p.sealed("", "TRANSACTION.SUCCESS", plain))
		if err := w.pay.Notify(bg, "main", cb.header, cb.body); !errors.Is(err, payment.ErrNotBooked) {
			t.Errorf("answer %v", err)
		}
	}
	if n := w.number("SELECT COUNT(*) FROM callback_events"); n != 3 {
		t.Errorf("%d events kept, want 3", n)
	}
}

// Another transaction for an order that is paid, and the transaction of one order
// for another: both are strange money, and neither is booked.
func TestOtherTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform("main")
	h := w.home(2)
	first, second := h.order(0, 0), h.order(0, 1)
	w.paysAtWechat(first.Order.No)
	w.drain()
	paid := w.orderNow(first.Order.No)
	again := p.paid(paid, w.clock.Now())
	again["transaction_id"] = "4200000009999999999"
	stolen := p.paid(second.Order, w.clock.Now())
	stolen["transaction_id"] = paid.TransactionID
	for id, plain := range map[string]map[string]any{"EV-again": again, "EV-stolen": stolen} {
		cb := p.signed(p.sealed(id, "TRANSACTION.SUCCESS", plain))
		if err := w.pay.Notify(bg, "main", cb.header, cb.body); !errors.Is(err, payment.ErrNotBooked) {
			t.Errorf("%s: answer %v", id, err)
		}
		if n := w.number("SELECT COUNT(*) FROM callback_events WHERE notification_id = ? AND reason = ?", id, proof.EventOtherPayment); n != 1 {
			t.Errorf("%s is not kept", id)
		}
	}
	w.wantOrder(second.Order.No, money.OrderPending, "NOTPAY")
	w.agree()
}

// A notification of a refund that is not ours settles nothing and is kept.
func TestRefundEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.retryScale = 1 })
	c := w.home(1).order(0, 0)
	w.paysAtWechat(c.Order.No)
	w.drain()
	_, err := w.client("main").Refund(bg, wechatpay.RefundRequest{OutTradeNo: c.Order.No, OutRefundNo: "RF1", RefundFen: 100, TotalFen: int64(c.Order.AmountFen),
		NotifyURL: w.front.URL + "/wechat/pay/main/notify"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.box.FinishRefund("RF1", sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	for len(w.callbacks()) < 2 {
		time.Sleep(time.Millisecond)
	}
	if cb := w.callbacks()[1]; cb.status != http.StatusInternalServerError {
		t.Errorf("answered %d", cb.status)
	}
	if e := w.oneEvent(proof.EventUnknownRefund, 1); e.AmountFen != 100 || e.OrderNo != c.Order.No {
		t.Errorf("kept %+v", e)
	}
	// Asking about an order that has a refund since is still about money that came.
	w.ask(c.Order.No)
	w.agree()
}

// What is not proven to come from WeChat changes nothing and leaves nothing.
func TestUnproven(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other"}} })
	c := w.home(1).order(0, 0)
	p := w.platform("main")
	body := p.sealed("EV-1", "TRANSACTION.SUCCESS", p.paid(c.Order, w.clock.Now()))
	good := func() callback { return p.signed(body) }
	header := func(key, value string) callback {
		cb := good()
		cb.header.Set(key, value)
		return cb
	}
	for name, cb := range map[string]callback{
		"no headers":           {merchant: "main", header: http.Header{}, body: body},
		"another body":         {merchant: "main", header: good().header, body: append([]byte(" "), body...)},
		"cut off":              {merchant: "main", header: good().header, body: body[:len(body)/2]},
		"empty":                {merchant: "main", header: good().header},
		"another merchant's":   {merchant: "other", header: good().header, body: body},
		"forged":               header("Wechatpay-Signature", "AAAA"),
		"signature probe":      header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+good().header.Get("Wechatpay-Signature")),
		"unknown serial":       header("Wechatpay-Serial", "7132D72A03E93CDDF8C03BBD1F37EEDF00000000"),
		"another public key":   header("Wechatpay-Serial", "PUB_KEY_ID_0000000000000000000000000000"),
		"another nonce":        header("Wechatpay-Nonce", "0"),
		"stale":                header("Wechatpay-Timestamp", fmt.Sprint(time.Now().Add(-6*time.Minute).Unix())),
		"from the future":      header("Wechatpay-Timestamp", fmt.Sprint(time.Now().Add(6*time.Minute).Unix())),
		"a timestamp in words": header("Wechatpay-Timestamp", "now"),
		"oversized":            p.signed(make([]byte, 2<<20)),
	} {
		refused(t, w.pay.Notify(bg, cb.merchant, cb.header, cb.body), payment.ErrSignature)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	refused(t, w.pay.Notify(bg, "nobody", good().header, body), models.ErrNotFound)
	if n := w.number("SELECT COUNT(*) FROM callback_events"); n != 0 {
		t.Errorf("%d events kept", n)
	}
	w.untouched(c.Order.No)
	if err := w.pay.Notify(bg, "main", good().header, body); err != nil {
		t.Errorf("the true one: %v", err)
	}
	w.clean()
}

// The same strange notification, thirty times at once: one event.
func TestStrangeStorm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.platform("main")
	c := w.home(1).order(0, 0)
	plain := p.paid(c.Order, w.clock.Now())
	plain["amount"] = map[string]any{"total": 1, "currency": "CNY"}
	cb := p.signed(p.sealed("EV-storm", "TRANSACTION.SUCCESS", plain))
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			if err := w.pay.Notify(bg, "main", cb.header, cb.body); !errors.Is(err, payment.ErrNotBooked) {
				t.Errorf("answer %v", err)
			}
		})
	}
	all.Wait()
	w.oneEvent(proof.EventMismatch, 30)
	w.untouched(c.Order.No)
}
