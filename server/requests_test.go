package main

import (
	"context"
	"testing"

	"wuyepay/billing"
	"wuyepay/models/money"
	"wuyepay/models/office"
)

var decider = office.Staff{ID: "decider", Name: "经理", Role: office.RoleManager}

// An owner asks to pay in parts, pays the first one by WeChat Pay, and asks for the
// late fee of another bill; what is somebody else's stays so.
func TestInstalmentJourney(t *testing.T) {
	ctx := context.Background()
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	if err := w.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	wang, yang := w.signIn("wang", "13900000001"), w.signIn("yang", "13900000006")
	room := wang.rooms()[0]
	bills, _ := wang.bills(room)
	first, second := bills[0], bills[1]
	due := first["due_fen"].(float64) + second["due_fen"].(float64)
	ask := map[string]any{"bill_ids": []any{first["id"], second["id"]}, "parts": []map[string]any{
		{"due_on": "2026-04-15", "amount_fen": 10000}, {"due_on": "2026-05-15", "amount_fen": due - 10000}}}
	yang.refused("POST", "/rooms/"+room+"/instalments", ask, 404, "NOT_FOUND")
	yang.refused("POST", "/bills/"+first["id"].(string)+"/disputes", map[string]any{"kind": "other", "text": "x"}, 404, "NOT_FOUND")
	yang.refused("GET", "/rooms/"+room+"/plans", nil, 404, "NOT_FOUND")
	request := wang.must("POST", "/rooms/"+room+"/instalments", ask, 201)["id"].(string)
	if n := len(yang.must("GET", "/requests", nil, 200)["requests"].([]any)); n != 0 {
		t.Errorf("another's requests are listed: %d", n)
	}
	requests := &billing.Requests{DB: w.db, Decided: w.reminder.RequestDecided}
	if _, err := requests.Decide(ctx, decider, billing.Decision{
		RequestID: request, Approve: true, Note: "同意分期", Frozen: true,
	}); err != nil {
		t.Fatal(err)
	}
	if r := wang.must("GET", "/requests", nil, 200)["requests"].([]any)[0].(map[string]any); r["status"] != "approved" ||
		r["note"] != "同意分期" {
		t.Errorf("%v", r)
	}
	part := wang.part(room, 0)
	order := map[string]any{"room_id": room, "plan_part_id": part["id"], "expected_total_fen": 9999}
	change := wang.refused("POST", "/orders", order, 409, "AMOUNT_CHANGED")["details"].([]any)[0].(map[string]any)
	if change["total_fen"] != float64(10000) || change["bills"].([]any)[0].(map[string]any)["due_fen"] != float64(10000) {
		t.Errorf("%v", change)
	}
	order["expected_total_fen"], order["prepay_fen"] = 10000, 1
	wang.refused("POST", "/orders", order, 400, "PLAN_PART_ALONE")
	delete(order, "prepay_fen")
	yang.refused("POST", "/orders", order, 404, "NOT_FOUND")
	no := wang.must("POST", "/orders", order, 201)["order"].(map[string]any)["no"].(string)
	if gone, err := money.OrderOvertaken(w.db.View(ctx), no); err != nil || gone {
		t.Errorf("an order for a part is taken for one that was overtaken: %v", err)
	}
	if _, err := w.sandbox.Pay(no); err != nil {
		t.Fatal(err)
	}
	until(t, "the callback is booked", func() bool { return wang.must("GET", "/orders/"+no, nil, 200)["status"] == "paid" })
	if part := wang.part(room, 0); part["unpaid_fen"] != float64(0) || part["payable_fen"] != float64(0) {
		t.Errorf("%v", part)
	}
	wang.refused("POST", "/orders", order, 409, "PLAN_PART_PAID")
	if part := wang.part(room, 1); part["unpaid_fen"] != due-10000 {
		t.Errorf("%v, want %v", part, due-10000)
	}
	w.booksAgree()
}

func (p *phone) part(room string, i int) map[string]any {
	p.w.t.Helper()
	plan := p.must("GET", "/rooms/"+room+"/plans", nil, 200)["plans"].([]any)[0].(map[string]any)
	return plan["parts"].([]any)[i].(map[string]any)
}

// The job ends plans; the answer to a request reaches the phone.
func TestPlansJobAndAnswer(t *testing.T) {
	ctx := context.Background()
	cfg := newConfig(t, "2026-03-16T10:00:00+08:00")
	w := start(t, cfg)
	if err := w.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	wang := w.signIn("wang", "13900000001")
	wang.must("POST", "/subscriptions", map[string]any{"results": map[string]string{"request_decided": "accept"}}, 200)
	if err := w.sandbox.GrantSubscription(w.sandbox.OpenID("wang"), w.cfg.Miniprogram.Templates["request_decided"].ID, 1); err != nil {
		t.Fatal(err)
	}
	room := wang.rooms()[0]
	bills, _ := wang.bills(room)
	due := bills[0]["due_fen"].(float64)
	request := wang.must("POST", "/rooms/"+room+"/instalments", map[string]any{"bill_ids": []any{bills[0]["id"]}, "parts": []map[string]any{
		{"due_on": "2026-03-20", "amount_fen": 100}, {"due_on": "2026-05-15", "amount_fen": due - 100}}}, 201)["id"].(string)
	requests := &billing.Requests{DB: w.db, Decided: w.reminder.RequestDecided}
	if _, err := requests.Decide(ctx, decider, billing.Decision{RequestID: request, Approve: true, Note: "同意分期"}); err != nil {
		t.Fatal(err)
	}
	until(t, "the answer is on the phone", func() bool {
		for _, m := range w.sandbox.Messages(w.sandbox.OpenID("wang")) {
			if m.Key == "request_decided" && m.Values["phrase2"] == "已同意" {
				return true
			}
		}
		return false
	})
	w.stop()
	cfg.Clock = "2026-03-28T10:00:00+08:00" // eight days after the first part
	w = start(t, cfg)
	wang = w.signIn("wang", "")
	until(t, "the plan is broken", func() bool {
		return wang.must("GET", "/rooms/"+room+"/plans", nil, 200)["plans"].([]any)[0].(map[string]any)["status"] == "broken"
	})
	w.booksAgree()
}
