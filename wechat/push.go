package wechat

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"
)

// PushReply is the body to answer a push with, within 5 s. After any other answer
// WeChat repeats the push.
const PushReply = "success"

const maxPush = 1 << 20

// The kinds of a SubscribeEvent.
const (
	SubscribePopup  = "popup"  // the person answered the question of the mini program
	SubscribeChange = "change" // the person changed it in the settings
	SubscribeSent   = "sent"   // the outcome of a message sent before
)

// Push is one authentic message of WeChat. WeChat repeats pushes; a repetition has the
// same Key.
type Push struct {
	OpenID        string // who caused it
	CreatedAt     time.Time
	MsgType       string // event, text, …
	Event         string // as WeChat names it, e.g. subscribe_msg_popup_event
	Key           string // the same for each repetition of a push
	Subscriptions []SubscribeEvent
}

// SubscribeEvent is one item of a subscribe event.
type SubscribeEvent struct {
	Kind        string // SubscribePopup, SubscribeChange or SubscribeSent
	OpenID      string
	TemplateID  string
	Status      string // popup and change: accept or reject
	MsgID       string // sent: of the message
	ErrorCode   string // sent: "0" when delivered
	ErrorStatus string // sent: WeChat's word, e.g. success
}

// VerifyURL answers WeChat's check of the push address. It returns the plain text to
// reply with, and reports whether the check is signed.
func (c *Client) VerifyURL(query url.Values) (echostr string, ok bool) {
	if !c.signed(query.Get("signature"), query.Get("timestamp"), query.Get("nonce")) {
		return "", false
	}
	return query.Get("echostr"), true
}

// ParsePush checks and reads one push. With MessageAESKey the push must be encrypted,
// msg_signature must cover it and the app id inside must be ours. Without it the plain
// signature must be right. contentType is only a hint; the body itself shows whether it
// is XML or JSON.
//
// It returns ErrPushForged (answer 403) or ErrPushMalformed (answer success or 400,
// because a repetition is the same).
func (c *Client) ParsePush(query url.Values, contentType string, body []byte) (Push, error) {
	if len(body) > maxPush {
		return Push{}, &Error{Op: "push", Kind: ErrPushMalformed, Reason: "too large"}
	}
	if c.cfg.MessageToken == "" {
		return Push{}, &Error{Op: "push", Kind: ErrPushForged, Reason: "no token configured"}
	}
	timestamp, nonce := query.Get("timestamp"), query.Get("nonce")
	if c.aesKey == nil {
		if !c.signed(query.Get("signature"), timestamp, nonce) {
			return Push{}, &Error{Op: "push", Kind: ErrPushForged, Reason: "signature"}
		}
		return decodePush(contentType, body)
	}
	sealed, err := decodeSealed(contentType, body)
	if err != nil {
		return Push{}, err
	}
	if sealed == "" || !c.signed(query.Get("msg_signature"), timestamp, nonce, sealed) {
		return Push{}, &Error{Op: "push", Kind: ErrPushForged, Reason: "msg_signature"}
	}
	plain, err := c.unseal(sealed)
	if err != nil {
		return Push{}, err
	}
	return decodePush(contentType, plain)
}

// signed compares a signature with the SHA-1 of the sorted token and parts, in constant
// time. An empty token signs nothing.
func (c *Client) signed(signature string, parts ...string) bool {
	if c.cfg.MessageToken == "" || parts[0] == "" || parts[1] == "" {
		return false
	}
	want := pushSignature(c.cfg.MessageToken, parts...)
	return subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(signature))) == 1
}

func pushSignature(token string, parts ...string) string {
	sorted := append([]string{token}, parts...)
	slices.Sort(sorted)
	sum := sha1.Sum([]byte(strings.Join(sorted, "")))
	return hex.EncodeToString(sum[:])
}

// unseal decrypts a push: 16 random bytes, 4 bytes of length, the message and the app
// id, padded to 32 (not 16) bytes.
func (c *Client) unseal(sealed string) ([]byte, error) {
	bad := func(reason string) error { return &Error{Op: "push", Kind: ErrPushMalformed, Reason: reason} }
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, bad("ciphertext")
	}
	block, err := aes.NewCipher(c.aesKey)
	if err != nil {
		return nil, bad("key")
	}
	cipher.NewCBCDecrypter(block, c.aesKey[:aes.BlockSize]).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad < 1 || pad > 32 || pad > len(data) {
		return nil, bad("padding")
	}
	data = data[:len(data)-pad]
	if len(data) < 20 {
		return nil, bad("too short")
	}
	size := int64(binary.BigEndian.Uint32(data[16:20]))
	if size > int64(len(data)-20) {
		return nil, bad("length")
	}
	message, appID := data[20:20+size], data[20+size:]
	if subtle.ConstantTimeCompare(appID, []byte(c.cfg.AppID)) != 1 {
		return nil, &Error{Op: "push", Kind: ErrPushForged, Reason: "app id inside is not ours"}
	}
	return message, nil
}
