package sandbox_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// body is a good order as raw JSON with one change.
func rawOrder(t *testing.T, s *sandbox.Server, change func(map[string]any)) string {
	t.Helper()
	order := map[string]any{
		"appid": s.Credentials().AppID, "mchid": sandboxtest.KeysOf(t, s, "main").MchID,
		"description": "物业费", "out_trade_no": "RAW00001", "notify_url": "https://example.com/notify",
		"amount": map[string]any{"total": 100, "currency": "CNY"},
		"payer":  map[string]any{"openid": s.OpenID("zhang")},
	}
	if change != nil {
		change(order)
	}
	text, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOrderFieldsAreChecked(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	set := func(name string, value any) func(map[string]any) {
		return func(o map[string]any) { o[name] = value }
	}
	amount := func(total any) func(map[string]any) {
		return set("amount", map[string]any{"total": total})
	}
	tests := []struct {
		name   string
		change func(map[string]any)
		status int
		code   string
	}{
		{"good", nil, 200, ""},
		{"zero amount", amount(0), 400, "PARAM_ERROR"},
		{"negative amount", amount(-1), 400, "PARAM_ERROR"},
		{"fraction of a fen", amount(1.5), 400, "PARAM_ERROR"},
		{"amount as text", amount("100"), 400, "PARAM_ERROR"},
		{"null attach", set("attach", nil), 400, "PARAM_ERROR"},
		{"unknown field", set("colour", "red"), 400, "PARAM_ERROR"},
		{"emoji", set("description", "物业费😀"), 400, "PARAM_ERROR"},
		{"description of 127", set("description", strings.Repeat("费", 127)), 200, ""},
		{"description of 128", set("description", strings.Repeat("费", 128)), 400, "PARAM_ERROR"},
		{"attach of 129", set("attach", strings.Repeat("a", 129)), 400, "PARAM_ERROR"},
		{"short number", set("out_trade_no", "abc"), 400, "PARAM_ERROR"},
		{"number with a slash", set("out_trade_no", "abc/defg"), 400, "PARAM_ERROR"},
		{"number of 33", set("out_trade_no", strings.Repeat("1", 33)), 400, "PARAM_ERROR"},
		{"notify_url with query", set("notify_url", "https://example.com/notify?a=1"), 400, "PARAM_ERROR"},
		{"notify_url without path", set("notify_url", "https://example.com"), 400, "PARAM_ERROR"},
		{"dollars", set("amount", map[string]any{"total": 1, "currency": "USD"}), 400, "PARAM_ERROR"},
		{"bad time", set("time_expire", "2026-01-01 10:00:00"), 400, "PARAM_ERROR"},
		{"other merchant", set("mchid", "1900000001"), 400, "PARAM_ERROR"},
		{"other app", set("appid", "wx1234567890123456"), 400, "APPID_MCHID_NOT_MATCH"},
		{"stranger", set("payer", map[string]any{"openid": "oNobodyEverLoggedIn"}), 400, "PARAM_ERROR"},
		{"no payer", set("payer", map[string]any{}), 400, "PARAM_ERROR"},
		{"partner field", set("sub_mchid", "1600000000"), 400, "PARAM_ERROR"},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body := rawOrder(t, s, func(o map[string]any) {
				o["out_trade_no"] = fmt.Sprintf("RAW%05d", i)
				if test.change != nil {
					test.change(o)
				}
			})
			status, header, reply := sandboxtest.RawCall(t, s, "main", "POST", "/v3/pay/transactions/jsapi", body, nil)
			if status != test.status || status != 200 && sandboxtest.CodeOf(t, reply) != test.code {
				t.Errorf("%d %s, want %d %s", status, reply, test.status, test.code)
			}
			// Business errors are signed too.
			if header.Get("Wechatpay-Signature") == "" {
				t.Error("reply is not signed")
			}
		})
	}
}

func TestOrderIsPlacedOnce(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	first := sandboxtest.Place(t, s, "ONCE0001", 100, sandboxtest.Nowhere)
	if again := sandboxtest.Place(t, s, "ONCE0001", 100, sandboxtest.Nowhere); again == first {
		t.Error("the same parameters gave the same prepay_id, want a fresh one")
	}
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	changed := sandboxtest.OrderOf(t, s, "ONCE0001", 101, sandboxtest.Nowhere)
	_, _, err := service.Prepay(t.Context(), changed)
	if code := sandboxtest.APICode(t, err); code != "INVALID_REQUEST" {
		t.Errorf("changed amount: %s, want INVALID_REQUEST", code)
	}
	if _, err := s.Pay("ONCE0001"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pay("ONCE0001"); !errors.Is(err, sandbox.ErrOrderPaid) {
		t.Errorf("second payment: %v, want ErrOrderPaid", err)
	}
	_, _, err = service.Prepay(t.Context(), sandboxtest.OrderOf(t, s, "ONCE0001", 100, sandboxtest.Nowhere))
	if code := sandboxtest.APICode(t, err); code != "ORDERPAID" {
		t.Errorf("prepay of a paid order: %s, want ORDERPAID", code)
	}
}

func TestOrderExpires(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-03-15 10:00")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now})
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	request := sandboxtest.OrderOf(t, s, "EXP00001", 100, sandboxtest.Nowhere)
	request.TimeExpire = core.Time(c.Now().Add(30 * time.Minute))
	if _, _, err := service.Prepay(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	sandboxtest.Place(t, s, "LONG0001", 100, sandboxtest.Nowhere) // seven days
	c.Add(30 * time.Minute)
	if _, err := s.Pay("EXP00001"); !errors.Is(err, sandbox.ErrOrderClosed) {
		t.Errorf("paying at the end of the time: %v, want ErrOrderClosed", err)
	}
	got, _, err := service.QueryOrderByOutTradeNo(t.Context(), jsapi.QueryOrderByOutTradeNoRequest{OutTradeNo: request.OutTradeNo, Mchid: request.Mchid})
	if err != nil || *got.TradeState != "CLOSED" {
		t.Errorf("expired order: %v, %v", got, err)
	}
	c.Add(90 * time.Minute)
	if _, err := s.Pay("LONG0001"); !errors.Is(err, sandbox.ErrPrepayExpired) {
		t.Errorf("prepay_id of two hours: %v, want ErrPrepayExpired", err)
	}
	sandboxtest.Place(t, s, "LONG0001", 100, sandboxtest.Nowhere)
	if _, err := s.Pay("LONG0001"); err != nil {
		t.Errorf("with a fresh prepay_id: %v", err)
	}
}

// Close and payment race; whoever loses hears so.
func TestCloseAndPayHaveOneWinner(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	mchID := sandboxtest.KeysOf(t, s, "main").MchID
	for i := range 20 {
		no := fmt.Sprintf("RACE%04d", i)
		sandboxtest.Place(t, s, no, 100, sandboxtest.Nowhere)
		var wg sync.WaitGroup
		var payErr, closeErr error
		wg.Go(func() { _, payErr = s.PayWith(no, sandbox.PayOptions{NoNotify: true}) })
		wg.Go(func() {
			_, closeErr = service.CloseOrder(t.Context(), jsapi.CloseOrderRequest{OutTradeNo: core.String(no), Mchid: core.String(mchID)})
		})
		wg.Wait()
		if (payErr == nil) == (closeErr == nil) {
			t.Fatalf("pay: %v, close: %v; want exactly one to win", payErr, closeErr)
		}
	}
}

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
