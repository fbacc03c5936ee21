package control_test

import (
	"net/http"
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
