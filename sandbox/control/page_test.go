package control_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

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
