package wechatpay

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

const (
	maxNotification  = 1 << 20
	notifySkew       = 5 * time.Minute
	signatureTypeRSA = "WECHATPAY2-SHA256-RSA2048"
)

// Notification is one verified and decrypted message of WeChat Pay. At most one of
// Transaction and Refund is set; neither is for an event of another kind, such as profit
// sharing, coupons and complaints, which is not decrypted. The same event may come many
// times, late and out of order.
type Notification struct {
	ID          string // EV-…
	EventType   string // TRANSACTION.SUCCESS, REFUND.SUCCESS, REFUND.ABNORMAL, REFUND.CLOSED, or of another kind
	Original    string // original_type: transaction, refund, or of another kind
	CreatedAt   time.Time
	Transaction *Transaction
	Refund      *Refund
}

type envelope struct {
	ID         string   `json:"id"`
	CreateTime string   `json:"create_time"`
	EventType  string   `json:"event_type"`
	Resource   resource `json:"resource"`
}

// ParseNotification verifies and then decrypts a notification. It must get the raw
// body, because one that was encoded again would not verify. Nothing of the body is
// read before the signature is proven.
//
// It returns ErrBadSignature for missing or stale headers (5 minutes of real time), an
// unknown serial, a wrong signature, and WeChat Pay's own probes with a deliberately
// wrong one; answer 4xx. It returns ErrMalformed for a signed body that cannot be read;
// answer 5xx.
func (c *Client) ParseNotification(ctx context.Context, header http.Header, body []byte) (Notification, error) {
	if err := c.verifyNotification(ctx, header, body); err != nil {
		return Notification{}, err
	}
	var env envelope
	if json.Unmarshal(body, &env) != nil {
		return Notification{}, malformed(header, "envelope is not the expected JSON")
	}
	n := Notification{ID: env.ID, EventType: env.EventType, Original: env.Resource.OriginalType}
	if at, err := time.Parse(time.RFC3339, env.CreateTime); err == nil {
		n.CreatedAt = at.UTC()
	}
	kind := env.kind()
	if kind == "" {
		return n, nil
	}
	plain, err := env.Resource.open(c.ring)
	if err != nil {
		return Notification{}, malformed(header, err.Error())
	}
	switch kind {
	case "transaction":
		t, err := decodeTransaction(plain)
		if err != nil {
			return Notification{}, malformed(header, err.Error())
		}
		n.Transaction = &t
	case "refund":
		r, err := decodeRefund(plain)
		if err != nil {
			return Notification{}, malformed(header, err.Error())
		}
		n.Refund = &r
	}
	return n, nil
}

// kind returns what an envelope is about: transaction, refund, or "" for what is neither.
// The event type alone does not tell: that of profit sharing is TRANSACTION.SUCCESS too,
// with another original type. An envelope without any type is no event of another kind:
// it is read as a transaction, and refused if it is none.
func (e *envelope) kind() string {
	switch strings.ToLower(e.Resource.OriginalType) {
	case "", "transaction", "refund":
	default:
		return ""
	}
	switch {
	case e.EventType == "", strings.HasPrefix(e.EventType, "TRANSACTION."):
		return "transaction"
	case strings.HasPrefix(e.EventType, "REFUND."):
		return "refund"
	}
	return ""
}

// verifyNotification checks the headers and the signature over timestamp, nonce and raw body.
func (c *Client) verifyNotification(ctx context.Context, header http.Header, body []byte) error {
	unproven := func(reason string) error {
		return &Error{Op: opNotify, Kind: ErrBadSignature, Reason: reason, RequestID: cleanToken(header.Get(consts.RequestID))}
	}
	if len(body) > maxNotification {
		return unproven("body too large")
	}
	if t := header.Get("Wechatpay-Signature-Type"); t != "" && t != signatureTypeRSA {
		return unproven("unsupported signature type")
	}
	timestamp := strings.TrimSpace(header.Get(consts.WechatPayTimestamp))
	nonce := strings.TrimSpace(header.Get(consts.WechatPayNonce))
	serial := strings.TrimSpace(header.Get(consts.WechatPaySerial))
	signature := strings.TrimSpace(header.Get(consts.WechatPaySignature))
	if timestamp == "" || nonce == "" || serial == "" || signature == "" {
		return unproven("signature headers missing")
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return unproven("timestamp is not a number")
	}
	now := c.now().Unix()
	if seconds <= now-int64(notifySkew/time.Second) || seconds >= now+int64(notifySkew/time.Second) {
		return unproven("timestamp more than 5 minutes away")
	}
	if strings.HasPrefix(signature, "WECHATPAY/SIGNTEST/") {
		return unproven("signature probe")
	}
	message := make([]byte, 0, len(timestamp)+len(nonce)+len(body)+3)
	message = append(append(message, timestamp...), '\n')
	message = append(append(message, nonce...), '\n')
	message = append(append(message, body...), '\n')
	if c.verifier.Verify(ctx, serial, string(message), signature) != nil {
		if strings.HasPrefix(serial, "PUB_KEY_ID_") && !c.knowsPublicKey(serial) {
			// The most common fault of a live merchant: WeChat Pay uses a public key now.
			return unproven("signed by a public key that public_key_id does not name")
		}
		return unproven("signature does not verify")
	}
	return nil
}

func malformed(header http.Header, reason string) error {
	return &Error{Op: opNotify, Kind: ErrMalformed, Reason: reason, RequestID: cleanToken(header.Get(consts.RequestID))}
}
