package main

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"wuyepay/models"
)

// sign returns WeChat's signature of three lines: SHA256withRSA in base64.
func sign(key *rsa.PrivateKey, timestamp, nonce string, body []byte) (string, error) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n", timestamp, nonce, body))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return base64.StdEncoding.EncodeToString(signature), err
}

// callbacks returns the HTTP request of each booking's notification, signed now. Call it
// before the measurement begins, and not more than five minutes before they are sent.
func (b *bed) callbacks(address string, list []booking) ([][]byte, error) {
	requests := make([][]byte, len(list))
	var next atomic.Int64
	failed := make(chan error, runtime.NumCPU())
	for range cap(failed) {
		go func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					failed <- nil
					return
				}
				var err error
				if requests[i], err = b.callback(address, &list[i]); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	for range cap(failed) {
		if err := <-failed; err != nil {
			return nil, err
		}
	}
	return requests, nil
}

type object = map[string]any

func (b *bed) callback(address string, p *booking) ([]byte, error) {
	now := time.Now()
	plain, err := json.Marshal(object{"appid": appID, "mchid": mchID, "out_trade_no": p.order.No, "transaction_id": p.transaction,
		"trade_type":  "JSAPI",
		"trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "OTHERS", "attach": "",
		"success_time": now.In(models.Shanghai).Format(time.RFC3339),
		"payer":        object{"openid": openID},
		"amount":       object{"total": p.order.AmountFen, "payer_total": p.order.AmountFen, "currency": "CNY", "payer_currency": "CNY"}})
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher([]byte(apiV3Key))
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	nonce := models.NewID()[14:]
	sealed := gcm.Seal(nil, []byte(nonce), plain, []byte("transaction"))
	body, err := json.Marshal(object{"id": "EV-" + models.NewID(), "create_time": now.In(models.Shanghai).Format(time.RFC3339),
		"resource_type": "encrypt-resource",
		"event_type":    "TRANSACTION.SUCCESS", "summary": "支付成功", "resource": object{"original_type": "transaction",
			"algorithm":  "AEAD_AES_256_GCM",
			"ciphertext": base64.StdEncoding.EncodeToString(sealed), "associated_data": "transaction", "nonce": nonce}})
	if err != nil {
		return nil, err
	}
	timestamp := fmt.Sprint(now.Unix())
	signature, err := sign(b.platform, timestamp, nonce, body)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "POST /wechat/pay/%s/notify HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n",
		merchantName, address, len(body))
	fmt.Fprintf(&out, "Wechatpay-Timestamp: %s\r\nWechatpay-Nonce: %s\r\nWechatpay-Signature: %s\r\nWechatpay-Serial: "+
		"%s\r\nWechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048\r\n\r\n",
		timestamp, nonce, signature, publicKeyID)
	out.Write(body)
	return out.Bytes(), nil
}
