package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/payment/reconcile"
)

// The main job on the demonstration community: an owner sees what is owed, pays,
// the callback is booked once, the day is reconciled, and whoever still owes gets
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

// An owner reads only their own rooms, bills and orders: what is unknown and what
// is somebody else's answer alike.
func TestOtherPeoplesThings(t *testing.T) {
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	if err := w.loadDemo(context.Background()); err != nil {
		t.Fatal(err)
	}
	wang, zhang := w.signIn("wang", "13900000001"), w.signIn("zhang", "13900000003")
	room := wang.rooms()[0]
	bills, _ := wang.bills(room)
	bill := bills[0]["id"].(string)
	placed := wang.must("POST", "/orders", map[string]any{
		"room_id": room, "bill_ids": []string{bill}, "expected_total_fen": bills[0]["due_fen"],
	}, 201)
	no := placed["order"].(map[string]any)["no"].(string)
	for _, path := range []string{"/rooms/" + room + "/arrears", "/rooms/" + room + "/bills", "/bills/" + bill, "/orders/" + no} {
		theirs := zhang.refused("GET", path, nil, 404, "NOT_FOUND")
		unknown := zhang.refused("GET", strings.NewReplacer(room, "nothing", bill, "nothing", no,
			"nothing").Replace(path), nil, 404, "NOT_FOUND")
		if theirs["message"] != unknown["message"] {
			t.Errorf("%s: somebody else's and unknown differ", path)
		}
	}
	zhang.refused("POST", "/orders/"+no+"/close", nil, 404, "NOT_FOUND")
	zhang.refused("DELETE", "/rooms/"+room+"/binding", nil, 404, "NOT_FOUND")
	zhang.refused("POST", "/orders", map[string]any{"room_id": room, "bill_ids": []string{bill}, "expected_total_fen": bills[0]["due_fen"]},
		404, "NOT_FOUND")
	own := zhang.rooms()[0]
	zhang.refused("POST", "/orders", map[string]any{"room_id": own, "bill_ids": []string{bill}, "expected_total_fen": bills[0]["due_fen"]},
		404, "NOT_FOUND")
	zhang.must("DELETE", "/rooms/"+own+"/binding", nil, 204)
	zhang.refused("GET", "/rooms/"+own+"/arrears", nil, 404, "NOT_FOUND")
	for _, token := range []string{"", "forged", wang.token + "x"} {
		stranger := &phone{w: w, token: token}
		stranger.refused("GET", "/rooms", nil, 401, "UNAUTHORIZED")
	}
}

func TestBindingByForm(t *testing.T) {
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	if err := w.loadDemo(context.Background()); err != nil {
		t.Fatal(err)
	}
	p := w.signIn("child", "")
	community := p.must("GET", "/communities?q=%E4%BA%91", nil, 200)["communities"].([]any)[0].(map[string]any)["id"]
	form := func(room, name, last4 string) map[string]any {
		return map[string]any{"community_id": community, "room_code": room, "owner_name": name, "phone_last4": last4}
	}
	bound := p.must("POST", "/rooms/bind", form("a座1单元101室", "王建国", "0001"), 200)
	if bound["room_code"] != "A-1-101" || bound["role"] != "owner" || bound["overdue_bills"] != float64(4) {
		t.Errorf("bound %v", bound)
	}
	p.refused("POST", "/rooms/bind", form("A-1-101", "王建国", "abcd"), 400, "INVALID_REQUEST")
	wrong := []map[string]any{form("A-1-101", "王建", "0001"), form("A-1-101", "王建国", "0002"), form("Z-9-999", "王建国", "0001"),
		form("A-1-102", "王建国", "0001"), form("A-1-101", "李秀英", "0002")}
	for _, f := range wrong {
		p.refused("POST", "/rooms/bind", f, 422, "BINDING_MISMATCH")
	}
	p.refused("POST", "/rooms/bind", form("A-1-101", "王建国", "0001"), 429, "TOO_MANY_ATTEMPTS")
	other := w.signIn("other", "")
	other.must("POST", "/rooms/bind", form("A-1-101", "王建国", "0001"), 200)
}

func TestBadInputChangesNothing(t *testing.T) {
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	if err := w.loadDemo(context.Background()); err != nil {
		t.Fatal(err)
	}
	p := w.signIn("wang", "13900000001")
	room := p.rooms()[0]
	bills, _ := p.bills(room)
	bill, due := bills[0]["id"].(string), bills[0]["due_fen"]
	good := func(change map[string]any) map[string]any {
		body := map[string]any{"room_id": room, "bill_ids": []string{bill}, "expected_total_fen": due}
		for k, v := range change {
			body[k] = v
		}
		return body
	}
	for _, tt := range []struct {
		name  string
		body  any
		code  string
		field string
	}{
		{"unknown field", good(map[string]any{"amount": 1}), "INVALID_REQUEST", "body.amount"},
		{"text for money", good(map[string]any{"expected_total_fen": "1"}), "INVALID_REQUEST", "body.expected_total_fen"},
		{"part of a fen", good(map[string]any{"expected_total_fen": 1.5}), "INVALID_REQUEST", "body.expected_total_fen"},
		{"negative prepayment", good(map[string]any{"prepay_fen": -1}), "INVALID_REQUEST", "body.prepay_fen"},
		{"huge prepayment", good(map[string]any{"prepay_fen": 9e15}), "INVALID_REQUEST", "body.prepay_fen"},
		{"huge total", good(map[string]any{"expected_total_fen": 9e17}), "INVALID_REQUEST", "body.expected_total_fen"},
		{"bills not a list", good(map[string]any{"bill_ids": bill}), "INVALID_REQUEST", "body.bill_ids"},
		{"nothing to pay", good(map[string]any{"bill_ids": []string{}}), "NOTHING_TO_PAY", ""},
		{"not JSON", `{"room_id":`, "INVALID_REQUEST", "body"},
		{"no body", nil, "INVALID_REQUEST", "body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := p.refused("POST", "/orders", tt.body, 400, tt.code)
			raw, _ := json.Marshal(out["details"])
			if tt.field != "" && !strings.Contains(string(raw), `"`+tt.field+`"`) {
				t.Errorf("the field is not named: %s", raw)
			}
		})
	}
	p.refused("POST", "/orders", `{"room_id":"`+strings.Repeat("x", 10<<20)+`"}`, 413, "REQUEST_TOO_LARGE")
	p.refused("POST", "/orders", good(map[string]any{"expected_total_fen": 1}), 409, "AMOUNT_CHANGED")
	p.refused("POST", "/subscriptions", map[string]any{"results": map[string]string{"overdo": "accept"}}, 400, "UNKNOWN_TEMPLATE")
	(&phone{w: w}).refused("POST", "/session", map[string]any{"code": "no such code"}, 401, "LOGIN_CODE_INVALID")
	if n := len(p.must("GET", "/orders", nil, 200)["orders"].([]any)); n != 0 {
		t.Errorf("%d orders were made", n)
	}
	w.booksAgree()
}

func TestIdempotencyKey(t *testing.T) {
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	if err := w.loadDemo(context.Background()); err != nil {
		t.Fatal(err)
	}
	p := w.signIn("wang", "13900000001")
	room := p.rooms()[0]
	body := map[string]any{"room_id": room, "bill_ids": []string{}, "prepay_fen": 100, "expected_total_fen": 100}
	again := func() { p.keys-- }
	type reply struct {
		status int
		out    map[string]any
	}
	replies := make(chan reply, 8)
	for range 8 { // eight at once with one key: one order
		q := &phone{w: w, token: p.token}
		go func() {
			status, out := q.call("POST", "/orders", body)
			replies <- reply{status, out}
		}()
	}
	nos := map[any]bool{}
	for range 8 {
		r := <-replies
		if r.status != 201 {
			t.Fatalf("status %d: %v", r.status, r.out)
		}
		nos[r.out["order"].(map[string]any)["no"]] = true
	}
	if len(nos) != 1 {
		t.Errorf("one key made %d orders", len(nos))
	}
	p.keys = 0
	body["prepay_fen"], body["expected_total_fen"] = 200, 200
	p.refused("POST", "/orders", body, 409, "IDEMPOTENCY_KEY_REUSED")
	again()
	req, err := http.NewRequest("POST", w.url+"/api/v1/orders", strings.NewReader(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 400 {
		t.Errorf("without a key: status %d", res.StatusCode)
	}
}

// What the front door itself refuses is JSON, names the field and speaks Chinese.
func TestRefusalsOfTheFrontDoor(t *testing.T) {
	w := start(t, newConfig(t, "2026-03-16T10:00:00+08:00"))
	p := w.signIn("wang", "")
	for _, tt := range []struct {
		method, path, body, token string
		status                    int
		want                      string
	}{
		{method: "GET", path: "/rooms", body: "", token: "forged", status: 401, want: `"code":"UNAUTHORIZED"`},
		{
			method: "POST", path: "/orders", body: `{"room_id":"x","expected_total_fen":1}`, token: p.token, status: 400,
			want: `{"field":"header.Idempotency-Key","message":"缺少必填参数"}`,
		},
		{method: "GET", path: "/orders?cursor=yesterday", body: "", token: p.token, status: 400, want: `"field":"query.cursor"`},
		{
			method: "GET", path: "/orders?limit=101", body: "", token: p.token, status: 400,
			want: `{"field":"query.limit","message":"不可大于 100"}`,
		},
		{method: "POST", path: "/phone", body: `{"code":`, token: p.token, status: 400, want: `"message":"不是有效的 JSON"`},
		{method: "GET", path: "/nothing", body: "", token: p.token, status: 404, want: `"code":"NOT_FOUND"`},
	} {
		req, err := http.NewRequest(tt.method, w.url+"/api/v1"+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+tt.token)
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != tt.status || !strings.Contains(string(raw),
			tt.want) || res.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %s %s, want %d with %s", tt.method, tt.path, res.StatusCode,
				res.Header.Get("Content-Type"), raw, tt.status, tt.want)
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
}
