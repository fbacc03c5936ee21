package main

import (
	"context"
	"fmt"
	"testing"

	"wuyepay/billing/calc"
	"wuyepay/billing/issuing"
	"wuyepay/models/estate"
)

// An owner sees what a sum would settle before paying it, tops up for one fee item
// and for any, and the next bills take it in that order.
func TestAllocationAndPrepaymentOnThePhone(t *testing.T) {
	ctx := context.Background()
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	if err := w.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	wang, zhang := w.signIn("wang", "13900000001"), w.signIn("zhang", "13900000003")
	room := wang.rooms()[0]
	bills, total := wang.bills(room)
	path := "/rooms/" + room + "/allocation?amount_fen="

	some := wang.must("GET", path+"15000", nil, 200)
	lines := some["bills"].([]any)
	first := lines[0].(map[string]any)
	if first["bill_id"] != bills[0]["id"] || first["left_fen"] != 0.0 ||
		first["late_fee_fen"].(float64)+first["principal_fen"].(float64) != bills[0]["due_fen"] {
		t.Errorf("the first bill is not settled first: %v", first)
	}
	if len(lines) != 2 || some["prepaid_fen"] != 0.0 || some["still_due_fen"] != total-15000 || some["policy"] != estate.LateFeeFirst {
		t.Errorf("%v", some)
	}
	all := wang.must("GET", path+fmt.Sprint(int(total)+500), nil, 200)
	if len(all["bills"].([]any)) != len(bills) || all["prepaid_fen"] != 500.0 || all["still_due_fen"] != 0.0 {
		t.Errorf("%v", all)
	}
	wang.refused("GET", path+"0", nil, 400, "INVALID_REQUEST")
	zhang.refused("GET", path+"100", nil, 404, "NOT_FOUND")
	zhang.refused("GET", "/rooms/"+room+"/prepayment", nil, 404, "NOT_FOUND")

	offered := wang.must("GET", "/rooms/"+room+"/prepayment", nil, 200)["items"].([]any)
	if len(offered) == 0 {
		t.Fatal("no item to prepay for")
	}
	item := offered[0].(string)
	order := func(item string) map[string]any {
		return map[string]any{"room_id": room, "prepay_fen": 3000, "prepay_item": item, "expected_total_fen": 3000}
	}
	wang.refused("POST", "/orders", order("没有的费"), 400, "PREPAY_ITEM")
	for _, x := range []string{item, ""} {
		placed := wang.must("POST", "/orders", order(x), 201)["order"].(map[string]any)
		if placed["prepay_item"] != x {
			t.Errorf("%v", placed)
		}
		if _, err := w.sandbox.Pay(placed["no"].(string)); err != nil {
			t.Fatal(err)
		}
		until(t, "the top-up is booked", func() bool {
			return wang.must("GET", "/orders/"+placed["no"].(string), nil, 200)["status"] == "paid"
		})
	}
	p := wang.must("GET", "/rooms/"+room+"/prepayment", nil, 200)
	want := []any{map[string]any{"item": "", "amount_fen": 3000.0}, map[string]any{"item": item, "amount_fen": 3000.0}}
	if p["prepaid_fen"] != 6000.0 || fmt.Sprint(p["balances"]) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", p, want)
	}
	period, _ := calc.ParsePeriod("2026-04")
	if _, err := issuing.GenerateBills(ctx, w.db, commandActor, period, issuing.GenerateOptions{}); err != nil {
		t.Fatal(err)
	}
	w.booksAgree()
}
