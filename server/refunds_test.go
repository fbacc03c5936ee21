package main

import (
	"context"
	"strings"
	"testing"

	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// An order goes back: asked for and approved by two people, sent by the job, arrived
// by WeChat's callback at our front door; the phone sees each step and is told, and
// the bill is owed again.
func TestRefundJourney(t *testing.T) {
	ctx := context.Background()
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	if err := w.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	wang, yang := w.signIn("wang", "13900000001"), w.signIn("yang", "13900000006")
	wang.must("POST", "/subscriptions", map[string]any{"results": map[string]string{"request_decided": "accept"}}, 200)
	if err := w.sandbox.GrantSubscription(w.sandbox.OpenID("wang"), w.cfg.Miniprogram.Templates["request_decided"].ID, 1); err != nil {
		t.Fatal(err)
	}
	room := wang.rooms()[0]
	bills, before := wang.bills(room)
	bill := bills[0]
	due := bill["due_fen"].(float64)
	no := wang.must("POST", "/orders", map[string]any{
		"room_id": room, "bill_ids": []any{bill["id"]}, "prepay_fen": 500, "expected_total_fen": due + 500,
	}, 201)["order"].(map[string]any)["no"].(string)
	if _, err := w.sandbox.Pay(no); err != nil {
		t.Fatal(err)
	}
	order := func() map[string]any { return wang.must("GET", "/orders/"+no, nil, 200) }
	until(t, "the callback is booked", func() bool { return order()["status"] == "paid" })

	asker, approver := office.Staff{ID: "asker", Name: "财务", Role: office.RoleFinance}, decider
	r, err := refund.Request(ctx, w.pay, asker, refund.Ask{OrderNo: no, BillAfter: money.BillsOwed, Reason: "重复缴费"})
	if err != nil {
		t.Fatal(err)
	}
	if o := order(); o["status"] != "paid" || len(o["refunds"].([]any)) != 0 {
		t.Errorf("what is only asked for is the company's affair: %v", o)
	}
	if _, err := refund.Approve(ctx, w.pay, approver, r.No, ""); err != nil {
		t.Fatal(err)
	}
	if o := order(); o["status"] != "refunding" || o["refunds"].([]any)[0].(map[string]any)["status"] != "processing" {
		t.Errorf("%v", o)
	}
	until(t, "the job sends it", func() bool { _, err := w.sandbox.Refund(r.No); return err == nil })
	if now, err := w.sandbox.Refund(r.No); err != nil || now.AmountFen != int64(due)+500 {
		t.Errorf("%+v, %v", now, err)
	}
	_ = w.sandbox.FinishRefund(r.No, sandbox.RefundSuccess) // it may have been decided by itself
	until(t, "the refund is booked", func() bool { return order()["status"] == "refunded" })
	o := order()
	refund := o["refunds"].([]any)[0].(map[string]any)
	if o["refunded_fen"] != due+500 || refund["status"] != "success" || refund["amount_fen"] != due+500 ||
		refund["reason"] != "重复缴费" || refund["done_at"] == nil {
		t.Errorf("%v", o)
	}
	if list := wang.must("GET", "/orders", nil, 200)["orders"].([]any)[0].(map[string]any); list["refunded_fen"] != due+500 {
		t.Errorf("%v", list)
	}
	if _, after := wang.bills(room); after != before {
		t.Errorf("owed %v before and %v after", before, after)
	}
	yang.refused("GET", "/orders/"+no, nil, 404, "NOT_FOUND")
	until(t, "the phone is told", func() bool {
		for _, m := range w.sandbox.Messages(w.sandbox.OpenID("wang")) {
			if m.Key == "request_decided" && m.Values["phrase2"] == "已退款" && strings.Contains(m.Values["thing3"], "原路退回") {
				return true
			}
		}
		return false
	})
	w.booksAgree()
}
