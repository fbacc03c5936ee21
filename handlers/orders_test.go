package handlers_test

import (
	"strings"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

const orderOfTests = `{"no":"$no","status":"$status","room_id":"$room","amount_fen":13449,"prepay_fen":500,"prepay_item":"",
	"lines":[{"bill_id":"$bill","principal_fen":11002,"late_fee_fen":1947}],"created_at":"2026-03-15T10:00:00+08:00",
	"expires_at":"2026-03-15T10:30:00+08:00","paid_at":$at,"transaction_id":$transaction,"refunded_fen":0,"refunds":[]}`

// An order is shown from its making to its payment, the same in each call.
func TestOrderView(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	placed := p.order("/orders", pays(h, 500, 0)).must(201)
	no := placed.text("order", "no")
	view := func(status, at, transaction string) string {
		return named(orderOfTests, "no", no, "status", status, "room", h.Room.ID, "bill", h.Bills[0].ID, "at", at,
			"transaction", transaction)
	}
	pending := view("pending", "null", "null")
	object(placed.at("order").(map[string]any)).wants(t, pending)
	params := object(placed.at("pay_params").(map[string]any))
	for _, name := range []string{"timeStamp", "nonceStr", "package", "paySign"} {
		if params.text(name) == "" {
			t.Errorf("no %s in %v", name, params)
		}
	}
	if params.text("signType") != "RSA" || !strings.HasPrefix(params.text("package"), "prepay_id=") || len(params) != 5 {
		t.Errorf("pay params %v", params)
	}
	p.get("/orders/"+no).wants(t, pending)
	f.Clock.Advance(time.Minute)
	tr := f.PaysAtWechat(no)
	f.Drain()
	paid := view("paid", `"2026-03-15T10:01:00+08:00"`, `"`+tr.TransactionID+`"`)
	p.get("/orders/"+no).wants(t, paid)
	p.get("/orders").wants(t, `{"orders":[`+paid+`]}`)
	p.order("/orders", pays(h, 0, 0)).refused(400, "INVALID_REQUEST")    // nothing is left to be paid of it
	p.send("POST", "/orders/"+no+"/close", nil).must(200).wants(t, paid) // too late to give it up
}

// While an order is pending WeChat is asked about it, though not right away: the callback
// may be on its way.
func TestAPendingOrderIsAskedFor(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	no := p.order("/orders", pays(h, 0, 0)).must(201).text("order", "no")
	f.PaysAtWechat(no, paymenttest.Silent)
	asked := func() int64 { return f.Box.Calls(sandbox.RouteQuery) }
	if o := p.get("/orders/" + no); o.text("status") != "pending" || asked() != 0 {
		t.Errorf("at once: %v, asked %d times", o["status"], asked())
	}
	f.Clock.Advance(time.Second)
	if o := p.get("/orders/" + no); o.text("status") != "paid" || asked() != 1 {
		t.Errorf("after a second: %v, asked %d times", o["status"], asked())
	}
	if p.get("/orders/" + no); asked() != 1 {
		t.Error("a paid order is asked for")
	}
	f.Agree()
}

// Closing ends an order here and at WeChat; only the user who made it may.
func TestCloseOrder(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	family := f.User("family", h.Room)
	p := f.as(h.User)
	no := p.order("/orders", pays(h, 0, 0)).must(201).text("order", "no")
	f.as(family).get("/orders/" + no) // sees it
	f.as(family).send("POST", "/orders/"+no+"/close", nil).refused(404, "NOT_FOUND")
	f.WantOrder(no, "pending", string(sandbox.NotPay))
	for range 2 { // once more is as well
		o := p.send("POST", "/orders/"+no+"/close", nil).must(200)
		if o.text("status") != "closed" || len(o.list("lines")) != 1 || o.at("paid_at") != nil {
			t.Errorf("closed %v", o)
		}
	}
	f.WantOrder(no, "closed", string(sandbox.Closed))
}

// Each refusal of an order has its code, and tells what the phone may act on.
func TestRefusedOrders(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	p := f.as(h.User)
	h.PaidOrder(0, 1)
	body := func(change object) object {
		b := pays(h, 0, 0)
		for k, v := range change {
			b[k] = v
		}
		return b
	}
	for name, x := range map[string]struct {
		body   object
		status int
		code   string
	}{
		"nothing":        {body(object{"bill_ids": []string{}}), 400, "NOTHING_TO_PAY"},
		"paid already":   {body(object{"bill_ids": []string{h.Bills[1].ID}}), 409, "BILL_ALREADY_PAID"},
		"too little":     {body(object{"expected_total_fen": 12948}), 409, "AMOUNT_CHANGED"},
		"too much":       {body(object{"expected_total_fen": 12950}), 409, "AMOUNT_CHANGED"},
		"part and bills": {body(object{"plan_part_id": "part"}), 400, "PLAN_PART_ALONE"},
	} {
		f.run(name, func(*testing.T) { p.order("/orders", x.body).refused(x.status, x.code) })
	}
	changed := p.order("/orders", body(object{"expected_total_fen": 1})).refused(409, "AMOUNT_CHANGED")
	object(changed.at("details", 0).(map[string]any)).wants(t,
		`{"total_fen":12949,"bills":[{"bill_id":"`+h.Bills[0].ID+`","due_fen":12949}]}`)
	if n := f.Number("SELECT COUNT(*) FROM orders"); n != 1 {
		t.Errorf("%d orders", n)
	}
}

// What goes back of an order is shown from its approval on; what was only asked for, or was
// rejected, is not.
func TestRefundView(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	p := f.as(h.User)
	o := h.PaidOrder(500, 0)
	shown := func(status string, refunded models.Fen, refunds string) {
		t.Helper()
		for _, v := range []object{p.get("/orders/" + o.No), p.get("/orders").list("orders")[0]} {
			if v.text("status") != status || v.fen("refunded_fen") != refunded {
				t.Errorf("%v with %v back, want %s with %d", v["status"], v["refunded_fen"], status, refunded)
			}
			object{"refunds": v["refunds"]}.wants(t, `{"refunds":[`+refunds+`]}`)
		}
	}
	rejected := f.Asks(paymenttest.WholeOrder(o))
	shown("paid", 0, "")
	if _, err := refund.Reject(paymenttest.Bg, f.Pay, paymenttest.Approver, rejected.No, "不退"); err != nil {
		t.Fatal(err)
	}
	shown("paid", 0, "")
	f.Clock.Advance(time.Hour)
	some := refund.Ask{OrderNo: o.No, PrepaidFen: 200, BillAfter: money.BillsOwed, Reason: "多存"}
	r := f.Approves(f.Asks(some))
	view := func(status, done string) string {
		return named(`{"no":"$no","status":"$status","amount_fen":200,"reason":"多存","created_at":"2026-03-15T11:00:00+08:00",
			"done_at":$done}`, "no", r.No, "status", status, "done", done)
	}
	shown("refunding", 0, view("processing", "null"))
	f.Follows(r)
	shown("refunding", 0, view("processing", "null"))
	f.Clock.Advance(time.Hour)
	f.Finishes(r, sandbox.RefundSuccess)
	shown("part_refunded", 200, view("success", `"2026-03-15T12:00:00+08:00"`))
	f.Clock.Advance(time.Hour)
	rest := f.Sent(paymenttest.WholeOrder(o))
	f.Finishes(rest, sandbox.RefundClosed)
	if v := p.get("/orders/" + o.No); v.text("status") != "part_refunded" || v.fen("refunded_fen") != 200 ||
		v.text("refunds", 1, "status") != "closed" || v.at("refunds", 1, "done_at") != nil {
		t.Errorf("after a closed refund: %v", v)
	}
}
