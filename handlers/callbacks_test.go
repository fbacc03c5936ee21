package handlers_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// tell delivers a callback of WeChat Pay.
func (f *front) tell(doors http.Handler, c paymenttest.Callback, change ...func(*http.Request)) answer {
	f.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), "POST", "/wechat/pay/"+c.Merchant+"/notify", bytes.NewReader(c.Body))
	r.Header = c.Header.Clone()
	for _, x := range change {
		x(r)
	}
	w := httptest.NewRecorder()
	doors.ServeHTTP(w, r)
	return answer{f.t, "callback", w.Code, w.Header(), w.Body.String()}
}

// paidSilently is an order that is paid at WeChat, and the callback that did not come yet.
func paidSilently(f *front) (*paymenttest.Home, money.Order, paymenttest.Callback) {
	f.t.Helper()
	h := f.Home(1)
	o := h.Order(0, 0).Order
	tr := f.PaysAtWechat(o.No, paymenttest.Silent)
	p := f.Platform("main")
	return h, o, p.Signed(p.Sealed("EV-1", "TRANSACTION.SUCCESS", paymenttest.PaidAs(p, o, tr)))
}

// Only a callback that is proven to come from WeChat Pay and fits an order is told that all
// is well; for everything else WeChat is told to come again.
func TestPaymentCallbacks(t *testing.T) {
	f := newFront(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main"}, {Name: "second"}} })
	_, o, good := paidSilently(f)
	p := f.Platform("main")
	without := func(name string) paymenttest.Callback {
		c := good
		c.Header = c.Header.Clone()
		c.Header.Del(name)
		return c
	}
	changed := func(change func(*paymenttest.Callback)) paymenttest.Callback {
		c := good
		c.Header = c.Header.Clone()
		change(&c)
		return c
	}
	paid := p.Paid(o, f.Clock.Now())
	paid["amount"].(map[string]any)["total"] = 1
	wrongSum := p.Signed(p.Sealed("EV-2", "TRANSACTION.SUCCESS", paid))
	stranger := p.Paid(o, f.Clock.Now())
	stranger["out_trade_no"] = "01NOBODYKNOWSTHISORDER0000"
	for _, x := range []struct {
		name   string
		c      paymenttest.Callback
		status int
	}{
		{"without a signature", without("Wechatpay-Signature"), 401},
		{"without a time", without("Wechatpay-Timestamp"), 401},
		{"without a serial", without("Wechatpay-Serial"), 401},
		{"a signature of something else", changed(func(c *paymenttest.Callback) { c.Header.Set("Wechatpay-Nonce", "another") }), 401},
		{"a body that was changed", changed(func(c *paymenttest.Callback) { c.Body = append([]byte(" "), c.Body...) }), 401},
		{"of another merchant", changed(func(c *paymenttest.Callback) { c.Merchant = "second" }), 401},
		{"of a merchant that nobody knows", changed(func(c *paymenttest.Callback) { c.Merchant = "third" }), 404},
		{"no JSON", p.Signed([]byte("{")), 500},
		{"of another sum", wrongSum, 500},
		{"of an order that nobody knows", p.Signed(p.Sealed("EV-3", "TRANSACTION.SUCCESS", stranger)), 500},
		{"of a payment that failed", p.Signed(p.Sealed("EV-4", "TRANSACTION.PAYERROR", map[string]any{})), 500},
		{"too long", changed(func(c *paymenttest.Callback) { c.Body = make([]byte, 256<<10+1) }), 413},
	} {
		f.run(x.name, func(t *testing.T) {
			a := f.tell(f.doors, x.c)
			if a.Status != x.status {
				t.Fatalf("status %d, want %d: %s", a.Status, x.status, a.Body)
			}
			if x.status == 413 {
				return
			}
			a.must(x.status).wants(t, `{"code":"FAIL","message":"`+http.StatusText(x.status)+`"}`)
		})
	}
	if n := f.Number("SELECT COUNT(*) FROM payments"); n != 0 {
		t.Fatalf("%d payments were booked", n)
	}
	for range 2 { // once more is as well
		if a := f.tell(f.doors, good); a.Status != 204 || a.Body != "" {
			t.Fatalf("the good one: %d %s", a.Status, a.Body)
		}
	}
	f.WantOrder(o.No, "paid", string(sandbox.Paid))
	if n := f.Number("SELECT COUNT(*) FROM payments"); n != 1 {
		t.Errorf("%d payments were booked", n)
	}
	f.Agree()
}

// What cannot be read to its end is answered, and kept as what somebody tried.
func TestCallbacksThatCannotBeRead(t *testing.T) {
	f := newFront(t)
	_, _, good := paidSilently(f)
	cut := func(r *http.Request) {
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"id":`), iotest.ErrReader(errors.New("cut off"))))
	}
	if a := f.tell(f.doors, good, cut); a.Status != 400 {
		t.Errorf("cut off: %d", a.Status)
	}
	long := good
	long.Body = make([]byte, 1<<20)
	if a := f.tell(f.doors, long); a.Status != 413 {
		t.Errorf("too long: %d", a.Status)
	}
	long.Merchant = "third"
	f.tell(f.doors, long)
	if err := f.API.Pay.FlushEvidence(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept, err := proof.EvidencePage(f.Db.View(t.Context()), proof.EvidenceFilter{Limit: 9})
	unread := 0
	for _, e := range kept {
		if e.Kind == proof.EvidenceCallback && e.Merchant == "main" && e.Verdict == proof.VerdictBadSignature &&
			e.Detail == "body too long or cut off" {
			unread += int(e.Times)
		}
	}
	if err != nil || unread != 2 {
		t.Errorf("kept %+v, %v: want two of main", kept, err)
	}
}

// A fault of ours says nothing about itself, and WeChat's hanging up stops no booking.
func TestCallbacksAndOurFaults(t *testing.T) {
	f := newFront(t)
	_, o, good := paidSilently(f)
	a := f.tell(f.broken(), good)
	a.must(500).wants(t, `{"code":"FAIL","message":"Internal Server Error"}`)
	if !strings.Contains(f.Logs.String(), "notification not booked") {
		t.Error("nothing is logged")
	}
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	if a := f.tell(f.doors, good, func(r *http.Request) { *r = *r.WithContext(gone) }); a.Status != 204 {
		t.Errorf("WeChat has hung up: %d %s", a.Status, a.Body)
	}
	f.WantOrder(o.No, "paid", string(sandbox.Paid))
}

// In a flood some are told to come again, by 503; none is lost.
func TestTooManyCallbacks(t *testing.T) {
	f := newFront(t)
	_, o, good := paidSilently(f)
	turnedAway, once := make(chan struct{}), sync.Once{}
	f.API.Pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error { // the database is slow
		<-turnedAway
		return nil
	}
	const told = 60
	statuses := make(chan int, told)
	for range told {
		go func() {
			a := f.tell(f.doors, good)
			if a.Status == 503 {
				once.Do(func() { close(turnedAway) })
			}
			statuses <- a.Status
		}()
	}
	count := map[int]int{}
	for range told {
		count[<-statuses]++
	}
	if count[503] == 0 || count[204]+count[500]+count[503] != told {
		t.Errorf("answers by status %v", count)
	}
	if a := f.tell(f.doors, good); a.Status != 204 {
		t.Errorf("afterwards: %d %s", a.Status, a.Body)
	}
	f.WantOrder(o.No, "paid", string(sandbox.Paid))
	f.Agree()
}

// The mini-program's pushes are taken where they are signed, and change nothing.
func TestMessagePush(t *testing.T) {
	f := newFront(t)
	server := httptest.NewServer(f.doors)
	t.Cleanup(server.Close)
	address := server.URL + "/wechat/message"
	if err := f.Box.CheckMessageURL(t.Context(), address); err != nil {
		t.Error(err)
	}
	f.Box.SetMessageURL(address)
	openID := f.Box.OpenID("wang")
	for _, kind := range []string{sandbox.EventPopup, sandbox.EventChange, sandbox.EventSent} {
		for _, xml := range []bool{false, true} {
			if err := f.Box.PushEvent(t.Context(), sandbox.Event{Kind: kind, OpenID: openID, TemplateID: "T1", Status: "accept", XML: xml,
				MsgID: 7}); err != nil {
				t.Errorf("%s, XML %v: %v", kind, xml, err)
			}
		}
	}
	if logs := f.Logs.String(); strings.Count(logs, "subscribe event") != 6 || !strings.Contains(logs, "template=T1") ||
		strings.Contains(logs, openID) {
		t.Errorf("the log has %s", logs)
	}
	if err := f.Box.PushEvent(t.Context(), sandbox.Event{Kind: sandbox.EventPopup, OpenID: openID, Plain: true}); err == nil {
		t.Error("a plain push is taken, although pushes are encrypted")
	}
	for _, x := range []struct {
		name, method, query, body string
		status                    int
	}{
		{"a check without a signature", "GET", "?echostr=hello", "", 403},
		{"a check with a wrong one", "GET", "?echostr=hello&signature=ab&timestamp=1&nonce=2", "", 403},
		{"a push without a signature", "POST", "", `{"Encrypt":"YQ=="}`, 403},
		{"a push with a wrong one", "POST", "?msg_signature=ab&timestamp=1&nonce=2", `{"Encrypt":"YQ=="}`, 403},
		{"no push at all", "POST", "?msg_signature=ab&timestamp=1&nonce=2", `{"Encrypt":`, 400},
		{"too long", "POST", "", strings.Repeat("x", 256<<10+1), 413},
	} {
		f.run(x.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			f.doors.ServeHTTP(w, httptest.NewRequest(x.method, "/wechat/message"+x.query, strings.NewReader(x.body)))
			if w.Code != x.status || strings.Contains(w.Body.String(), "hello") {
				t.Errorf("%d %s, want %d", w.Code, w.Body, x.status)
			}
		})
	}
}
