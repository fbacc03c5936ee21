package wechatpay

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"
)

const refundPlain = `{"mchid":"1900000001","out_trade_no":"PF20260315","transaction_id":"4200000001","out_refund_no":"RF1",
"refund_id":"503000","refund_status":"SUCCESS","success_time":"2026-03-15T11:00:00+08:00","user_received_account":"招商银行信用卡0403",
"amount":{"total":12345,"refund":345,"payer_total":12300,"payer_refund":344}}`

func TestParseNotification(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, testConfig("http://127.0.0.1:1"))
	header, body := notification(t, "TRANSACTION.SUCCESS", paidDirect, nil)
	n, err := c.ParseNotification(context.Background(), header, body)
	if err != nil {
		t.Fatal(err)
	}
	if n.ID != "EV-2018022511223320873" || n.Refund != nil || n.Transaction == nil || n.Transaction.TotalFen != 12345 ||
		!n.CreatedAt.Equal(time.Date(2026, 3, 15, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("payment = %+v", n)
	}
	header, body = notification(t, "REFUND.SUCCESS", refundPlain, nil)
	if n, err = c.ParseNotification(context.Background(), header, body); err != nil {
		t.Fatal(err)
	}
	want := &Refund{
		RefundID: "503000", OutRefundNo: "RF1", TransactionID: "4200000001", OutTradeNo: "PF20260315", MchID: testMchID,
		Status: RefundSuccess, ReceivedAccount: "招商银行信用卡0403", TotalFen: 12345, RefundFen: 345, PayerTotalFen: 12300,
		PayerRefundFen: 344, SuccessTime: time.Date(2026, 3, 15, 3, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, n.Refund); diff != "" || n.Transaction != nil {
		t.Errorf("refund (-want +got):\n%s", diff)
	}
}

func TestForgedNotificationsAreRefusedBeforeReading(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, testConfig("http://127.0.0.1:1"))
	set := func(key, value string) func(http.Header, *[]byte) {
		return func(h http.Header, _ *[]byte) { h.Set(key, value) }
	}
	at := func(d time.Duration) func(http.Header, *[]byte) {
		return func(h http.Header, body *[]byte) { sign(h, testPubID, time.Now().Add(d), *body) }
	}
	for name, spoil := range map[string]func(http.Header, *[]byte){
		"body changed":        func(_ http.Header, b *[]byte) { *b = append(*b, ' ') },
		"no signature":        func(h http.Header, _ *[]byte) { h.Del("Wechatpay-Signature") },
		"no timestamp":        func(h http.Header, _ *[]byte) { h.Del("Wechatpay-Timestamp") },
		"no nonce":            func(h http.Header, _ *[]byte) { h.Del("Wechatpay-Nonce") },
		"no serial":           func(h http.Header, _ *[]byte) { h.Del("Wechatpay-Serial") },
		"timestamp text":      set("Wechatpay-Timestamp", "now"),
		"timestamp huge":      set("Wechatpay-Timestamp", strconv.FormatInt(1<<62, 10)),
		"nonce changed":       set("Wechatpay-Nonce", "x"),
		"probe":               set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/abc="),
		"signature no base64": set("Wechatpay-Signature", "***"),
		"another serial":      set("Wechatpay-Serial", "PUB_KEY_ID_1"),
		"SM2":                 set("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
		"5 minutes old":       at(-5 * time.Minute),
		"5 minutes ahead":     at(5*time.Minute + time.Second),
		"too large":           func(_ http.Header, b *[]byte) { *b = make([]byte, maxNotification+1) },
	} {
		header, body := notification(t, "TRANSACTION.SUCCESS", paidDirect, nil)
		spoil(header, &body)
		if _, err := c.ParseNotification(context.Background(), header, body); !errors.Is(err, ErrBadSignature) {
			t.Errorf("%s: %v, want ErrBadSignature", name, err)
		}
	}
	header, body := notification(t, "TRANSACTION.SUCCESS", paidDirect, nil)
	sign(header, testPubID, time.Now().Add(-4*time.Minute-50*time.Second), body)
	if _, err := c.ParseNotification(context.Background(), header, body); err != nil {
		t.Errorf("a little less than 5 minutes old: %v", err)
	}
}

// An event of another kind is told by its types and not decrypted, whatever it holds; that
// of profit sharing has the event type of a payment.
func TestEventsOfOtherKinds(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, testConfig("http://127.0.0.1:1"))
	original := func(kind string) func(map[string]any) {
		return func(env map[string]any) { env["resource"].(map[string]string)["original_type"] = kind }
	}
	for _, tt := range []struct {
		event  string
		change func(map[string]any)
	}{
		{"PAYSCORE.USER_OPEN_SERVICE", original("payscore")}, {"COMPLAINT.CREATE", original("complaint")},
		{"COUPON.USE", original("coupon")},
		{"TRANSACTION.SUCCESS", original("profitsharing")}, {"PROFITSHARING", func(env map[string]any) { delete(env, "resource") }},
	} {
		header, body := notification(t, tt.event, paidDirect, tt.change)
		n, err := c.ParseNotification(context.Background(), header, body)
		if err != nil || n.EventType != tt.event || n.Transaction != nil || n.Refund != nil {
			t.Errorf("%s: %+v, %v", tt.event, n, err)
		}
		header.Set("Wechatpay-Nonce", "another")
		if _, err := c.ParseNotification(context.Background(), header, body); !errors.Is(err, ErrBadSignature) {
			t.Errorf("%s, forged: %v", tt.event, err)
		}
	}
}

func TestSignedButUnreadableNotifications(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, testConfig("http://127.0.0.1:1"))
	resourceField := func(key, value string) func(map[string]any) {
		return func(env map[string]any) { env["resource"].(map[string]string)[key] = value }
	}
	tests := []struct {
		name, event, plain string
		change             func(map[string]any)
	}{
		{"no resource", "TRANSACTION.SUCCESS", paidDirect, func(env map[string]any) { delete(env, "resource") }},
		{"null resource", "TRANSACTION.SUCCESS", paidDirect, func(env map[string]any) { env["resource"] = nil }},
		{"short nonce", "TRANSACTION.SUCCESS", paidDirect, resourceField("nonce", "short")},
		{"empty nonce", "TRANSACTION.SUCCESS", paidDirect, resourceField("nonce", "")},
		{"other algorithm", "TRANSACTION.SUCCESS", paidDirect, resourceField("algorithm", "AEAD_SM4_GCM")},
		{"no base64", "TRANSACTION.SUCCESS", paidDirect, resourceField("ciphertext", "***")},
		{"empty ciphertext", "TRANSACTION.SUCCESS", paidDirect, resourceField("ciphertext", "")},
		{"other associated data", "TRANSACTION.SUCCESS", paidDirect, resourceField("associated_data", "x")},
		{"plain no JSON", "TRANSACTION.SUCCESS", "x", nil},
		{"plain null", "TRANSACTION.SUCCESS", "null", nil},
		{"bad time", "TRANSACTION.SUCCESS", strings.Replace(paidDirect, "2026-03-15T", "x", 1), nil},
		{"refund without amount", "REFUND.SUCCESS", `{"out_refund_no":"RF1","refund_status":"SUCCESS"}`, nil},
		{"refund without status", "REFUND.SUCCESS", strings.Replace(refundPlain, "refund_status", "x", 1), nil},
	}
	for _, tt := range tests {
		header, body := notification(t, tt.event, tt.plain, tt.change)
		_, err := c.ParseNotification(context.Background(), header, body)
		if !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v, want ErrMalformed", tt.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "oAbc") {
			t.Errorf("%s: text shows the payer: %v", tt.name, err)
		}
	}
}

// The SDK's own vector (wechatpay-go core/notify/notify_test.go, Apache-2.0): a callback really signed by a
// platform certificate. Its 16-byte key is refused by New, so the client is assembled here. The event is none
// of ours, which is found out only after signature and decryption went well.
func TestVectorOfTheSDK(t *testing.T) {
	t.Parallel()
	cert, err := utils.LoadCertificate(vectorCertificate)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := aes.NewCipher([]byte("testMchAPIv3Key0"))
	aead, _ := cipher.NewGCM(block)
	c := &Client{ring: keyRing{aead}, now: func() time.Time { return time.Unix(1624523846, 0) }}
	c.verifier = verifiers.NewSHA256WithRSAVerifier(core.NewCertificateMapWithList([]*x509.Certificate{cert}))
	header := http.Header{}
	header.Set("Wechatpay-Nonce", "EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz")
	header.Set("Wechatpay-Timestamp", "1624523846")
	header.Set("Wechatpay-Serial", "D7CE59D1F522D701")
	header.Set("Wechatpay-Signature", vectorSignature)
	n, err := c.ParseNotification(context.Background(), header, []byte(vectorBody))
	if err != nil || n.EventType != "PAYSCORE.USER_OPEN_SERVICE" || n.Original != "payscore" || n.Transaction != nil || n.Refund != nil {
		t.Errorf("vector: %+v, %v", n, err)
	}
	var env envelope
	if err := json.Unmarshal([]byte(vectorBody), &env); err != nil {
		t.Fatal(err)
	}
	if plain, err := env.Resource.open(c.ring); err != nil || !json.Valid(plain) {
		t.Errorf("vector decrypted: %q, %v", plain, err)
	}
	if _, err = c.ParseNotification(context.Background(), header, []byte(vectorBody+"\n")); !errors.Is(err, ErrBadSignature) {
		t.Errorf("changed vector: %v", err)
	}
}
