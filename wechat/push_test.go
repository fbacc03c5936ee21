package wechat

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sealPush encrypts as WeChat documents it, written apart from unseal.
func sealPush(t testing.TB, message, appID string) string {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(testAESKey + "=")
	if err != nil {
		t.Fatal(err)
	}
	plain := []byte(rand.Text()[:16])
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(message)))
	plain = append(append(plain, message...), appID...)
	pad := 32 - len(plain)%32
	for range pad {
		plain = append(plain, byte(pad))
	}
	block, _ := aes.NewCipher(key)
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}

// pushQuery signs a push; sealed is empty for a plain one.
func pushQuery(sealed string) url.Values {
	q := url.Values{"timestamp": {"1714036504"}, "nonce": {"1514711492"}}
	q.Set("signature", pushSignature(testToken, "1714036504", "1514711492"))
	if sealed != "" {
		q.Set("encrypt_type", "aes")
		q.Set("msg_signature", pushSignature(testToken, "1714036504", "1514711492", sealed))
	}
	return q
}

func TestVerifyURL(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, testConfig(""))
	// The vector of the documents.
	q := url.Values{
		"signature": {"f464b24fc39322e44b38aa78f5edd27bd1441696"}, "timestamp": {"1714036504"},
		"nonce": {"1514711492"}, "echostr": {"4375120948345356249"},
	}
	if echo, ok := c.VerifyURL(q); !ok || echo != "4375120948345356249" {
		t.Errorf("vector: %q, %v", echo, ok)
	}
	for key, value := range map[string]string{
		"signature": "f464b24fc39322e44b38aa78f5edd27bd1441697", "timestamp": "1714036505", "nonce": "",
	} {
		spoiled := url.Values{}
		for k, v := range q {
			spoiled[k] = v
		}
		spoiled.Set(key, value)
		if echo, ok := c.VerifyURL(spoiled); ok || echo != "" {
			t.Errorf("wrong %s accepted", key)
		}
	}
	cfg := testConfig("")
	cfg.MessageToken = ""
	q.Set("signature", pushSignature("", "1714036504", "1514711492"))
	if _, ok := newTestClient(t, cfg).VerifyURL(q); ok {
		t.Error("accepted without a token")
	}
}

var pushForms = map[string]struct {
	contentType, body string
	want              Push
}{
	"popup XML": {"text/xml", `<xml><ToUserName><![CDATA[gh_1]]></ToUserName>` +
		`<FromUserName><![CDATA[oAbc]]></FromUserName><CreateTime>1610969440</CreateTime>
<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_popup_event]]></Event><SubscribeMsgPopupEvent>
<List><TemplateId><![CDATA[T1]]></TemplateId>` +
		`<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene>0</PopupScene></List>
<List><TemplateId><![CDATA[T2]]></TemplateId>` +
		`<SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString><PopupScene>0</PopupScene></List>
</SubscribeMsgPopupEvent></xml>`, Push{Event: "subscribe_msg_popup_event", Subscriptions: []SubscribeEvent{
		{Kind: SubscribePopup, OpenID: "oAbc", TemplateID: "T1", Status: "accept"},
		{Kind: SubscribePopup, OpenID: "oAbc", TemplateID: "T2", Status: "reject"},
	}}},
	"change XML under another type": {"application/xml", `<?xml version="1.0"?><xml><FromUserName>oAbc</FromUserName>` +
		`<CreateTime>1610969440</CreateTime><MsgType>event</MsgType>
<Event>subscribe_msg_change_event</Event>` +
		`<SubscribeMsgChangeEvent><List><TemplateId>T1</TemplateId>` +
		`<SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgChangeEvent></xml>`,
		Push{Event: "subscribe_msg_change_event", Subscriptions: []SubscribeEvent{
			{Kind: SubscribeChange, OpenID: "oAbc", TemplateID: "T1", Status: "reject"}}}},
	"sent XML": {"", `<xml><FromUserName>oAbc</FromUserName><CreateTime>1610969440</CreateTime>` +
		`<MsgType>event</MsgType><Event>subscribe_msg_sent_event</Event>
<SubscribeMsgSentEvent><List><TemplateId>T1</TemplateId><MsgID>1700827132819554304</MsgID>` +
		`<ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent></xml>`,
		Push{Event: "subscribe_msg_sent_event", Subscriptions: []SubscribeEvent{
			{Kind: SubscribeSent, OpenID: "oAbc", TemplateID: "T1", MsgID: "1700827132819554304",
				ErrorCode: "0", ErrorStatus: "success"}}}},
	"one item JSON, time as text": {"application/json", `{"ToUserName":"gh_1","FromUserName":"oAbc","CreateTime":"1610969440",` +
		`"MsgType":"event","Event":"subscribe_msg_popup_event",
"List":{"TemplateId":"T1","SubscribeStatusString":"accept","PopupScene":"0"}}`,
		Push{Event: "subscribe_msg_popup_event", Subscriptions: []SubscribeEvent{
			{Kind: SubscribePopup, OpenID: "oAbc", TemplateID: "T1", Status: "accept"}}}},
	"two items JSON, numbers": {"application/json", `{"FromUserName":"oAbc","CreateTime":1610969440,"MsgType":"event",` +
		`"Event":"subscribe_msg_sent_event",
"List":[{"TemplateId":"T1","MsgID":1700827132819554304,"ErrorCode":0,"ErrorStatus":"success"},` +
		`{"TemplateId":"T2","MsgID":"2","ErrorCode":"43101","ErrorStatus":"x"}]}`,
		Push{Event: "subscribe_msg_sent_event", Subscriptions: []SubscribeEvent{
			{Kind: SubscribeSent, OpenID: "oAbc", TemplateID: "T1", MsgID: "1700827132819554304", ErrorCode: "0", ErrorStatus: "success"},
			{Kind: SubscribeSent, OpenID: "oAbc", TemplateID: "T2", MsgID: "2", ErrorCode: "43101", ErrorStatus: "x"},
		}}},
	"an event of no concern": {"application/json", `{"FromUserName":"oAbc","CreateTime":1610969440,"MsgType":"event",` +
		`"Event":"user_enter_tempsession",` +
		`"List":[{"TemplateId":"T1"}]}`,
		Push{Event: "user_enter_tempsession"}},
}

func TestParsePushPlainAndSealed(t *testing.T) {
	t.Parallel()
	plain := newTestClient(t, testConfig(""))
	cfg := testConfig("")
	cfg.MessageAESKey = testAESKey
	sealing := newTestClient(t, cfg)
	for name, form := range pushForms {
		form.want.OpenID, form.want.MsgType, form.want.CreatedAt = "oAbc", "event", time.Unix(1610969440, 0).UTC()
		form.want.Key = "oAbc/1610969440/" + form.want.Event
		got, err := plain.ParsePush(pushQuery(""), form.contentType, []byte(form.body))
		if diff := cmp.Diff(form.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		sealed := sealPush(t, form.body, testAppID)
		outer := `{"ToUserName":"gh_1","Encrypt":"` + sealed + `"}`
		if strings.HasPrefix(form.body, "<") {
			outer = "<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>"
		}
		got, err = sealing.ParsePush(pushQuery(sealed), form.contentType, []byte(outer))
		if diff := cmp.Diff(form.want, got); err != nil || diff != "" {
			t.Errorf("%s sealed: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestParsePushRefusals(t *testing.T) {
	t.Parallel()
	body := pushForms["one item JSON, time as text"].body
	outer := func(sealed string) string { return `{"Encrypt":"` + sealed + `"}` }
	good := sealPush(t, body, testAppID)
	plainSignatureOnly := pushQuery("")
	plainSignatureOnly.Set("encrypt_type", "aes")
	wrong := pushQuery(good)
	wrong.Set("msg_signature", strings.Repeat("0", 40))
	for _, tt := range []struct {
		name   string
		sealed bool
		query  url.Values
		body   string
		want   Kind
	}{
		{"no signature", false, url.Values{}, body, ErrPushForged},
		{"signature over another time", false,
			url.Values{"signature": {pushSignature(testToken, "1", "2")}, "timestamp": {"2"}, "nonce": {"3"}}, body, ErrPushForged},
		{"plain where sealed is demanded", true, pushQuery(""), body, ErrPushForged},
		{"good signature, wrong msg_signature", true, wrong, outer(good), ErrPushForged},
		{"good signature, no msg_signature", true, plainSignatureOnly, outer(good), ErrPushForged},
		{"msg_signature over something else", true, pushQuery("other"), outer(good), ErrPushForged},
		{"another app", true, nil, sealPush(t, body, "wxother"), ErrPushForged},
		{"no app", true, nil, sealPush(t, body, ""), ErrPushForged},
		{"no base64", true, nil, "***", ErrPushMalformed},
		{"not whole blocks", true, nil, "YWJj", ErrPushMalformed},
		{"another key", true, nil, base64.StdEncoding.EncodeToString(make([]byte, 64)), ErrPushMalformed},
		{"sealed rubbish", true, nil, sealPush(t, "rubbish", testAppID), ErrPushMalformed},
		{"empty", false, pushQuery(""), "", ErrPushMalformed},
		{"no time", false, pushQuery(""), `{"MsgType":"event"}`, ErrPushMalformed},
		{"no type", false, pushQuery(""), `{"CreateTime":1}`, ErrPushMalformed},
		{"too large", false, pushQuery(""), strings.Repeat("x", maxPush+1), ErrPushMalformed},
	} {
		cfg := testConfig("")
		if tt.sealed {
			cfg.MessageAESKey = testAESKey
		}
		text, query := tt.body, tt.query
		if query == nil {
			query, text = pushQuery(tt.body), outer(tt.body)
		}
		got, err := newTestClient(t, cfg).ParsePush(query, "application/json", []byte(text))
		if clean(t, err); !errors.Is(err, tt.want) || len(got.Subscriptions) != 0 {
			t.Errorf("%s: %+v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

// FuzzParsePush lets body and plaintext be anything, under good signatures: no panic, only the two errors.
func FuzzParsePush(f *testing.F) {
	for _, form := range pushForms {
		f.Add(form.contentType, []byte(form.body))
	}
	f.Add("", []byte(`{"Encrypt":"AAAA"}`))
	f.Add("text/xml", []byte(`<xml><Encrypt></Encrypt></xml>`))
	cfg := testConfig("")
	plain := newTestClient(f, cfg)
	cfg.MessageAESKey = testAESKey
	sealing := newTestClient(f, cfg)
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		check := func(p Push, err error) {
			if err != nil && KindOf(err) != ErrPushForged && KindOf(err) != ErrPushMalformed {
				t.Fatalf("error of another kind: %v", err)
			}
			if err == nil && (p.MsgType == "" || p.Key == "") {
				t.Fatalf("%+v", p)
			}
		}
		check(plain.ParsePush(pushQuery(""), contentType, body))
		sealed := sealPush(t, string(body), testAppID)
		check(sealing.ParsePush(pushQuery(sealed), contentType, []byte(`{"Encrypt":"`+sealed+`"}`)))
		raw := base64.StdEncoding.EncodeToString(body)
		check(sealing.ParsePush(pushQuery(raw), contentType, []byte(`{"Encrypt":"`+raw+`"}`)))
	})
}
