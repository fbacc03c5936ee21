package wechatpay

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// failure is an error reply of WeChat Pay with private things in its message.
func failure(status int, code string) reply {
	return reply{status: status, body: fmt.Sprintf(`{"code":%q,"message":"oAbc leaked-body"}`, code)}
}

// tail is a Request-ID that ends with a numeric error code.
func tail(code string) map[string]string { return map[string]string{"Request-Id": "08F78B-" + code} }

var prepayFailures = []struct {
	name  string
	reply reply
	want  Kind
	code  string
}{
	{"unsigned reply", reply{body: `{"prepay_id":"x"}`, unsigned: true}, ErrUnknown, ""},
	{"probe", reply{body: `{"prepay_id":"x"}`, probe: true}, ErrUnknown, ""},
	{"stale signature", reply{body: `{"prepay_id":"x"}`, stale: true}, ErrUnknown, ""},
	{"unknown serial", reply{body: `{"prepay_id":"x"}`, header: map[string]string{"Wechatpay-Serial": "ABCDEF0123456789"}}, ErrUnknown, ""},
	{"no prepay id", reply{body: `{}`}, ErrUnknown, ""},
	{"not JSON", reply{body: `<html>`}, ErrUnknown, ""},
	{"202 paying", reply{status: 202, body: `{"code":"USERPAYING"}`}, ErrUnknown, ""},
	{"500", failure(500, "SYSTEM_ERROR"), ErrUnknown, "SYSTEM_ERROR"},
	{"500 old", failure(500, "SYSTEMERROR"), ErrUnknown, "SYSTEM_ERROR"},
	{"502 page", reply{status: 502, body: `<html>bad gateway</html>`}, ErrUnknown, ""},
	{"403 page of somebody else", reply{status: 403, body: `<html>captive</html>`}, ErrUnknown, ""},
	{"redirect", reply{status: 302, header: map[string]string{"Location": "http://127.0.0.1:1/x"}}, ErrUnknown, ""},
	{"429", failure(429, "FREQUENCY_LIMITED"), ErrRateLimited, "FREQUENCY_LIMITED"},
	{"429 old", failure(429, "RATELIMIT_EXCEEDED"), ErrRateLimited, "FREQUENCY_LIMITED"},
	{"403 rate", failure(403, "FREQUENCY_LIMITED"), ErrRateLimited, "FREQUENCY_LIMITED"},
	{"paid", failure(400, "ORDER_PAID"), ErrOrderPaid, "ORDER_PAID"},
	{"paid old", failure(400, "ORDERPAID"), ErrOrderPaid, "ORDER_PAID"},
	{"closed", failure(400, "ORDER_CLOSED"), ErrOrderClosed, "ORDER_CLOSED"},
	{"closed old", failure(400, "ORDERCLOSED"), ErrOrderClosed, "ORDER_CLOSED"},
	{"missing old", failure(404, "ORDERNOTEXIST"), ErrOrderNotExist, "ORDER_NOT_EXIST"},
	{"used", failure(403, "OUT_TRADE_NO_USED"), ErrParamsChanged, "OUT_TRADE_NO_USED"},
	{"re-entry", reply{status: 400, body: `{"code":"INVALID_REQUEST","message":"请求重入时，参数与首次请求时不一致"}`}, ErrParamsChanged, "INVALID_REQUEST"},
	{"paid by text", reply{status: 400, body: `{"code":"INVALID_REQUEST","message":"该订单已支付"}`}, ErrOrderPaid, "INVALID_REQUEST"},
	{"closed by text", reply{status: 400, body: `{"code":"INVALID_REQUEST","message":"订单已关闭"}`}, ErrOrderClosed, "INVALID_REQUEST"},
	{"re-entry by tail", reply{status: 400, body: `{"code":"INVALID_REQUEST"}`, header: tail("268498688")},
		ErrParamsChanged, "INVALID_REQUEST"},
	{"paid by tail", reply{status: 400, body: `{"code":"INVALID_REQUEST"}`, header: tail("268498689")}, ErrOrderPaid, "INVALID_REQUEST"},
	{"parameter", failure(400, "PARAM_ERROR"), ErrRefused, "PARAM_ERROR"},
	{"signature", failure(401, "SIGN_ERROR"), ErrRefused, "SIGN_ERROR"},
	{"no right", failure(403, "NO_AUTH"), ErrRefused, "NO_AUTH"},
	{"rule old", failure(403, "RULELIMIT"), ErrRefused, "RULE_LIMIT"},
	{"openid of another app", failure(500, "OPENID_MISMATCH"), ErrRefused, "OPENID_MISMATCH"},
	{"a code that is none", failure(400, "x\ny"), ErrUnknown, ""},
	{"too large", reply{body: `{"prepay_id":"` + strings.Repeat("x", maxReply) + `"}`}, ErrUnknown, ""},
}

func TestKindOfEveryFailure(t *testing.T) {
	t.Parallel()
	const route = "POST /v3/pay/transactions/jsapi"
	for _, tt := range prepayFailures {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.on(route, tt.reply)
			_, err := newTestClient(t, testConfig(f.URL)).Prepay(context.Background(), testOrder())
			var e *Error
			if !errors.As(fmt.Errorf("wrapped: %w", err), &e) || e.Kind != tt.want || e.Code != tt.code {
				t.Fatalf("error %#v, want kind %q code %q", err, tt.want, tt.code)
			}
			if !errors.Is(fmt.Errorf("wrapped: %w", err), tt.want) {
				t.Error("errors.Is does not find the kind")
			}
			for _, private := range []string{"oAbc", "leaked", "Signature", "http", testKey, testMchID} {
				if strings.Contains(err.Error(), private) {
					t.Errorf("text shows %q: %v", private, err)
				}
			}
		})
	}
}

// nobodyThere returns an address that is held and not listened on: the near end of a
// connection.
func nobodyThere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	held, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() })
	return held.LocalAddr().String()
}

func TestTimeoutsAndConnections(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET /v3/pay/transactions/out-trade-no/PF20260315", reply{body: paidDirect, delay: hangs})
	cfg := testConfig(f.URL)
	cfg.Timeout = 100 * time.Millisecond
	c := newTestClient(t, cfg)
	_, err := c.Query(context.Background(), "PF20260315")
	if !errors.Is(err, ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("silent server: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err = c.Query(ctx, "PF20260315"); !errors.Is(err, ErrUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	dead := newTestClient(t, testConfig("http://"+nobodyThere(t)))
	_, err = dead.Query(context.Background(), "PF20260315")
	if !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), "no connection") {
		t.Errorf("nobody there: %v", err)
	}
	if strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("text shows the address: %v", err)
	}
}

func TestMissingThings(t *testing.T) {
	t.Parallel()
	f := newFake(t) // answers 404 RESOURCE_NOT_EXISTS to everything
	c := newTestClient(t, testConfig(f.URL))
	_, err := c.Query(context.Background(), "PF20260315")
	if !errors.Is(err, ErrOrderNotExist) {
		t.Errorf("query: %v", err)
	}
	if _, err = c.QueryRefund(context.Background(), "RF1"); !errors.Is(err, ErrRefundNotExist) {
		t.Errorf("refund query: %v", err)
	}
	request := RefundRequest{OutTradeNo: "PF20260315", OutRefundNo: "RF1", RefundFen: 1, TotalFen: 1}
	if _, err = c.Refund(context.Background(), request); !errors.Is(err, ErrOrderNotExist) {
		t.Errorf("refund: %v", err)
	}
}

func TestRedirectorKeepsTheRawAddress(t *testing.T) {
	t.Parallel()
	var got *http.Request
	base, err := parseBaseURL("http://127.0.0.1:18980")
	if err != nil {
		t.Fatal(err)
	}
	rt := &redirector{base: base, next: roundTrip(func(r *http.Request) (*http.Response, error) {
		got = r
		return &http.Response{Body: http.NoBody}, nil
	})}
	req, err := http.NewRequest("GET", "https://api.mch.weixin.qq.com/v3/a%7Cb%2A/@x?q=%2F&r=a+b", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rt.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	if got.URL.RequestURI() != "/v3/a%7Cb%2A/@x?q=%2F&r=a+b" || got.URL.Host != "127.0.0.1:18980" || got.URL.Scheme != "http" {
		t.Errorf("sent to %v", got.URL)
	}
	if req.URL.Host != "api.mch.weixin.qq.com" {
		t.Error("the caller's request was changed")
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
