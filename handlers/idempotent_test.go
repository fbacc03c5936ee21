package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

func TestTheSameKey(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	p := f.as(h.User)
	body := pays(h, 0, 0)
	first := p.send("POST", "/orders", body, key("k"))
	no := first.must(201).text("order", "no")
	again := p.send("POST", "/orders", body, key("k"))
	if again.Status != 201 || again.Body != first.Body {
		t.Errorf("once more: %d %s, was %s", again.Status, again.Body, first.Body)
	}
	reordered := fmt.Sprintf(`{"expected_total_fen": %d, "bill_ids": [%q], "prepay_fen": 0, "room_id": %q}`,
		h.Due(0), h.Bills[0].ID, h.Room.ID)
	if a := p.send("POST", "/orders", reordered, key("k")); a.Body != first.Body {
		t.Errorf("the same body written otherwise: %d %s", a.Status, a.Body)
	}
	p.send("POST", "/orders", pays(h, 1, 0), key("k")).refused(409, "IDEMPOTENCY_KEY_REUSED")
	p.send("POST", "/orders", pays(h, 0, 1), key("K")).must(201) // keys tell upper from lower case

	other := f.Home(1)
	if theirs := f.as(other.User).send("POST", "/orders", pays(other, 0, 0), key("k")).must(201); theirs.text("order", "no") == no {
		t.Error("a key of one user gives another the answer")
	}
	if n := f.Number("SELECT COUNT(*) FROM orders"); n != 3 {
		t.Errorf("%d orders, want 3", n)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	for name, x := range map[string]struct{ key, message string }{
		"long":    {strings.Repeat("k", 129), "长度不可大于 128"},
		"blank":   {"a b", "格式不符：可见 ASCII 字符"},
		"Chinese": {"钥匙", "格式不符：可见 ASCII 字符"},
	} {
		f.run(name, func(*testing.T) {
			p.send("POST", "/orders", pays(h, 0, 0), key(x.key)).wantFault("header.Idempotency-Key", x.message)
		})
	}
	p.send("POST", "/orders", pays(h, 0, 0)).wantFault("header.Idempotency-Key", "缺少必填参数")
	p.send("POST", "/shares/t/orders", object{"expected_total_fen": 1}).wantFault("header.Idempotency-Key", "缺少必填参数")
	p.send("POST", "/orders", pays(h, 0, 0), key(strings.Repeat("~", 128))).must(201)
}

// A refusal is an answer too: the same key returns it again, whatever has changed since.
func TestARefusalIsRemembered(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	body := pays(h, 0, 0)
	body["expected_total_fen"] = h.Due(0) + 39 // what it will be tomorrow
	first := p.send("POST", "/orders", body, key("k")).refused(409, "AMOUNT_CHANGED")
	f.Clock.Advance(24 * time.Hour)
	again := p.send("POST", "/orders", body, key("k")).refused(409, "AMOUNT_CHANGED")
	if !reflect.DeepEqual(again, first) || again.fen("details", 0, "total_fen") != 12949 {
		t.Errorf("once more: %v, was %v", again, first)
	}
	// It is quoted by the id of the request that is answered, not of the first one.
	other := func(r *http.Request) { r.Header.Set("X-Test-Request", "01ANOTHERREQUEST0000000000") }
	if a := p.send("POST", "/orders", body, key("k"), other).must(409); a["request_id"] != "01ANOTHERREQUEST0000000000" {
		t.Errorf("quoted as %v", a["request_id"])
	}
	if a := p.send("POST", "/orders", pays(h, 0, 0), key("l")); a.Status != 201 {
		t.Errorf("under another key: %d %s", a.Status, a.Body)
	}
}

// A fault of WeChat's or of ours is not remembered: the phone tries again by the same key.
func TestAFaultIsNotRemembered(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	f.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RoutePrepay, Times: 99})
	a := p.send("POST", "/orders", pays(h, 0, 0), key("k"))
	a.refused(503, "WECHAT_UNAVAILABLE")
	if a.Header.Get("Retry-After") != "5" {
		t.Errorf("headers %v", a.Header)
	}
	if n := f.Number("SELECT COUNT(*) FROM idempotency_keys"); n != 0 {
		t.Errorf("%d keys are kept", n)
	}
	f.Box.ClearFaults()
	p.send("POST", "/orders", pays(h, 0, 0), key("k")).must(201)
}

// While a request is carried out, the same one waits for its answer, as long as its phone
// does; another body under its key is refused at once.
func TestTheSameKeyAtTheSameTime(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	body := pays(h, 0, 0)
	asked, goOn := make(chan struct{}), make(chan struct{})
	f.Gate.OnceBefore(paymenttest.CallPrepay, func() { close(asked); <-goOn })
	answers := make(chan answer, 2)
	send := func() { answers <- p.send("POST", "/orders", body, key("k")) }
	go send()
	<-asked
	waits, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	hurried := p.send("POST", "/orders", body, key("k"), func(r *http.Request) { *r = *r.WithContext(waits) })
	hurried.refused(503, "REQUEST_IN_PROGRESS")
	p.send("POST", "/orders", pays(h, 1, 0), key("k")).refused(409, "IDEMPOTENCY_KEY_REUSED")
	go send()
	close(goOn)
	one, two := <-answers, <-answers
	if one.Status != 201 || two.Status != 201 || one.Body != two.Body {
		t.Errorf("%d %s and %d %s", one.Status, one.Body, two.Status, two.Body)
	}
	if n := f.Number("SELECT COUNT(*) FROM orders"); n != 1 {
		t.Errorf("%d orders", n)
	}
}

// However many come at once under one key, one order is made.
func TestManyAtOnceUnderOneKey(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	body := pays(h, 100)
	answers := make(chan answer, 8)
	for range 8 {
		go func() { answers <- p.send("POST", "/orders", body, key("k")) }()
	}
	bodies := map[string]int{}
	for range 8 {
		a := <-answers
		a.must(201)
		bodies[a.Body]++
	}
	if n := f.Number("SELECT COUNT(*) FROM orders"); n != 1 || len(bodies) != 1 {
		t.Errorf("%d orders, %d answers", n, len(bodies))
	}
}

// A phone that hangs up does not stop its order: when it comes again it has the answer.
func TestAPhoneThatHangsUp(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	gone, hangUp := context.WithCancel(t.Context())
	f.Gate.OnceBefore(paymenttest.CallPrepay, hangUp)
	p.send("POST", "/orders", pays(h, 0, 0), key("k"), func(r *http.Request) { *r = *r.WithContext(gone) })
	no := p.send("POST", "/orders", pays(h, 0, 0), key("k")).must(201).text("order", "no")
	if n := f.Number("SELECT COUNT(*) FROM orders"); n != 1 {
		t.Errorf("%d orders", n)
	}
	f.WantOrder(no, "pending", string(sandbox.NotPay))
}

// A phone that hangs up on a request that fails finds its key free.
func TestAPhoneThatHangsUpOnAFault(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	gone, hangUp := context.WithCancel(t.Context())
	f.Gate.OnceBefore(paymenttest.CallPrepay, hangUp)
	f.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RoutePrepay, Times: 99})
	p.send("POST", "/orders", pays(h, 0, 0), key("k"), func(r *http.Request) { *r = *r.WithContext(gone) })
	if n := f.Number("SELECT COUNT(*) FROM idempotency_keys"); n != 0 {
		t.Errorf("%d keys are kept", n)
	}
}

// A key of an order by a share is for that share, and no other request.
func TestAKeyIsForOneShare(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	owner, friend := f.as(h.User), f.as(f.User("friend"))
	var tokens []string
	for i := range 2 {
		tokens = append(tokens, owner.shares(h, i).text("token"))
	}
	body := object{"expected_total_fen": h.Due(0)}
	first := friend.send("POST", "/shares/"+tokens[0]+"/orders", body, key("k"))
	first.must(201)
	if again := friend.send("POST", "/shares/"+tokens[0]+"/orders", body, key("k")); again.Body != first.Body {
		t.Errorf("once more: %d %s", again.Status, again.Body)
	}
	friend.send("POST", "/shares/"+tokens[1]+"/orders", body, key("k")).refused(409, "IDEMPOTENCY_KEY_REUSED")
	some := object{"expected_total_fen": h.Due(0), "bill_ids": []string{h.Bills[0].ID}}
	friend.send("POST", "/shares/"+tokens[0]+"/orders", some, key("k")).refused(409, "IDEMPOTENCY_KEY_REUSED")
}
