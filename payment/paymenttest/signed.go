package paymenttest

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wuyepay/models/money"
	"wuyepay/sandbox"
)

// PaidAs is the callback of a transaction.
func PaidAs(p *Platform, o money.Order, tr sandbox.Transaction) map[string]any {
	plain := p.Paid(o, tr.PaidAt)
	plain["transaction_id"] = tr.TransactionID
	return plain
}

// Platform signs as WeChat does, so that tests can say in its name what the
// sandbox never says.
type Platform struct {
	t        testing.TB
	merchant string
	mchID    string
	serial   string
	apiKey   string
	key      *rsa.PrivateKey
}

// Platform returns WeChat's side of a merchant, with the keys of the sandbox.
func (w *World) Platform(merchant string) *Platform {
	w.T.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "keys.json"))
	if err != nil {
		w.T.Fatal(err)
	}
	var file struct {
		Merchants map[string]struct {
			Merchant struct{ MchID, PublicKeyID, PlatformKeyPEM, APIv3Key string } `json:"merchant"`
		} `json:"merchants"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		w.T.Fatal(err)
	}
	m := file.Merchants[merchant].Merchant
	block, _ := pem.Decode([]byte(m.PlatformKeyPEM))
	if block == nil {
		w.T.Fatal("the sandbox has no key for " + merchant)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		w.T.Fatal(err)
	}
	return &Platform{t: w.T, merchant: merchant, mchID: m.MchID, serial: m.PublicKeyID, apiKey: m.APIv3Key, key: key.(*rsa.PrivateKey)}
}

// Sealed is the envelope of an event with an encrypted plaintext.
func (p *Platform) Sealed(id, event string, plain any) []byte {
	p.t.Helper()
	text, err := json.Marshal(plain)
	if err != nil {
		p.t.Fatal(err)
	}
	block, err := aes.NewCipher([]byte(p.apiKey))
	if err != nil {
		p.t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		p.t.Fatal(err)
	}
	nonce := "123456789012"
	body, err := json.Marshal(map[string]any{"id": id, "create_time": "2026-03-15T10:00:00+08:00", "event_type": event,
		"resource_type": "encrypt-resource",
		"resource": map[string]string{
			"original_type": "transaction", "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "transaction",
			"ciphertext": base64.StdEncoding.EncodeToString(aead.Seal(nil, []byte(nonce), text, []byte("transaction"))),
		}})
	if err != nil {
		p.t.Fatal(err)
	}
	return body
}

// Signed is a body with WeChat's signature of this moment.
func (p *Platform) Signed(body []byte) Callback {
	p.t.Helper()
	h := http.Header{}
	p.Sign(h, body)
	return Callback{Merchant: p.merchant, Header: h, Body: body}
}

// Sign puts WeChat's signature of this moment over a body.
func (p *Platform) Sign(h http.Header, body []byte) {
	p.t.Helper()
	timestamp, nonce := fmt.Sprint(time.Now().Unix()), "abcdefghijklmnopqrstuvwxyz012345"
	sum := sha256.Sum256([]byte(timestamp + "\n" + nonce + "\n" + string(body) + "\n"))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Fatal(err)
	}
	h.Set("Wechatpay-Timestamp", timestamp)
	h.Set("Wechatpay-Nonce", nonce)
	h.Set("Wechatpay-Serial", p.serial)
	h.Set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(signature))
}

// Paid is what WeChat would say of an order that was paid just as it was asked for.
func (p *Platform) Paid(o money.Order, at time.Time) map[string]any {
	return map[string]any{
		"mchid": o.MchID, "appid": o.AppID, "out_trade_no": o.No, "transaction_id": "4200000001" + o.No[len(o.No)-12:],
		"trade_type": "JSAPI", "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "OTHERS",
		"success_time": at.Format(time.RFC3339), "payer": map[string]string{"openid": o.OpenID},
		"amount": map[string]any{
			"total": int64(o.AmountFen), "payer_total": int64(o.AmountFen), "currency": "CNY", "payer_currency": "CNY",
		},
	}
}

// PayLate has an order paid now, though WeChat's side of it may have expired.
func PayLate(w *World, no string) {
	w.T.Helper()
	p := w.Platform("main")
	c := p.Signed(p.Sealed("EV-late-"+no, "TRANSACTION.SUCCESS", p.Paid(w.OrderNow(no), w.Clock.Now())))
	if status := w.Tell(Bg, w.Pay, c); status != http.StatusNoContent {
		w.T.Fatalf("answered %d", status)
	}
}
