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
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// untouched proves that nothing was booked.
func untouched(w *paymenttest.World, no string) {
	w.T.Helper()
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 0 {
		w.T.Errorf("%d payments are booked", n)
	}
	if s := w.OrderNow(no).Status; s != money.OrderPending {
		w.T.Errorf("the order is %s", s)
	}
	w.Clean()
}

// oneEvent proves that one event is kept, for this reason and so many times.
func oneEvent(w *paymenttest.World, reason string, times int) proof.CallbackEvent {
	w.T.Helper()
	events, err := proof.CallbackEvents(w.Db.View(paymenttest.Bg), 10)
	if err != nil {
		w.T.Fatal(err)
	}
	if len(events) != 1 || events[0].Reason != reason || events[0].Times != times {
		w.T.Fatalf("events %+v, want one of %s, %d times", events, reason, times)
	}
	return events[0]
}

// Signed by WeChat, but not what the order asked for: nothing is booked, the event
// is kept once however often it is repeated, and WeChat gets no 2xx.
func TestSignedButWrong(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	p := w.Platform("main")
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
			c := w.Home(1).Order(0, 0)
			plain := p.Paid(c.Order, w.Clock.Now())
			tt.spoil(plain)
			id := "EV-" + strings.ReplaceAll(tt.name, " ", "-")
			before := w.Number("SELECT COUNT(*) FROM callback_events")
			for range 3 {
				cb := p.Signed(p.Sealed(id, "TRANSACTION.SUCCESS", plain))
				err := w.Pay.Notify(paymenttest.Bg, cb.Merchant, cb.Header, cb.Body)
				if !errors.Is(err, payment.ErrNotBooked) {
					t.Fatalf("answer %v, want ErrNotBooked", err)
				}
			}
			if n := w.Number("SELECT COUNT(*) FROM callback_events") - before; n != 1 {
				t.Fatalf("%d events kept, want 1", n)
			}
			if n := w.Number("SELECT COUNT(*) FROM callback_events WHERE notification_id = ? AND reason = ? AND times = 3", id,
				tt.reason); n != 1 {
				t.Errorf("the event is not kept as %s, three times", tt.reason)
			}
			untouched(w, c.Order.No)
		})
	}
}

// After a notification that did not fit, the true one is booked all the same.
func TestTruthAfterNonsense(t *testing.T) {
	t.Parallel()
	for _, fault := range []sandbox.FaultKind{
		sandbox.FaultWrongTotal, sandbox.FaultWrongMchID, sandbox.FaultWrongAppID, sandbox.FaultWrongOrder, sandbox.FaultNoResource,
		sandbox.FaultForged, sandbox.FaultSignTest, sandbox.FaultStale, sandbox.FaultWrongSerial, sandbox.FaultTruncated,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t)
			c := w.Home(1).Order(0, 0)
			w.Inject(sandbox.Fault{Kind: fault, Route: sandbox.RouteNotifyPayment, Times: 2})
			w.PaysAtWechat(c.Order.No)
			w.Drain()
			attempts := w.Box.Attempts(c.Order.No)
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
				oneEvent(w, proof.EventUnknownOrder, 2)
			case sandbox.FaultWrongTotal, sandbox.FaultWrongMchID, sandbox.FaultWrongAppID:
				oneEvent(w, proof.EventMismatch, 2)
			case sandbox.FaultNoResource:
				oneEvent(w, proof.EventMalformed, 2)
			default: // unproven: nothing of it is kept
				if n := w.Number("SELECT COUNT(*) FROM callback_events"); n != 0 {
					t.Errorf("%d events kept", n)
				}
			}
			w.Agree()
		})
	}
}

// Envelopes that WeChat signed and nobody can open are kept one by one: by their
// id, or by what they are where there is none.
func TestSignedButUnreadable(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	p := w.Platform("main")
	bodies := [][]byte{
		[]byte(`{"id":"EV-1","event_type":"TRANSACTION.SUCCESS"}`),
		[]byte(
			`{"id":"EV-2","event_type":"TRANSACTION.SUCCESS","resource":{"algorithm":"AEAD_AES_256_GCM","nonce":"123456789012",` +
				`"ciphertext":""}}`),
		[]byte(`{"event_type":"TRANSACTION.SUCCESS"}`), []byte(`{"event_type":"TRANSACTION.SUCCESS" }`), []byte(`not JSON`),
		[]byte(`{"id":17}`),
		{}, []byte(`{"id":"` + strings.Repeat("长", 500) + `"}`),
	}
	for range 2 {
		for _, body := range bodies {
			cb := p.Signed(body)
			if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); !errors.Is(err, payment.ErrNotBooked) {
				t.Errorf("%.40q: answer %v, want ErrNotBooked", body, err)
			}
		}
	}
	if n := w.Number("SELECT COUNT(*) FROM callback_events WHERE reason = 'malformed' AND times = 2"); n != int64(len(bodies)) {
		t.Errorf("%d events, want %d, each of them twice", n, len(bodies))
	}
	if logged := strings.Count(w.Logs.String(), "settled nothing"); logged != len(bodies) {
		t.Errorf("%d lines in the log, want one an event", logged)
	}
}

// A notification without an id is told apart by what it says.
func TestEventsWithoutAnID(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	p := w.Platform("main")
	for i := range 3 {
		c := w.Home(1).Order(0, 0)
		plain := p.Paid(c.Order, w.Clock.Now())
		plain["amount"] = map[string]any{"total": i + 1, "currency": "CNY"}
		cb := p.Signed(p.Sealed("", "TRANSACTION.SUCCESS", plain))
		if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); !errors.Is(err, payment.ErrNotBooked) {
			t.Errorf("answer %v", err)
		}
	}
	if n := w.Number("SELECT COUNT(*) FROM callback_events"); n != 3 {
		t.Errorf("%d events kept, want 3", n)
	}
}

// Another transaction for an order that is paid, and the transaction of one order
// for another: both are strange money, and neither is booked.
func TestOtherTransaction(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	p := w.Platform("main")
	h := w.Home(2)
	first, second := h.Order(0, 0), h.Order(0, 1)
	w.PaysAtWechat(first.Order.No)
	w.Drain()
	paid := w.OrderNow(first.Order.No)
	again := p.Paid(paid, w.Clock.Now())
	again["transaction_id"] = "4200000009999999999"
	stolen := p.Paid(second.Order, w.Clock.Now())
	stolen["transaction_id"] = paid.TransactionID
	for id, plain := range map[string]map[string]any{"EV-again": again, "EV-stolen": stolen} {
		cb := p.Signed(p.Sealed(id, "TRANSACTION.SUCCESS", plain))
		if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); !errors.Is(err, payment.ErrNotBooked) {
			t.Errorf("%s: answer %v", id, err)
		}
		if n := w.Number("SELECT COUNT(*) FROM callback_events WHERE notification_id = ? AND reason = ?", id,
			proof.EventOtherPayment); n != 1 {
			t.Errorf("%s is not kept", id)
		}
	}
	w.WantOrder(second.Order.No, money.OrderPending, "NOTPAY")
	w.Agree()
}

// A notification of a refund that is not ours settles nothing and is kept.
func TestRefundEvent(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.RetryScale = 1 })
	c := w.Home(1).Order(0, 0)
	w.PaysAtWechat(c.Order.No)
	w.Drain()
	_, err := w.Client("main").Refund(paymenttest.Bg, wechatpay.RefundRequest{
		OutTradeNo: c.Order.No, OutRefundNo: "RF1", RefundFen: 100, TotalFen: int64(c.Order.AmountFen),
		NotifyURL: w.Front.URL + "/wechat/pay/main/notify",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Box.FinishRefund("RF1", sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	for len(w.Callbacks()) < 2 {
		time.Sleep(time.Millisecond)
	}
	if cb := w.Callbacks()[1]; cb.Status != http.StatusInternalServerError {
		t.Errorf("answered %d", cb.Status)
	}
	if e := oneEvent(w, proof.EventUnknownRefund, 1); e.AmountFen != 100 || e.OrderNo != c.Order.No {
		t.Errorf("kept %+v", e)
	}
	// Asking about an order that has a refund since is still about money that came.
	w.Ask(c.Order.No)
	w.Agree()
}

// What is not proven to come from WeChat changes nothing and leaves nothing.
func TestUnproven(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other"}} })
	c := w.Home(1).Order(0, 0)
	p := w.Platform("main")
	body := p.Sealed("EV-1", "TRANSACTION.SUCCESS", p.Paid(c.Order, w.Clock.Now()))
	good := func() paymenttest.Callback { return p.Signed(body) }
	header := func(key, value string) paymenttest.Callback {
		cb := good()
		cb.Header.Set(key, value)
		return cb
	}
	for name, cb := range map[string]paymenttest.Callback{
		"no headers":           {Merchant: "main", Header: http.Header{}, Body: body},
		"another body":         {Merchant: "main", Header: good().Header, Body: append([]byte(" "), body...)},
		"cut off":              {Merchant: "main", Header: good().Header, Body: body[:len(body)/2]},
		"empty":                {Merchant: "main", Header: good().Header},
		"another merchant's":   {Merchant: "other", Header: good().Header, Body: body},
		"forged":               header("Wechatpay-Signature", "AAAA"),
		"signature probe":      header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+good().Header.Get("Wechatpay-Signature")),
		"unknown serial":       header("Wechatpay-Serial", "7132D72A03E93CDDF8C03BBD1F37EEDF00000000"),
		"another public key":   header("Wechatpay-Serial", "PUB_KEY_ID_0000000000000000000000000000"),
		"another nonce":        header("Wechatpay-Nonce", "0"),
		"stale":                header("Wechatpay-Timestamp", fmt.Sprint(time.Now().Add(-6*time.Minute).Unix())),
		"from the future":      header("Wechatpay-Timestamp", fmt.Sprint(time.Now().Add(6*time.Minute).Unix())),
		"a timestamp in words": header("Wechatpay-Timestamp", "now"),
		"oversized":            p.Signed(make([]byte, 2<<20)),
	} {
		paymenttest.Refused(t, w.Pay.Notify(paymenttest.Bg, cb.Merchant, cb.Header, cb.Body), payment.ErrSignature)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	paymenttest.Refused(t, w.Pay.Notify(paymenttest.Bg, "nobody", good().Header, body), models.ErrNotFound)
	if n := w.Number("SELECT COUNT(*) FROM callback_events"); n != 0 {
		t.Errorf("%d events kept", n)
	}
	untouched(w, c.Order.No)
	if err := w.Pay.Notify(paymenttest.Bg, "main", good().Header, body); err != nil {
		t.Errorf("the true one: %v", err)
	}
	w.Clean()
}

// The same strange notification, thirty times at once: one event.
func TestStrangeStorm(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	p := w.Platform("main")
	c := w.Home(1).Order(0, 0)
	plain := p.Paid(c.Order, w.Clock.Now())
	plain["amount"] = map[string]any{"total": 1, "currency": "CNY"}
	cb := p.Signed(p.Sealed("EV-storm", "TRANSACTION.SUCCESS", plain))
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			if err := w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body); !errors.Is(err, payment.ErrNotBooked) {
				t.Errorf("answer %v", err)
			}
		})
	}
	all.Wait()
	oneEvent(w, proof.EventMismatch, 30)
	untouched(w, c.Order.No)
}
