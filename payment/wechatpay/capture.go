package wechatpay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

// Reply is an answer of WeChat Pay as it came, with what proves its signature. Status is 0 where no answer
// came, or none whose signature holds; refusals (4xx) are kept without proof, they carry none that is checked.
type Reply struct {
	Status    int
	RequestID string
	Serial    string // Wechatpay-Serial
	Timestamp string // Wechatpay-Timestamp
	Nonce     string // Wechatpay-Nonce
	Signature string // Wechatpay-Signature
	Body      []byte // personal data: it may name the payer
}

type captureKey struct{}

// Capture has the answer to the next call made with the context kept in into. Each call sets it anew.
func Capture(ctx context.Context, into *Reply) context.Context {
	return context.WithValue(ctx, captureKey{}, into)
}

// capture keeps an answer where the caller wants it.
func capture(ctx context.Context, result *core.APIResult, body []byte, err error) {
	into, _ := ctx.Value(captureKey{}).(*Reply)
	if into == nil {
		return
	}
	*into = Reply{}
	var refusal *core.APIError
	switch {
	case errors.As(err, &refusal):
		into.Status, into.RequestID, into.Body = refusal.StatusCode, cleanToken(refusal.Header.Get(consts.RequestID)), []byte(refusal.Body)
	case err == nil && result != nil && result.Response != nil:
		*into = ReplyOf(result.Response.Header)
		into.Status, into.Body = result.Response.StatusCode, body
	}
}

// ReplyOf reads the headers that prove a message of WeChat Pay: a reply's, or a notification's.
func ReplyOf(header http.Header) Reply {
	return Reply{RequestID: cleanToken(header.Get(consts.RequestID)), Serial: strings.TrimSpace(header.Get(consts.WechatPaySerial)),
		Timestamp: strings.TrimSpace(header.Get(consts.WechatPayTimestamp)), Nonce: strings.TrimSpace(header.Get(consts.WechatPayNonce)),
		Signature: strings.TrimSpace(header.Get(consts.WechatPaySignature))}
}

// Proves tells whether the signature of a kept message still holds against the keys of today, however old it
// is. Keys that WeChat Pay has withdrawn prove nothing any more.
func (c *Client) Proves(ctx context.Context, r Reply) bool {
	message := r.Timestamp + "\n" + r.Nonce + "\n" + string(r.Body) + "\n"
	return r.Signature != "" && c.verifier.Verify(ctx, r.Serial, message, r.Signature) == nil
}

// Plain gives the content of a kept message for people: a notification decrypted, a reply as it is, who paid
// and with what account left out. Empty: it cannot be read.
func (c *Client) Plain(body []byte) string {
	var env envelope
	if json.Unmarshal(body, &env) == nil && env.Resource.Ciphertext != "" {
		return masked(opened(env, c.ring))
	}
	return masked(body)
}

func opened(env envelope, ring keyRing) []byte {
	plain, err := env.Resource.open(ring)
	if err != nil {
		return nil
	}
	return plain
}

// personal are the fields of WeChat Pay's messages that tell who paid, and the one that lets a bill be fetched.
var personal = map[string]bool{"openid": true, "sp_openid": true, "sub_openid": true, "user_received_account": true, "download_url": true, "prepay_id": true}

// masked is a JSON object with its personal fields hidden, indented for people.
func masked(body []byte) string {
	var content map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&content) != nil {
		return ""
	}
	hide(content)
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}

func hide(content map[string]any) {
	for name, value := range content {
		switch v := value.(type) {
		case map[string]any:
			hide(v)
		case []any:
			for _, one := range v {
				if m, ok := one.(map[string]any); ok {
					hide(m)
				}
			}
		case string:
			if personal[name] && v != "" {
				content[name] = "***"
			}
		}
	}
}
