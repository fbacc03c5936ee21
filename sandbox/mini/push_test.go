package mini_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/silenceper/wechat/v2/miniprogram/message"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKMessagePush(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	var got []message.PushData
	var kinds []message.EventType
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Write([]byte(r.FormValue("echostr")))
			return
		}
		_, kind, data, err := mp.GetMessageReceiver().GetMsgData(r)
		if err != nil {
			t.Errorf("push: %v", err)
		}
		kinds, got = append(kinds, kind), append(got, data)
		w.Write([]byte("success"))
	}))
	defer server.Close()
	if err := s.CheckMessageURL(t.Context(), server.URL); err != nil {
		t.Fatal(err)
	}
	s.SetMessageURL(server.URL)
	for _, e := range []sandbox.Event{
		{Kind: sandbox.EventPopup, Status: "accept"},
		{Kind: sandbox.EventPopup, Status: "reject", Plain: true, Array: true},
		{Kind: sandbox.EventChange, Status: "reject", XML: true},
		{Kind: sandbox.EventSent, MsgID: 77, Plain: true, XML: true},
		{Kind: sandbox.EventSent, MsgID: 77},
	} {
		e.OpenID, e.TemplateID = s.OpenID("wang"), "TPL"
		if err := s.PushEvent(t.Context(), e); err != nil {
			t.Errorf("%+v: %v", e, err)
		}
	}
	var seen []string
	for _, data := range got {
		switch d := data.(type) {
		case *message.PushDataSubscribePopup:
			for _, i := range d.GetSubscribeMsgPopupEvents() {
				seen = append(seen, d.FromUserName+" popup "+i.TemplateID+" "+i.SubscribeStatusString)
			}
		case *message.PushDataSubscribeMsgChange:
			for _, i := range d.GetSubscribeMsgChangeEvents() {
				seen = append(seen, d.FromUserName+" change "+i.TemplateID+" "+i.SubscribeStatusString)
			}
		case *message.PushDataSubscribeMsgSent:
			for _, i := range d.GetSubscribeMsgSentEvents() {
				seen = append(seen, d.FromUserName+" sent "+i.MsgID+" "+i.ErrorStatus)
			}
		}
	}
	who := s.OpenID("wang")
	want := []string{who + " popup TPL accept", who + " popup TPL reject", who + " change TPL reject",
		who + " sent 77 success", who + " sent 77 success"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("events (%v):\n%s", kinds, diff)
	}
}
