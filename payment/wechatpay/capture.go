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

// Reply is an answer of WeChat Pay as it came, with what proves its signature. Status
// is 0 if no answer came, or none with a valid signature. A refusal (4xx) is kept
// without proof, because its signature is not checked.
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

// Capture returns a context that stores the answer to a call made with it in into. A
// later answer replaces an earlier one.
func Capture(ctx context.Context, into *Reply) context.Context {
	return context.WithValue(ctx, captureKey{}, into)
}

// capture stores an answer for the caller, if the context asks for it.
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

// ReplyOf returns a reply or a notification with the headers that prove it.
func ReplyOf(header http.Header) Reply {
	return Reply{RequestID: cleanToken(header.Get(consts.RequestID)), Serial: strings.TrimSpace(header.Get(consts.WechatPaySerial)),
		Timestamp: strings.TrimSpace(header.Get(consts.WechatPayTimestamp)), Nonce: strings.TrimSpace(header.Get(consts.WechatPayNonce)),
		Signature: strings.TrimSpace(header.Get(consts.WechatPaySignature))}
}

// Proves reports whether the signature of a kept message is valid under the keys of
// today, however old the message is. A key that WeChat Pay has withdrawn proves
// nothing.
func (c *Client) Proves(ctx context.Context, r Reply) bool {
	message := r.Timestamp + "\n" + r.Nonce + "\n" + string(r.Body) + "\n"
	return r.Signature != "" && c.verifier.Verify(ctx, r.Serial, message, r.Signature) == nil
}

// Plain returns the content of a kept message for people: a notification decrypted, a
// reply as it is. Who paid, and from which account, is left out. It returns "" if the
// message cannot be read.
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

// personal are the fields of WeChat Pay's messages that show who paid, and the one with
// which a bill can be fetched.
var personal = map[string]bool{
	"openid": true, "sp_openid": true, "sub_openid": true,
	"user_received_account": true, "download_url": true, "prepay_id": true,
}

// masked returns a JSON object with its personal fields hidden, indented for people.
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
