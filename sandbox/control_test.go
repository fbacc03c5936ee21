package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// control makes one control call and returns status and body.
func controlCall(t *testing.T, s *sandbox.Server, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+"/sandbox/control/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	status, _, data := sandboxtest.Do(t, req)
	return status, strings.TrimSpace(string(data))
}

// A whole drill by HTTP alone, as another process would run it.
func TestControlCalls(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	h := sandboxtest.NewHost(t, s, "main")
	sandboxtest.Place(t, s, "PF000001", 100, h.URL)
	open := s.OpenID("zhang")
	overdue := s.Credentials().Templates["overdue"]
	steps := []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "identity", "", 200, s.Credentials().AppID},
		{"POST", "faults", `{"kind":"repeated","route":"notify-payment","count":2,"delay":"10ms"}`, 200, `"id":"f1"`},
		{"GET", "faults", "", 200, `"delay":"10ms"`},
		{"POST", "faults", `{"kind":"repeated","rout":"notify-payment"}`, 400, "unknown field"},
		{"POST", "faults", `{"kind":"lost","route":"prepay"}`, 400, "cannot show"},
		{"POST", "pay", `{"out_trade_no":"PF000001"}`, 200, `"trade_state":"SUCCESS"`},
		{"POST", "pay", `{"out_trade_no":"PF000001"}`, 409, "paid already"},
		{"POST", "pay", `{"out_trade_no":"NOBODY01"}`, 404, "not found"},
		{"GET", "orders/PF000001", "", 200, `"fee_fen":1`},
		{"GET", "orders/NOBODY01", "", 404, "not found"},
		{"GET", "books", "", 200, `"out_trade_no":"PF000001"`},
		{"GET", "refunds/R1", "", 404, "not found"},
		{"POST", "refunds/R1", `{"status":"SUCCESS"}`, 404, "not found"},
		{"POST", "seeds", `{"date":"2026-01-01","prefix":"SEED","count":3,"total_fen":5}`, 204, ""},
		{"GET", "books?date=2026-01-01", "", 200, `"out_trade_no":"SEED00000002"`},
		{"POST", "bills/2026-01-01", `{"state":"ready"}`, 204, ""},
		{"POST", "bills/2026-01-01", `{"state":"lost"}`, 400, "state"},
		{"POST", "faults/profile", `{"seed":1,"probability":0.01}`, 204, ""},
		{"DELETE", "faults", "", 204, ""},
		{"GET", "faults", "", 200, "[]"},
		{"POST", "login-codes", `{"name":"zhang"}`, 200, `"code":"0`},
		{"POST", "phone-codes", `{"phone":"13800000000"}`, 200, `"code"`},
		{"POST", "phone-codes", `{"phone":"110"}`, 400, "mobile"},
		{"POST", "tokens/invalidate", `{"errcode":42001}`, 204, ""},
		{"POST", "subscriptions", `{"openid":"` + open + `","template_id":"` + overdue + `","n":2}`, 204, ""},
		{"GET", "subscriptions?openid=" + open, "", 200, `"overdue":2`},
		{"GET", "messages?openid=" + open, "", 200, "[]"},
		{"POST", "message-url", `{"url":"http://127.0.0.1:9/","check":true}`, 400, "refused"},
		{"POST", "events", `{"kind":"subscribe_msg_popup_event","openid":"o"}`, 400, "no message URL"},
		{"POST", "callback-signer", `{"mode":"certificate"}`, 400, "no key"},
		{"POST", "certificates", `{}`, 400, "no platform certificates"},
		{"GET", "calls", "", 200, `"prepay":1`},
	}
	for _, step := range steps {
		status, body := controlCall(t, s, step.method, step.path, step.body)
		if status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("%s %s: %d %s, want %d with %s", step.method, step.path, status, body, step.status, step.want)
		}
	}
	sandboxtest.Drain(t, s)
	if _, body := controlCall(t, s, "GET", "orders/PF000001/attempts", ""); strings.Count(body, `"fault":"repeated"`) != 2 {
		t.Errorf("attempts = %s, want two of a repeated delivery", body)
	}
	if status, _ := controlCall(t, s, "POST", "orders/PF000001/notify", ""); status != 204 {
		t.Errorf("notify: %d", status)
	}
	sandboxtest.Drain(t, s)
	if good, _ := h.Counts(); good != 3 {
		t.Errorf("%d notifications, want 3", good)
	}
}

func TestPageIsThePhone(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{RefundSpacing: -1})
	sandboxtest.Place(t, s, "OPEN0001", 12345, sandboxtest.Nowhere)
	sandboxtest.Place(t, s, "OPEN0002", 500, sandboxtest.Nowhere)
	press := func(path string, form url.Values, origin string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "POST", s.URL()+"/sandbox/phone/"+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		status, _, _ := sandboxtest.Do(t, req)
		return status
	}
	if status := press("pay", url.Values{"no": {"OPEN0001"}}, "https://evil.example"); status != http.StatusForbidden {
		t.Errorf("a form of another site: %d, want 403", status)
	}
	if o, _ := s.Order("OPEN0001"); o.State != sandbox.NotPay {
		t.Fatal("another site paid an order")
	}
	if status := press("pay", url.Values{"no": {"OPEN0001"}}, s.URL()); status != http.StatusSeeOther {
		t.Errorf("pay: %d", status)
	}
	if status := press("cancel", url.Values{"no": {"OPEN0002"}}, ""); status != http.StatusSeeOther {
		t.Errorf("cancel: %d", status)
	}
	if o, _ := s.Order("OPEN0002"); o.State != sandbox.NotPay {
		t.Errorf("a cancelled order is %s, want it still open", o.State)
	}
	openID, template := s.OpenID("zhang"), s.Credentials().Templates["overdue"]
	press("grant", url.Values{"openid": {openID}, "template": {template}}, "")
	if s.Quota(openID, template) != 1 {
		t.Error("the button granted nothing")
	}
	page := getPage(t, s)
	for _, want := range []string{"OPEN0001", "OPEN0002", "¥123.45", "物业费 1-101 &amp; 车位", "欠费提醒", "没有故障"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"<script", "http://", "https://", "url("} {
		if strings.Contains(page, bad) {
			t.Errorf("the page contains %q", bad)
		}
	}
}

func getPage(t *testing.T, s *sandbox.Server) string {
	t.Helper()
	res, err := sandboxtest.RedirectTo(t, s).Get(s.URL() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestUnknownPathsAreNotThere(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	for path, want := range map[string]int{"/nothing": 404, "/v3/nothing": 404, "/sandbox/control/nothing": 404} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if status, _, body := sandboxtest.Do(t, req); status != want || path == "/v3/nothing" && !json.Valid(body) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}
