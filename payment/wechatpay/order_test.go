package wechatpay

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var testFuture = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)

func TestPrepaySendsTheDocumentedFields(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sub, route string
		want             map[string]any
	}{
		{"direct", "", "POST /v3/pay/transactions/jsapi", map[string]any{
			"appid": testAppID, "mchid": testMchID, "payer": map[string]any{"openid": "oAbc"},
		}},
		{"partner", "1900000109", "POST /v3/pay/partner/transactions/jsapi", map[string]any{
			"sp_appid": testAppID, "sp_mchid": testMchID, "sub_mchid": "1900000109", "payer": map[string]any{"sp_openid": "oAbc"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.on(tt.route, reply{body: `{"prepay_id":"wx201410272009395522657a690389285100"}`})
			cfg := testConfig(f.URL)
			cfg.SubMchID = tt.sub
			id, err := newTestClient(t, cfg).Prepay(context.Background(), testOrder())
			if err != nil || id != "wx201410272009395522657a690389285100" {
				t.Fatalf("Prepay = %q, %v", id, err)
			}
			tt.want["out_trade_no"] = "PF|20260315*01_-"
			tt.want["description"] = "物业费 1-101"
			tt.want["notify_url"] = "https://pay.example.cn/wechat/pay/main/notify"
			tt.want["attach"] = "a=1"
			tt.want["time_expire"] = "2026-03-15T10:30:00+08:00"
			tt.want["amount"] = map[string]any{"total": 12345.0, "currency": "CNY"}
			var got map[string]any
			if err := json.Unmarshal([]byte(f.bodies[tt.route]), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if f.serials[tt.route] != testPubID {
				t.Errorf("asked for a reply signed by %q", f.serials[tt.route])
			}
		})
	}
}

func TestPrepayRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, testConfig("http://127.0.0.1:1"))
	for name, change := range map[string]func(*Order){
		"zero amount":       func(o *Order) { o.TotalFen = 0 },
		"short number":      func(o *Order) { o.OutTradeNo = "12345" },
		"number with slash": func(o *Order) { o.OutTradeNo = "123/456" },
		"no payer":          func(o *Order) { o.OpenID = "" },
		"emoji in attach":   func(o *Order) { o.Attach = "😀" },
		"long attach":       func(o *Order) { o.Attach = strings.Repeat("x", 129) },
		"blank description": func(o *Order) { o.Description = " \n" },
		"query in notify":   func(o *Order) { o.NotifyURL += "?a=1" },
		"relative notify":   func(o *Order) { o.NotifyURL = "/notify" },
	} {
		o := testOrder()
		change(&o)
		if _, err := c.Prepay(context.Background(), o); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want ErrRefused", name, err)
		}
	}
}

func TestPayParamsSignature(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, testConfig("http://127.0.0.1:1"))
	p, err := c.PayParams("wx2014")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(p)
	var names map[string]string
	err = json.Unmarshal(text, &names)
	if err != nil || len(names) != 5 || names["package"] != "prepay_id=wx2014" || names["signType"] != "RSA" {
		t.Fatalf("JSON = %s", text)
	}
	sum := sha256.Sum256([]byte(testAppID + "\n" + names["timeStamp"] + "\n" + names["nonceStr"] + "\nprepay_id=wx2014\n"))
	signature, _ := base64.StdEncoding.DecodeString(names["paySign"])
	if err := rsa.VerifyPKCS1v15(&keys().merchant.PublicKey, crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
	if _, err := c.PayParams(""); !errors.Is(err, ErrRefused) {
		t.Errorf("empty prepay id: %v", err)
	}
}

const paidDirect = `{"appid":"wx8888888888888888","mchid":"1900000001","out_trade_no":"PF20260315","transaction_id":"4200000001",
"trade_type":"JSAPI","trade_state":"SUCCESS","trade_state_desc":"支付成功","bank_type":"OTHERS",` +
	`"attach":"","success_time":"2026-03-15T10:11:12+08:00",
"payer":{"openid":"oAbc"},"amount":{"total":12345,"payer_total":12300,"currency":"CNY","payer_currency":"CNY"}}`

func TestQueryReadsEveryShape(t *testing.T) {
	t.Parallel()
	paid := Transaction{
		OutTradeNo: "PF20260315", TransactionID: "4200000001", AppID: testAppID, MchID: testMchID, OpenID: "oAbc",
		State: StateSuccess, StateText: "支付成功", Currency: "CNY", TradeType: "JSAPI", BankType: "OTHERS",
		TotalFen: 12345, PayerTotalFen: 12300, PayerTotalSeen: true, SuccessTime: time.Date(2026, 3, 15, 2, 11, 12, 0, time.UTC),
	}
	partner := paid
	partner.SubMchID, partner.SubAppID, partner.SubOpenID = "1900000109", "wxsub", "oSub"
	tests := []struct {
		name, sub, body string
		want            Transaction
		kind            Kind
	}{
		{"paid", "", paidDirect, paid, ""},
		{"partner", "1900000109", strings.NewReplacer(`"appid"`, `"sub_mchid":"1900000109","sub_appid":"wxsub","sp_appid"`,
			`"mchid"`, `"sp_mchid"`, `"openid"`, `"sub_openid":"oSub","sp_openid"`).Replace(paidDirect), partner, ""},
		{"unpaid, bare", "", `{"appid":"wx8888888888888888","mchid":"1900000001","out_trade_no":"PF20260315","trade_state":"NOTPAY"}`,
			Transaction{OutTradeNo: "PF20260315", AppID: testAppID, MchID: testMchID, State: StateNotPay}, ""},
		{"another order", "", strings.Replace(paidDirect, "PF20260315", "PF20260316", 1), Transaction{}, ErrUnknown},
		{"another merchant", "", strings.Replace(paidDirect, "1900000001", "1900000002", 1), Transaction{}, ErrUnknown},
		{"paid without number", "", strings.Replace(paidDirect, "4200000001", "", 1), Transaction{}, ErrUnknown},
		{"paid without total", "", strings.Replace(paidDirect, `"total":12345,`, "", 1), Transaction{}, ErrUnknown},
		{"amount with a fraction", "", strings.Replace(paidDirect, "12345", "123.45", 1), Transaction{}, ErrUnknown},
		{"202 without order", "", `{"code":"USERPAYING"}`, Transaction{}, ErrUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			route, query := "GET /v3/pay/transactions/out-trade-no/PF20260315", "mchid=1900000001"
			cfg := testConfig(f.URL)
			if cfg.SubMchID = tt.sub; tt.sub != "" {
				route, query = "GET /v3/pay/partner/transactions/out-trade-no/PF20260315", "sp_mchid=1900000001&sub_mchid=1900000109"
			}
			f.on(route, reply{body: tt.body})
			got, err := newTestClient(t, cfg).Query(context.Background(), "PF20260315")
			if KindOf(err) != tt.kind {
				t.Fatalf("error %v, want kind %q", err, tt.kind)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if f.queries[route] != query {
				t.Errorf("query %q, want %q", f.queries[route], query)
			}
		})
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	route := "POST /v3/pay/transactions/out-trade-no/PF%7C20260315%2A01_-/close"
	f.on(route, reply{status: 204})
	c := newTestClient(t, testConfig(f.URL))
	if err := c.CloseOrder(context.Background(), "PF|20260315*01_-"); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(f.bodies[route]) != `{"mchid":"1900000001"}` {
		t.Errorf("body %s", f.bodies[route])
	}
	f.on(route, reply{status: 204, unsigned: true})
	if err := c.CloseOrder(context.Background(), "PF|20260315*01_-"); !errors.Is(err, ErrUnknown) {
		t.Errorf("unsigned 204: %v, want ErrUnknown", err)
	}
}
