package mini

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wuyepay/sandbox/crypt"
)

// originalID returns what stands for the gh_ number of the mini-program.
func originalID(appID string) string { return "gh_" + crypt.Derive(12, "original", appID) }

// pushSign returns the SHA-1 of the sorted, joined words in hex.
func pushSign(words ...string) string {
	slices.Sort(words)
	sum := sha1.Sum([]byte(strings.Join(words, "")))
	return hex.EncodeToString(sum[:])
}

// sealPush encrypts a message in security mode: AES-256-CBC over 16 random bytes, the
// length, the message and the app id, padded to blocks of 32.
func sealPush(aesKey, appID string, message []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil {
		return "", fmt.Errorf("sandbox: MessageAESKey: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	plain := []byte(crypt.RandomText(16))
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(message)))
	plain = append(append(plain, message...), appID...)
	pad := 32 - len(plain)%32
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

// wrapPush returns the outer body in security mode.
func wrapPush(sealed string, asXML bool) []byte {
	if asXML {
		return []byte("<xml><ToUserName></ToUserName><Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>")
	}
	body, _ := json.Marshal(map[string]string{"ToUserName": "", "Encrypt": sealed}) // cannot fail
	return body
}

// pushItem is an element of List. Every value is a string in both forms.
type pushItem struct {
	XMLName               xml.Name `json:"-" xml:"List"`
	TemplateID            string   `json:"TemplateId" xml:"TemplateId"`
	SubscribeStatusString string   `json:"SubscribeStatusString,omitempty" xml:"SubscribeStatusString,omitempty"`
	PopupScene            string   `json:"PopupScene,omitempty" xml:"PopupScene,omitempty"`
	MsgID                 string   `json:"MsgID,omitempty" xml:"MsgID,omitempty"`
	ErrorCode             string   `json:"ErrorCode,omitempty" xml:"ErrorCode,omitempty"`
	ErrorStatus           string   `json:"ErrorStatus,omitempty" xml:"ErrorStatus,omitempty"`
}

// pushHead is the part that all events share.
type pushHead struct {
	ToUserName   string `json:"ToUserName" xml:"ToUserName"`
	FromUserName string `json:"FromUserName" xml:"FromUserName"`
	CreateTime   int64  `json:"CreateTime" xml:"CreateTime"` // a number in JSON
	MsgType      string `json:"MsgType" xml:"MsgType"`
	Event        string `json:"Event" xml:"Event"`
}

// wrappers are the elements around List in the XML form.
var wrappers = map[string]string{
	EventPopup: "SubscribeMsgPopupEvent", EventChange: "SubscribeMsgChangeEvent", EventSent: "SubscribeMsgSentEvent",
}

// render returns the plaintext of the event.
func (e Event) render(appID string) ([]byte, error) {
	wrapper, ok := wrappers[e.Kind]
	if !ok {
		return nil, fmt.Errorf("sandbox: unknown event %q", e.Kind)
	}
	head := pushHead{originalID(appID), e.OpenID, time.Now().Unix(), "event", e.Kind}
	item := pushItem{TemplateID: e.TemplateID, SubscribeStatusString: e.Status}
	switch e.Kind {
	case EventPopup:
		item.PopupScene = "0"
	case EventSent:
		item = pushItem{TemplateID: e.TemplateID, MsgID: strconv.FormatInt(e.MsgID, 10), ErrorCode: "0", ErrorStatus: "success"}
	}
	if !e.XML {
		var list any = item
		if e.Array {
			list = []pushItem{item}
		}
		return json.Marshal(struct {
			pushHead
			List any `json:"List"`
		}{head, list})
	}
	type list struct {
		XMLName xml.Name
		Item    pushItem
	}
	return xml.Marshal(struct {
		XMLName xml.Name `xml:"xml"`
		pushHead
		Wrapped list
	}{pushHead: head, Wrapped: list{xml.Name{Local: wrapper}, item}})
}
