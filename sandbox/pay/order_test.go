package pay_test

import (
	"encoding/json"
	"errors"
	"fmt"
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
	got, _, err := service.QueryOrderByOutTradeNo(t.Context(),
		jsapi.QueryOrderByOutTradeNoRequest{OutTradeNo: request.OutTradeNo, Mchid: request.Mchid})
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

// Close and payment race. Exactly one of them succeeds, the other returns an error.
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
