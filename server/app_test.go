package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/payment/reconcile"
)

// The main job on the demonstration community: an owner sees what is owed, pays,
// the callback is booked once, the day is reconciled, and the person who still owes gets
// one reminder.
func TestMainJob(t *testing.T) {
	ctx := context.Background()
	cfg := newConfig(t, "2026-03-16T10:00:00+08:00")
	w := start(t, cfg)
	if err := w.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	wang := w.signIn("wang", "13900000001")
	room := wang.rooms()[0]
	bills, total := wang.bills(room)
	if len(bills) != 6 || total <= 5*11002 {
		t.Fatalf("%d bills, total %v: want five months of 110.02, late fee on four of them, and water", len(bills), total)
	}

	var ids []string
	for _, b := range bills {
		ids = append(ids, b["id"].(string))
	}
	order := map[string]any{"room_id": room, "bill_ids": ids, "prepay_fen": 5000, "expected_total_fen": total + 5000}
	placed := wang.must("POST", "/orders", order, 201)
	no := placed["order"].(map[string]any)["no"].(string)
	if _, err := w.sandbox.Pay(no); err != nil {
		t.Fatal(err)
	}
	until(t, "the callback is booked", func() bool {
		return wang.must("GET", "/orders/"+no, nil, 200)["status"] == "paid"
	})
	if left, total := wang.bills(room); len(left) != 0 || total != 0 {
		t.Errorf("after payment: %d bills, %v fen owed", len(left), total)
	}
	for _, r := range wang.must("GET", "/rooms", nil, 200)["rooms"].([]any) {
		if r := r.(map[string]any); r["id"] == room && r["prepaid_fen"] != float64(5000) {
			t.Errorf("prepaid %v, want 5000", r["prepaid_fen"])
		}
	}
	wang.refused("POST", "/orders", order, 409, "BILL_ALREADY_PAID")
	w.booksAgree()

	yang := w.signIn("yang", "13900000006") // owes seven months and agrees to reminders
	yang.must("POST", "/subscriptions", map[string]any{"results": map[string]string{"overdue": "accept", "due_soon": "accept"}}, 200)
	grantAll(t, w, "yang")
	w.stop()

	// The next day, after a restart: sandbox and database both remember.
	cfg.Clock = "2026-03-17T11:00:00+08:00"
	w = start(t, cfg)
	reports, err := reconcile.Run(ctx, w.pay, models.MustDate("2026-03-16"))
	if err != nil {
		t.Fatal(err)
	}
	r := reports[0]
	if len(reports) != 1 || r.Ours.Count != 1 || r.Ours != r.Theirs || float64(r.Ours.SumFen) != total+5000 || len(r.Differences) != 0 {
		t.Errorf("reconciled %+v", reports)
	}
	if r.NetFen != r.Theirs.SumFen-r.FeeFen || r.FeeFen <= 0 {
		t.Errorf("fee %d net %d", r.FeeFen, r.NetFen)
	}
	w.booksAgree()
	testReminders(t, w)
}

func grantAll(t *testing.T, w *world, name string) {
	t.Helper()
	for _, key := range []string{"overdue", "due_soon"} {
		if err := w.sandbox.GrantSubscription(w.sandbox.OpenID(name), w.cfg.Miniprogram.Templates[key].ID, 1); err != nil {
			t.Fatal(err)
		}
	}
}

// testReminders makes passes at an hour at which reminders go out: the job of the
// server may have been quicker, but nobody gets a second one.
func testReminders(t *testing.T, w *world) {
	t.Helper()
	for range 2 {
		if _, err := w.reminder.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.sandbox.Messages(w.sandbox.OpenID("yang"))); n != 1 {
		t.Errorf("whoever owes got %d reminders, want 1", n)
	}
	for _, m := range w.sandbox.Messages(w.sandbox.OpenID("wang")) {
		if m.TemplateID == w.cfg.Miniprogram.Templates["overdue"].ID {
			t.Error("whoever has paid was dunned")
		}
	}
}

// Operations: alive, ready, metrics, the document and its page.
func TestOperations(t *testing.T) {
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/openapi.json": 200, "/docs": 200,
		"/docs/swagger-ui-bundle.js": 200, "/docs/page.js": 200, "/nothing": 404, "/wechat/message": 403, "/staff/": 200} {
		res, err := http.Get(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, res.StatusCode, want)
		}
	}
	for _, path := range []string{"/wechat/pay/main/notify", "/wechat/refund/main/notify"} {
		res, err := http.Post(w.url+path, "application/json", strings.NewReader(`{"id":"EV-1"}`))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 401 {
			t.Errorf("%s without a signature: status %d, want 401", path, res.StatusCode)
		}
	}
	res, err := http.Get(w.url + "/api/v1/nothing")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 404 || !strings.Contains(string(body), `"code":"NOT_FOUND"`) ||
		res.Header.Get("Content-Type") != "application/json" {
		t.Errorf("a call that is none: %d %s, %v", res.StatusCode, body, err)
	}
}
