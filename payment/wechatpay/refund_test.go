package wechatpay

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const refundReplyBody = `{"refund_id":"503000","out_refund_no":"RF@1","transaction_id":"4200000001",` +
	`"out_trade_no":"PF20260315","channel":"ORIGINAL",
"user_received_account":"零钱","create_time":"2026-03-15T10:59:00+08:00","status":"PROCESSING","funds_account":"AVAILABLE",
"amount":{"total":12345,"refund":345,"payer_total":12345,"payer_refund":345,` +
	`"settlement_refund":345,"settlement_total":12345,"discount_refund":0,"currency":"CNY"}}`

func TestRefundSendsAndReads(t *testing.T) {
	t.Parallel()
	want := Refund{
		RefundID: "503000", OutRefundNo: "RF@1", TransactionID: "4200000001", OutTradeNo: "PF20260315", Status: RefundProcessing,
		Channel: "ORIGINAL", ReceivedAccount: "零钱", FundsAccount: "AVAILABLE", TotalFen: 12345, RefundFen: 345,
		PayerTotalFen: 12345, PayerRefundFen: 345, SettledRefundFen: 345, CreatedAt: time.Date(2026, 3, 15, 2, 59, 0, 0, time.UTC),
	}
	for _, sub := range []string{"", "1900000109"} {
		f := newFake(t)
		f.on("POST /v3/refund/domestic/refunds", reply{body: refundReplyBody})
		f.on("GET /v3/refund/domestic/refunds/RF@1", reply{body: refundReplyBody})
		cfg := testConfig(f.URL)
		cfg.SubMchID = sub
		c := newTestClient(t, cfg)
		got, err := c.Refund(context.Background(), RefundRequest{
			OutTradeNo: "PF20260315", OutRefundNo: "RF@1", RefundFen: 345, TotalFen: 12345, Reason: "多收\n𠮷先生",
			NotifyURL: "https://x.example.cn/n",
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("refund (-want +got):\n%s", diff)
		}
		body := map[string]any{
			"out_trade_no": "PF20260315", "out_refund_no": "RF@1", "reason": "多收 □先生", "notify_url": "https://x.example.cn/n",
			"amount": map[string]any{"refund": 345.0, "total": 12345.0, "currency": "CNY"},
		}
		query := ""
		if sub != "" {
			body["sub_mchid"], query = sub, "sub_mchid="+sub
		}
		var sent map[string]any
		if err := json.Unmarshal([]byte(f.bodies["POST /v3/refund/domestic/refunds"]), &sent); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(body, sent); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
		if got, err = c.QueryRefund(context.Background(), "RF@1"); err != nil || !cmp.Equal(want, got) {
			t.Errorf("query: %+v, %v", got, err)
		}
		if q := f.queries["GET /v3/refund/domestic/refunds/RF@1"]; q != query {
			t.Errorf("query string %q", q)
		}
	}
}

func TestRefundFailures(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newTestClient(t, testConfig(f.URL))
	good := RefundRequest{OutTradeNo: "PF20260315", OutRefundNo: "RF1", RefundFen: 1, TotalFen: 2}
	for name, change := range map[string]func(*RefundRequest){
		"nothing":     func(r *RefundRequest) { r.RefundFen = 0 },
		"too much":    func(r *RefundRequest) { r.RefundFen = 3 },
		"no number":   func(r *RefundRequest) { r.OutRefundNo = "" },
		"odd number":  func(r *RefundRequest) { r.OutRefundNo = "a/b" },
		"long number": func(r *RefundRequest) { r.OutRefundNo = strings.Repeat("x", 65) },
		"no order":    func(r *RefundRequest) { r.OutTradeNo = "" },
		"bad notify":  func(r *RefundRequest) { r.NotifyURL = "x" },
	} {
		r := good
		change(&r)
		if _, err := c.Refund(context.Background(), r); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f.count("POST /v3/refund/domestic/refunds") != 0 {
		t.Error("a wrong request was sent")
	}
	for _, tt := range []struct {
		reply reply
		want  Kind
		code  string
	}{
		{reply{status: 403, body: `{"code":"NOTENOUGH"}`}, ErrRefused, "NOT_ENOUGH"},
		{reply{status: 403, body: `{"code":"NOT_ENOUGH"}`}, ErrRefused, "NOT_ENOUGH"},
		{reply{status: 500, body: `{"code":"SYSTEM_ERROR"}`}, ErrUnknown, "SYSTEM_ERROR"},
		{reply{body: refundReplyBody}, ErrUnknown, ""}, // about RF@1, not RF1
		{reply{body: strings.Replace(refundReplyBody, `"refund":345`, `"x":345`, 1)}, ErrUnknown, ""},
		{reply{body: strings.Replace(refundReplyBody, `2026-03-15T`, `x`, 1)}, ErrUnknown, ""},
	} {
		f.on("POST /v3/refund/domestic/refunds", tt.reply)
		_, err := c.Refund(context.Background(), good)
		var e *Error
		if !errors.As(err, &e) || e.Kind != tt.want || e.Code != tt.code {
			t.Errorf("%+v: %v", tt.reply, err)
		}
	}
}
