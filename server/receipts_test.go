package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"wuyepay/models"
)

// fetch sends a request that is not answered by JSON.
func (p *phone) fetch(path string) (status int, header http.Header, body []byte) {
	p.w.t.Helper()
	req, err := http.NewRequest("GET", path, nil)
	if err != nil {
		p.w.t.Fatal(err)
	}
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.w.t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err = io.ReadAll(res.Body); err != nil {
		p.w.t.Fatal(err)
	}
	return res.StatusCode, res.Header, body
}

// pays pays an order at WeChat and waits until it is booked.
func (p *phone) pays(no string) {
	p.w.t.Helper()
	if _, err := p.w.sandbox.Pay(no); err != nil {
		p.w.t.Fatal(err)
	}
	until(p.w.t, "the callback is booked", func() bool { return p.must("GET", "/orders/"+no, nil, 200)["status"] == "paid" })
}

// A relative far away pays by a share, and both have the receipt; what the relative
// is shown tells nobody who lives where.
func TestShareAndReceipt(t *testing.T) {
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	if err := w.loadDemo(context.Background()); err != nil {
		t.Fatal(err)
	}
	wang, zhang, son := w.signIn("wang", "13900000001"), w.signIn("zhang", "13900000003"), w.signIn("son", "")
	for _, p := range []*phone{wang, son} {
		p.must("POST", "/subscriptions", map[string]any{"results": map[string]string{"payment_received": "accept"}}, 200)
	}
	for _, name := range []string{"wang", "son"} {
		if err := w.sandbox.GrantSubscription(w.sandbox.OpenID(name), w.cfg.Miniprogram.Templates["payment_received"].ID, 1); err != nil {
			t.Fatal(err)
		}
	}
	room := wang.rooms()[0]
	bills, _ := wang.bills(room)
	name := wang.must("GET", "/rooms", nil, 200)["rooms"].([]any)[0].(map[string]any)["display_name"].(string)
	two := []any{bills[0]["id"], bills[1]["id"]}
	due := bills[0]["due_fen"].(float64) + bills[1]["due_fen"].(float64)
	zhang.refused("POST", "/rooms/"+room+"/shares", map[string]any{"bill_ids": two, "valid_hours": 24}, 404, "NOT_FOUND")
	wang.refused("POST", "/rooms/"+room+"/shares", map[string]any{"bill_ids": two, "valid_hours": 721}, 400, "INVALID_REQUEST")
	made := wang.must("POST", "/rooms/"+room+"/shares", map[string]any{"bill_ids": two, "valid_hours": 24, "label": "儿子"}, 201)
	token := made["token"].(string)
	if made["mini_program_path"] != "pages/share/index?token="+token || !strings.HasPrefix(made["expires_at"].(string), "2026-03-17T10:") {
		t.Errorf("made %v", made)
	}
	seen := son.must("GET", "/shares/"+token, nil, 200)
	text, _ := json.Marshal(seen)
	for _, secret := range []string{"王小明", "13900000001", name, "单元", room, "儿子", "137.52", "basis"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("a stranger with the link learns %q: %s", secret, text)
		}
	}
	if seen["total_fen"] != due || seen["status"] != "open" || len(seen["bills"].([]any)) != 2 || seen["room_masked"] != "云杉苑 A座****" {
		t.Errorf("seen %s, want %v fen", text, due)
	}
	if status, header, image := son.fetch(w.url + "/api/v1/shares/" + token + "/code"); status != 200 ||
		!strings.HasPrefix(header.Get("Content-Type"), "image/") || len(image) < 100 {
		t.Errorf("code: %d %s, %d bytes", status, header.Get("Content-Type"), len(image))
	}
	nobody := &phone{w: w}
	nobody.refused("GET", "/shares/"+token, nil, 401, "UNAUTHORIZED")
	son.refused("GET", "/shares/"+token+"x", nil, 404, "NOT_FOUND")
	son.refused("POST", "/shares/"+token+"/orders", map[string]any{"expected_total_fen": due - 1}, 409, "AMOUNT_CHANGED")
	no := son.must("POST", "/shares/"+token+"/orders", map[string]any{"expected_total_fen": due},
		201)["order"].(map[string]any)["no"].(string)
	son.refused("GET", "/orders/"+no+"/receipt", nil, 409, "ORDER_NOT_PAID")
	son.pays(no)
	if son.must("GET", "/shares/"+token, nil, 200)["status"] != "paid" {
		t.Error("the share does not say that it is paid")
	}
	son.refused("POST", "/shares/"+token+"/orders", map[string]any{"expected_total_fen": due}, 409, "BILL_ALREADY_PAID")
	shares := wang.must("GET", "/rooms/"+room+"/shares", nil, 200)["shares"].([]any)
	first := shares[0].(map[string]any)
	if paid := first["orders"].([]any)[0].(map[string]any); paid["no"] != no || paid["status"] != "paid" || first["label"] != "儿子" {
		t.Errorf("shares %v", shares)
	}
	if len(son.rooms()) != 0 {
		t.Error("the relative is bound to the room")
	}
	until(t, "both are told", func() bool {
		return len(w.sandbox.Messages(w.sandbox.OpenID("wang"))) == 1 && len(w.sandbox.Messages(w.sandbox.OpenID("son"))) == 1
	})
	for who, full := range map[string]bool{"wang": true, "son": false} {
		told := w.sandbox.Messages(w.sandbox.OpenID(who))[0].Values["thing1"]
		if strings.HasSuffix(name, " "+told) != full || strings.Contains(told, "****") == full {
			t.Errorf("%s was told about %q", who, told)
		}
	}
	for _, p := range []*phone{wang, son} {
		status, header, pdf := p.fetch(w.url + "/api/v1/orders/" + no + "/receipt")
		if status != 200 || header.Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Errorf("receipt: %d %s", status, pdf[:min(len(pdf), 200)])
		}
	}
	zhang.refused("GET", "/orders/"+no+"/receipt", nil, 404, "NOT_FOUND")
	wang.must("DELETE", "/rooms/"+room+"/shares/"+first["id"].(string), nil, 204)
	son.refused("GET", "/shares/"+token, nil, 404, "SHARE_ENDED")
	w.booksAgree()
	testGenuine(t, w, no)
}

// testGenuine scans the code of a receipt: the page tells that it is genuine, to
// anybody, and little else; a wrong address tells nothing, and too many are refused.
func testGenuine(t *testing.T, w *world, no string) {
	t.Helper()
	p, err := w.pay.Receipts.ReceiptOfOrder(context.Background(), no)
	if err != nil {
		t.Fatal(err)
	}
	nobody := &phone{w: w}
	status, header, body := nobody.fetch(p.URL)
	for _, want := range []string{
		"该收据真实有效", "No. " + p.Number(), p.AmountFen.String(), p.AmountFen.Capitals(), "A座****", models.MaskName(p.Party.Owner),
	} {
		if status != 200 || !strings.Contains(string(body), want) {
			t.Errorf("status %d, the page lacks %q:\n%s", status, want, body)
		}
	}
	for _, secret := range []string{p.Party.Owner, p.Party.Room, p.TransactionID, no, p.Party.Payer} {
		if strings.Contains(string(body), secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
	if header.Get("X-Robots-Tag") == "" || header.Get("Cache-Control") != "no-store" ||
		!strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("headers %v", header)
	}
	for _, wrong := range []string{p.URL + "x", w.url + "/r/" + models.NewID() + "/" + p.Token, p.URL[:len(p.URL)-1]} {
		if status, _, body := nobody.fetch(wrong); status != 404 || !strings.Contains(string(body), "没有这张收据") {
			t.Errorf("%s: %d", wrong, status)
		}
	}
	for range 60 {
		if status, _, _ = nobody.fetch(p.URL + "x"); status == 429 {
			return
		}
	}
	t.Error("nobody stops who tries many addresses")
}
