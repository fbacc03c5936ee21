package wechatpay

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// FuzzParseNotification lets the body be anything, under a good signature and under none: no panic, and a
// result only with exactly one content.
func FuzzParseNotification(f *testing.F) {
	c := newTestClient(f, testConfig("http://127.0.0.1:1"))
	for _, plain := range []string{paidDirect, refundPlain, "{}", "null", ""} {
		_, body := notification(f, "TRANSACTION.SUCCESS", plain, nil)
		f.Add(body, "TRANSACTION.SUCCESS", plain, "")
		f.Add(body, "REFUND.SUCCESS", plain, "WECHATPAY/SIGNTEST/x")
	}
	f.Add([]byte(`{"resource":{"algorithm":"AEAD_AES_256_GCM","nonce":"x"}}`), "", "", "x")
	f.Fuzz(func(t *testing.T, body []byte, event, plain, signature string) {
		header := http.Header{}
		sign(header, testPubID, time.Now(), body)
		check := func(n Notification, err error) {
			if (err == nil) != ((n.Transaction == nil) != (n.Refund == nil)) {
				t.Fatalf("%+v, %v", n, err)
			}
			if err == nil && n.Transaction != nil && n.Transaction.Paid() && n.Transaction.TransactionID == "" {
				t.Fatal("paid without a number")
			}
		}
		check(c.ParseNotification(context.Background(), header, body))
		sealedHeader, sealedBody := notification(t, event, plain, nil)
		check(c.ParseNotification(context.Background(), sealedHeader, sealedBody))
		header.Set("Wechatpay-Signature", signature)
		if _, err := c.ParseNotification(context.Background(), header, body); err == nil {
			t.Fatal("accepted a signature that is none")
		}
	})
}

// FuzzTradeRows lets the file be anything: no panic, and success only if the sums that the callback saw are
// those of the summary.
func FuzzTradeRows(f *testing.F) {
	f.Add(asFile(tradeBill))
	f.Add(tradeBill)
	f.Add(asFile(flowBill))
	f.Add(tradeHeader + "\n总交易单数,订单总金额\n`0,`0.00\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		var rows int
		var total, refund int64
		sum, err := readTrades(context.Background(), opTradeBill, strings.NewReader(text), func(r *TradeRow) error {
			rows++
			total += r.TotalFen
			refund += r.RefundFen
			return nil
		})
		if err == nil && (sum.Rows != rows || sum.TotalFen != total || sum.RefundFen != refund || sum.Payments+sum.Refunds != rows) {
			t.Fatalf("summary %+v, seen %d rows %d %d", sum, rows, total, refund)
		}
		if err != nil && KindOf(err) != ErrBillCorrupt {
			t.Fatalf("error of another kind: %v", err)
		}
		_, err = readFlows(context.Background(), opFundFlowBill, strings.NewReader(text), func(*FlowRow) error { return nil })
		if err != nil && KindOf(err) != ErrBillCorrupt {
			t.Fatalf("error of another kind: %v", err)
		}
	})
}

// TestParseDecimalProperty writes numbers in every way WeChat Pay may and reads them back.
func TestParseDecimalProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.IntRange(0, 5).Draw(t, "places")
		want := rapid.Int64Range(-1e15, 1e15).Draw(t, "value")
		text := formatDecimal(want, places)
		if places > 0 || rapid.Bool().Draw(t, "point") {
			if places == 0 {
				text += "."
			}
			for range rapid.IntRange(0, 3).Draw(t, "zeros") {
				text += "0"
			}
		}
		if got, ok := parseDecimal(text, places); !ok || got != want {
			t.Fatalf("parseDecimal(%q, %d) = %d, %v, want %d", text, places, got, ok, want)
		}
	})
	for _, bad := range []string{"-", "+", ".", "1.2.3", "1,000", "1e3", " 1", "0.001", "９", "--1", "9999999999999999999"} {
		if v, ok := parseDecimal(bad, 2); ok {
			t.Errorf("parseDecimal(%q) = %d", bad, v)
		}
	}
}

// formatDecimal is a slow and obvious counterpart of parseDecimal.
func formatDecimal(v int64, places int) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	digits := []byte{}
	for v > 0 || len(digits) <= places {
		digits = append([]byte{byte('0' + v%10)}, digits...)
		v /= 10
	}
	if places == 0 {
		return sign + string(digits)
	}
	return sign + string(digits[:len(digits)-places]) + "." + string(digits[len(digits)-places:])
}

// FuzzPlain lets a kept body be anything: no panic, and what shows who paid is
// never shown, however deep it stands.
func FuzzPlain(f *testing.F) {
	c := newTestClient(f, testConfig("http://127.0.0.1:1"))
	f.Add([]byte(paidDirect), "oSomebody")
	f.Add([]byte(`{"a":[{"payer":{"openid":"x"}}]}`), "o")
	f.Add([]byte(`{"resource":{"ciphertext":"AAAA"}}`), "o\"")
	f.Add([]byte("\xff"), "")
	f.Fuzz(func(t *testing.T, body []byte, openid string) {
		_ = c.Plain(body)
		if len(openid) < 8 || strings.Contains("payer openid list more text 1234567890", openid) {
			return // too short to be told from the rest
		}
		payer := map[string]any{"payer": map[string]string{"openid": openid}}
		named, err := json.Marshal(map[string]any{"list": []any{payer}, "sp_openid": openid, "amount": 1234567890})
		if err != nil {
			t.Fatal(err)
		}
		shown := c.Plain(named)
		if shown == "" || strings.Contains(shown, strings.ToValidUTF8(openid, "\ufffd")) {
			t.Fatalf("shown: %s", shown)
		}
	})
}
