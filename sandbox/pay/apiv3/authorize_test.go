package apiv3_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSignErrorShape(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	uri := "/v3/pay/transactions/out-trade-no/PF%7C00001?mchid=" + sandboxtest.KeysOf(t, s, "main").MchID
	status, header, body := sandboxtest.RawCall(t, s, "main", "GET", uri, "", func(r *http.Request) {
		h := r.Header.Get("Authorization")
		r.Header.Set("Authorization", strings.Replace(h, `nonce_str="0`, `nonce_str="1`, 1))
	})
	var got struct {
		Code   string `json:"code"`
		Detail struct {
			Detail          struct{ Issue string }
			Field, Location string
			Info            struct {
				Method    string `json:"method"`
				Length    int    `json:"sign_message_length"`
				Truncated string `json:"truncated_sign_message"`
				URL       string `json:"url"`
			} `json:"sign_information"`
		} `json:"detail"`
	}
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	d := got.Detail
	if status != 401 || got.Code != "SIGN_ERROR" || d.Detail.Issue != "sign not match" || d.Field != "signature" ||
		d.Location != "authorization" || d.Info.Method != "GET" || d.Info.URL != uri ||
		!strings.HasPrefix(d.Info.Truncated, "GET\n"+uri+"\n") || d.Info.Length != len(d.Info.Truncated) {
		t.Errorf("%d %s", status, body)
	}
	if header.Get("Wechatpay-Signature") != "" {
		t.Error("SIGN_ERROR is signed; it must not be")
	}
}

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	edit := func(old, new string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
		}
	}
	k := sandboxtest.KeysOf(t, s, "main")
	uri := "/v3/pay/transactions/out-trade-no/PF000001?mchid=" + k.MchID
	tests := []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"good", nil, 404},
		{"no authorization", func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"other scheme", edit("WECHATPAY2-SHA256-RSA2048", "Bearer"), 401},
		{"unknown merchant", edit(k.MchID, "1999999999"), 401},
		{"unknown serial", edit(k.CertificateSerial, "00"), 401},
		{"no user agent", func(r *http.Request) { r.Header.Set("User-Agent", "") }, 400},
		{"accepts nothing we have", func(r *http.Request) { r.Header.Set("Accept", "text/html") }, 400},
		{"accepts anything", func(r *http.Request) { r.Header.Set("Accept", "*/*") }, 404},
	}
	for _, test := range tests {
		if status, _, body := sandboxtest.RawCall(t, s, "main", "GET", uri, "", test.change); status != test.status {
			t.Errorf("%s: %d %s, want %d", test.name, status, body, test.status)
		}
	}
	for skew, want := range map[time.Duration]int{
		-290 * time.Second: 404, 290 * time.Second: 404, -310 * time.Second: 401, 310 * time.Second: 401,
	} {
		if status, _, body := sandboxtest.RawCallAt(t, s, "main", time.Now().Add(skew), "GET", uri, "", nil); status != want {
			t.Errorf("signed %v away: %d %s, want %d", skew, status, body, want)
		}
	}
}
