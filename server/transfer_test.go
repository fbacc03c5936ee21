package main

import (
	"context"
	"io"
	"net/http"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// A room is sold while its owner owes four months: the former owner goes on to see
// and to pay them, the new one begins with nothing, and neither sees the other's
// orders, bills or prepayment.
func TestTransferThroughThePhone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := start(t, newConfig(t, "2026-03-16T11:00:00+08:00"))
	if err := w.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	former := w.signIn("yang", "13900000006")
	room := former.rooms()[0]
	bills, _ := former.bills(room)
	late := bills[0]
	pay := func(p *phone, b map[string]any, prepay float64) map[string]any {
		return map[string]any{
			"room_id": room, "bill_ids": []string{b["id"].(string)}, "prepay_fen": prepay,
			"expected_total_fen": b["due_fen"].(float64) + prepay,
		}
	}
	settle := func(p *phone, order map[string]any) string {
		no := p.must("POST", "/orders", order, 201)["order"].(map[string]any)["no"].(string)
		if _, err := w.sandbox.Pay(no); err != nil {
			t.Fatal(err)
		}
		until(t, "the payment is booked", func() bool { return p.must("GET", "/orders/"+no, nil, 200)["status"] == "paid" })
		return no
	}
	before := settle(former, pay(former, late, 500))
	prepaid := settle(former, map[string]any{"room_id": room, "prepay_fen": 700, "expected_total_fen": 700})
	if _, err := billing.Transfer(ctx, w.db, models.SystemActor("test"), billing.TransferRequest{
		RoomID: room, On: models.MustDate("2026-03-16"), Name: "周新", Phone: "13911110000", PrepaidTo: estate.PrepaidStays,
	}); err != nil {
		t.Fatal(err)
	}
	buyer := w.signIn("zhou", "13911110000")
	summary := func(p *phone) map[string]any {
		return p.must("GET", "/rooms", nil, 200)["rooms"].([]any)[0].(map[string]any)
	}
	if s := summary(buyer); s["due_fen"] != 0.0 || s["overdue_bills"] != 0.0 || s["prepaid_fen"] != 1200.0 || s["held_until"] != nil {
		t.Errorf("the new owner begins with %v", s)
	}
	if s := summary(former); s["due_fen"] == 0.0 || s["prepaid_fen"] != 0.0 || s["held_until"] != "2026-03-15" {
		t.Errorf("the former owner is shown %v", s)
	}
	rest, _ := former.bills(room)
	if len(rest) != len(bills)-1 {
		t.Fatalf("the former owner sees %d of %d bills", len(rest), len(bills)-1)
	}
	id := rest[0]["id"].(string)
	buyer.refused("GET", "/bills/"+id, nil, 404, "NOT_FOUND")
	buyer.refused("GET", "/orders/"+before, nil, 404, "NOT_FOUND")
	buyer.refused("GET", "/orders/"+prepaid, nil, 404, "NOT_FOUND")
	buyer.refused("POST", "/orders", pay(buyer, rest[0], 0), 404, "NOT_FOUND")
	if list := buyer.must("GET", "/orders", nil, 200)["orders"].([]any); len(list) != 0 {
		t.Errorf("the new owner sees %d orders", len(list))
	}
	if list := buyer.must("GET", "/rooms/"+room+"/bills", nil, 200)["bills"].([]any); len(list) != 0 {
		t.Errorf("the new owner sees %d bills", len(list))
	}
	former.refused("POST", "/orders", pay(former, rest[0], 100), 409, "PREPAY_NOT_OWNER")
	settle(former, pay(former, rest[0], 0))
	if list := former.must("GET", "/orders", nil, 200)["orders"].([]any); len(list) != 3 {
		t.Errorf("the former owner sees %d of 3 orders", len(list))
	}
	testStatements(t, former, buyer, room)
	w.booksAgree()
}

// testStatements holds either owner's account against what their phone shows.
func testStatements(t *testing.T, former, buyer *phone, room string) {
	t.Helper()
	for name, p := range map[string]*phone{"former": former, "new": buyer} {
		summary := p.must("GET", "/rooms", nil, 200)["rooms"].([]any)[0].(map[string]any)
		s := p.must("GET", "/rooms/"+room+"/statement?year=2026", nil, 200)
		if s["closing_fen"] != summary["due_fen"].(float64)-summary["prepaid_fen"].(float64) || s["to"] != "2026-03-16" {
			t.Errorf("%s owner: the statement closes with %v, shown is %v", name, s["closing_fen"], summary)
		}
		p.refused("GET", "/rooms/"+room+"/statement", nil, 400, "STATEMENT_SPAN")
		p.refused("GET", "/rooms/nothing/statement?year=2026", nil, 404, "NOT_FOUND")
	}
	days := former.must("GET", "/rooms/"+room+"/statement?from=2026-03-16&to=2026-03-16", nil, 200)
	kinds := map[string]int{}
	for _, l := range days["lines"].([]any) {
		kinds[l.(map[string]any)["kind"].(string)]++
	}
	// What was prepaid on the first day of the new owner is theirs. The imported arrears
	// stand on the days on which they were due, and not on that of the import.
	if kinds["payment"] != 2 || kinds["opening_bill"] != 0 {
		t.Errorf("the day of the transfer: %v", kinds)
	}
	req, err := http.NewRequest(http.MethodGet, former.w.url+"/api/v1/rooms/"+room+"/statement.pdf?year=2026", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+former.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	head := make([]byte, 5)
	if _, err := io.ReadFull(res.Body, head); err != nil || string(head) != "%PDF-" || res.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%q, %v, %v", head, res.Header, err)
	}
}
