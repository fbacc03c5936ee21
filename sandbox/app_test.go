package sandbox_test

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/silenceper/wechat/v2/miniprogram/business"
	"github.com/silenceper/wechat/v2/miniprogram/message"
	wxorder "github.com/silenceper/wechat/v2/miniprogram/order"
	"github.com/silenceper/wechat/v2/miniprogram/qrcode"
	"github.com/silenceper/wechat/v2/miniprogram/urllink"
	"github.com/silenceper/wechat/v2/miniprogram/urlscheme"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKLogin(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	minted := s.MintLoginCode("")
	tests := []struct {
		name, code string
		openID     string
		errcode    int64
	}{
		{"development code", "dev-zhang-3", s.OpenID("zhang-3"), 0},
		{"development code again", "dev-zhang-3", s.OpenID("zhang-3"), 0},
		{"one-time code", s.MintLoginCode("oChosenByTheTest00000000000"), "oChosenByTheTest00000000000", 0},
		{"unknown code", "dev_zhang", "", 40029},
	}
	for _, test := range tests {
		got, err := mp.GetAuth().Code2SessionContext(t.Context(), test.code)
		if got.OpenID != test.openID || got.ErrCode != test.errcode || (err == nil) != (test.errcode == 0) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
	if _, err := mp.GetAuth().Code2Session(minted); err != nil {
		t.Fatal(err)
	}
	if got, _ := mp.GetAuth().Code2Session(minted); got.ErrCode != 40163 {
		t.Errorf("used code: errcode %d, want 40163", got.ErrCode)
	}
}

func TestSDKPhone(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	minted := s.MintPhoneCode("13900000001")
	for code, want := range map[string]string{"phone-13800000000": "13800000000", minted: "13900000001"} {
		got, err := mp.GetBusiness().GetPhoneNumber(&business.GetPhoneNumberRequest{Code: code})
		if err != nil || got.PurePhoneNumber != want || got.CountryCode != "86" {
			t.Errorf("%s: %+v, %v", code, got, err)
		}
	}
	_, err := mp.GetBusiness().GetPhoneNumber(&business.GetPhoneNumberRequest{Code: minted})
	if sandboxtest.ErrCode(err) != 40029 {
		t.Errorf("used phone code: %v, want 40029", err)
	}
}

func TestSDKSubscribeSpendsTheQuota(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	openID, templateID := s.OpenID("wang"), s.Credentials().Templates["overdue"]
	if err := mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, openID)); sandboxtest.ErrCode(err) != 43101 {
		t.Errorf("without agreement: %v, want 43101", err)
	}
	if err := s.GrantSubscription(openID, templateID, 2); err != nil {
		t.Fatal(err)
	}
	bad := sandboxtest.GoodMessage(s, openID)
	bad.Data["thing1"].Value = strings.Repeat("长", 21)
	if err := mp.GetSubscribe().Send(bad); sandboxtest.ErrCode(err) != 47003 || !strings.Contains(err.Error(), "data.thing1.value invalid") {
		t.Errorf("21 characters: %v, want 47003", err)
	}
	if q := s.Quota(openID, templateID); q != 2 {
		t.Errorf("a refused message cost %d of 2 agreements", 2-q)
	}
	var ids []int64
	for range 2 {
		id, err := mp.GetSubscribe().SendGetMsgID(sandboxtest.GoodMessage(s, openID))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, openID)); sandboxtest.ErrCode(err) != 43101 {
		t.Errorf("used up: %v, want 43101", err)
	}
	messages := s.Messages(openID)
	if len(messages) != 2 || messages[1].MsgID != ids[1] || messages[0].Key != "overdue" || messages[0].Values["number3"] != "31" {
		t.Errorf("messages = %+v", messages)
	}
	stranger := sandboxtest.GoodMessage(s, "oNobody")
	if err := mp.GetSubscribe().Send(stranger); sandboxtest.ErrCode(err) != 40003 {
		t.Errorf("stranger: %v, want 40003", err)
	}
	stranger = sandboxtest.GoodMessage(s, openID)
	stranger.TemplateID = "none"
	if err := mp.GetSubscribe().Send(stranger); sandboxtest.ErrCode(err) != 40037 {
		t.Errorf("unknown template: %v, want 40037", err)
	}
}

// Two senders, one agreement: one message.
func TestQuotaIsSpentOnce(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	openID := s.OpenID("wang")
	if err := s.GrantSubscription(openID, s.Credentials().Templates["overdue"], 5); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _ = mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, openID)) }) // most are refused
	}
	wg.Wait()
	if n := len(s.Messages(openID)); n != 5 {
		t.Errorf("%d messages for 5 agreements", n)
	}
}

func TestTokensDie(t *testing.T) {
	for _, stable := range []bool{true, false} {
		s := sandboxtest.Start(t, sandbox.Config{})
		mp, store := sandboxtest.MiniProgram(t, s, stable)
		link := func() error {
			_, err := mp.GetURLLink().Generate(&urllink.ULParams{Path: "pages/pay", ExpireType: 1, ExpireInterval: 30})
			return err
		}
		if err := link(); err != nil {
			t.Fatal(err)
		}
		for _, code := range []int{40001, 40014, 42001} {
			s.InvalidateTokens(code)
			if err := link(); sandboxtest.ErrCode(err) != int64(code) || !strings.Contains(err.Error(), "rid: ") {
				t.Errorf("invalidated with %d: %v", code, err)
			}
			key := "gowechat_miniprogram__access_token_" + s.Credentials().AppID
			if stable {
				key = "gowechat_miniprogram__stable_access_token_" + s.Credentials().AppID
			}
			if err := store.Delete(key); err != nil {
				t.Fatal(err)
			}
			if err := link(); err != nil {
				t.Errorf("with a fresh token: %v", err)
			}
		}
	}
}

func TestSDKLinksAndCodes(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	link, err := mp.GetURLLink().Generate(&urllink.ULParams{Path: "pages/pay", Query: "t=1", ExpireType: 1, ExpireInterval: 7})
	if err != nil || !strings.HasPrefix(link, "https://wxaurl.cn/") {
		t.Errorf("link = %q, %v", link, err)
	}
	_, err = mp.GetURLLink().Generate(&urllink.ULParams{Path: "pages/pay", ExpireType: 1, ExpireInterval: 31})
	if sandboxtest.ErrCode(err) != 85401 {
		t.Errorf("31 days: %v, want 85401", err)
	}
	scheme, err := mp.GetSURLScheme().Generate(&urlscheme.USParams{JumpWxa: &urlscheme.JumpWxa{Path: "pages/pay"}, ExpireType: 1, ExpireInterval: 7})
	if err != nil || !strings.HasPrefix(scheme, "weixin://") {
		t.Errorf("scheme = %q, %v", scheme, err)
	}
	data, err := mp.GetQRCode().GetWXACodeUnlimit(qrcode.QRCoder{Scene: "r=101", Page: "pages/pay"})
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Dx() != 430 {
		t.Errorf("picture: %v, %v", img, err)
	}
	if _, err := mp.GetQRCode().GetWXACodeUnlimit(qrcode.QRCoder{Scene: "房号"}); err == nil || !strings.Contains(err.Error(), "40169") {
		t.Errorf("Chinese scene: %v, want 40169", err)
	}
}

func TestSDKShipping(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	paid := sandboxtest.PayOrder(t, s, "PF000001", 100)
	at := time.Now().In(sandboxtest.Shanghai).Truncate(time.Millisecond)
	request := wxorder.UploadShippingInfoRequest{
		OrderKey:      &wxorder.ShippingOrderKey{OrderNumberType: wxorder.NumberTypeOutTradeNo, Mchid: paid.MchID, OutTradeNo: "PF000001"},
		LogisticsType: wxorder.LogisticsTypeVirtual, DeliveryMode: wxorder.DeliveryModeUnifiedDelivery,
		ShippingList: []*wxorder.ShippingInfo{{ItemDesc: "物业费"}}, UploadTime: &at,
		Payer: &wxorder.ShippingPayer{Openid: paid.OpenID},
	}
	if err := mp.GetShipping().UploadShippingInfo(&request); err != nil {
		t.Fatal(err)
	}
	request.Payer.Openid = "oSomebodyElse"
	if err := mp.GetShipping().UploadShippingInfo(&request); sandboxtest.ErrCode(err) != 10060031 {
		t.Errorf("other payer: %v, want 10060031", err)
	}
	request.OrderKey.OutTradeNo = "NOBODY01"
	if err := mp.GetShipping().UploadShippingInfo(&request); sandboxtest.ErrCode(err) != 10060001 {
		t.Errorf("no such order: %v, want 10060001", err)
	}
}

func TestAppFaults(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	if err := s.GrantSubscription(s.OpenID("wang"), s.Credentials().Templates["overdue"], 9); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		fault  sandbox.Fault
		code   int64
		effect bool
	}{
		{sandbox.Fault{Kind: sandbox.FaultSystemError}, -1, false},
		{sandbox.Fault{Kind: sandbox.FaultSystemErrorAfter}, -1, true},
		{sandbox.Fault{Kind: sandbox.FaultFrequency}, 45009, false},
		{sandbox.Fault{Kind: sandbox.FaultError, ErrCode: 43108}, 43108, false},
		{sandbox.Fault{Kind: sandbox.FaultBadGateway}, 0, false},
		{sandbox.Fault{Kind: sandbox.FaultCutBefore}, 0, false},
		{sandbox.Fault{Kind: sandbox.FaultTimeoutAfter, Delay: time.Millisecond}, 0, true},
		{sandbox.Fault{Kind: sandbox.FaultTruncated}, 0, true},
	}
	for _, test := range tests {
		before := len(s.Messages(""))
		test.fault.Route = sandbox.RouteSubscribe
		if _, err := s.Inject(test.fault); err != nil {
			t.Fatal(err)
		}
		err := mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, s.OpenID("wang")))
		if err == nil || sandboxtest.ErrCode(err) != test.code {
			t.Errorf("%s: %v, want errcode %d", test.fault.Kind, err, test.code)
		}
		if got := len(s.Messages("")) > before; got != test.effect {
			t.Errorf("%s: message arrived %v, want %v", test.fault.Kind, got, test.effect)
		}
	}
}

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
