package wechat

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(*Config){
		"":                            func(*Config) {},
		"miniprogram.app_id":          func(c *Config) { c.AppID = "" },
		"miniprogram.app_secret":      func(c *Config) { c.AppSecret = "" },
		"miniprogram.base_url":        func(c *Config) { c.BaseURL = "https://secretvalue@host" },
		"miniprogram.message_aes_key": func(c *Config) { c.MessageAESKey = "secretvalue" },
		"miniprogram.message_token":   func(c *Config) { c.MessageAESKey, c.MessageToken = testAESKey, "" },
		"miniprogram.timeout":         func(c *Config) { c.Timeout = -1 },
	} {
		cfg := testConfig("")
		change(&cfg)
		faults := cfg.Validate()
		if key == "" {
			if len(faults) != 0 {
				t.Errorf("unexpected %v", faults)
			}
			continue
		}
		if len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), key+": ") || strings.Contains(faults[0].Error(), "secretvalue") {
			t.Errorf("%s: %v", key, faults)
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reply string
		status      int
		want        Kind
		code        int64
	}{
		{"good", `{"openid":"oAbc","unionid":"uAbc","session_key":"secret"}`, 200, "", 0},
		{"wrong code", `{"errcode":40029,"errmsg":"invalid code CODE rid: 1"}`, 200, ErrCodeInvalid, 40029},
		{"used code", `{"errcode":40163,"errmsg":"code been used"}`, 200, ErrCodeInvalid, 40163},
		{"blocked", `{"errcode":40226,"errmsg":"high risk"}`, 200, ErrUserBlocked, 40226},
		{"busy", `{"errcode":-1,"errmsg":"busy"}`, 200, ErrUnavailable, -1},
		{"too often", `{"errcode":45011,"errmsg":"limit"}`, 200, ErrUnavailable, 45011},
		{"app id", `{"errcode":40013,"errmsg":"invalid appid"}`, 200, ErrCredential, 40013},
		{"secret", `{"errcode":40125,"errmsg":"invalid appsecret 0123456789abcdef0123456789abcdef"}`, 200, ErrCredential, 40125},
		{"something new", `{"errcode":99999}`, 200, ErrRefused, 99999},
		{"nobody", `{"openid":""}`, 200, ErrUnavailable, 0},
		{"a page", `<html>`, 200, ErrUnavailable, 0},
		{"502", `bad gateway`, 502, ErrUnavailable, 0},
		{"redirect", ``, 302, ErrUnavailable, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.raw("/sns/jscode2session", func(int, *http.Request, string) (int, string, string) {
				return tt.status, "text/plain", tt.reply
			})
			id, err := newTestClient(t, testConfig(f.URL)).Login(context.Background(), "CODE_1-x")
			clean(t, err)
			var e *Error
			if errors.As(err, &e); KindOf(err) != tt.want || e != nil && e.Code != tt.code {
				t.Fatalf("%+v, %v, want %q %d", id, err, tt.want, tt.code)
			}
			if err == nil && (id != Identity{OpenID: "oAbc", UnionID: "uAbc"}) {
				t.Errorf("identity %+v", id)
			}
			want := "appid=" + testAppID + "&secret=" + testSecret + "&js_code=CODE_1-x&grant_type=authorization_code\n"
			if f.last["/sns/jscode2session"] != want {
				t.Errorf("sent %q", f.last["/sns/jscode2session"])
			}
		})
	}
}

func TestCodesThatWouldChangeTheAddress(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newTestClient(t, testConfig(f.URL))
	for _, code := range []string{"", "a&secret=x", "a b", "a#b", "a%26", "代码", "a\n", strings.Repeat("x", 257)} {
		if _, err := c.Login(context.Background(), code); !errors.Is(err, ErrCodeInvalid) {
			t.Errorf("login %q: %v", code, err)
		}
		if _, err := c.Phone(context.Background(), code); !errors.Is(err, ErrCodeInvalid) {
			t.Errorf("phone %q: %v", code, err)
		}
	}
	if f.count("/sns/jscode2session")+f.count("/cgi-bin/stable_token") != 0 {
		t.Error("something was sent")
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	info := func(pure, country, appID string) string {
		return fmt.Sprintf(`{"errcode":0,"phone_info":{"phoneNumber":"+x","purePhoneNumber":%q,"countryCode":%s,`+
			`"watermark":{"timestamp":1,"appid":%q}}}`, pure, country, appID)
	}
	for name, tt := range map[string]struct {
		reply, want string
		kind        Kind
	}{
		"text":          {info("13800138000", `"86"`, testAppID), "13800138000", ""},
		"number":        {info("13800138000", `86`, testAppID), "13800138000", ""},
		"Hong Kong":     {info("61234567", `"852"`, testAppID), "+85261234567", ""},
		"with plus":     {info("61234567", `"+852"`, testAppID), "+85261234567", ""},
		"another app":   {info("13800138000", `"86"`, "wxother"), "", ErrRefused},
		"short":         {info("1380013", `"86"`, testAppID), "", ErrUnavailable},
		"odd country":   {info("61234567", `"x"`, testAppID), "", ErrUnavailable},
		"nothing":       {`{"errcode":0}`, "", ErrUnavailable},
		"used code":     {`{"errcode":40029,"errmsg":"CODE"}`, "", ErrCodeInvalid},
		"a page":        {`<html>13800138000`, "", ErrUnavailable},
		"country array": {info("13800138000", `[86]`, testAppID), "", ErrUnavailable},
	} {
		f := newFake(t)
		f.on("/wxa/business/getuserphonenumber", func(int, *http.Request, string) string { return tt.reply })
		got, err := newTestClient(t, testConfig(f.URL)).Phone(context.Background(), "CODE1")
		clean(t, err)
		if got != tt.want || KindOf(err) != tt.kind {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if sent := f.last["/wxa/business/getuserphonenumber"]; sent != "access_token=TOKEN1\n{\"code\":\"CODE1\"}\n" {
			t.Errorf("%s: sent %q", name, sent)
		}
	}
}

func TestSendRecoversOnceFromARejectedToken(t *testing.T) {
	t.Parallel()
	const path = "/cgi-bin/message/subscribe/send"
	message := Message{OpenID: "oAbc", TemplateID: "T", Page: "pages/a?b=1", Data: map[string]string{"thing1": "1-101"}}
	for _, code := range []int{40001, 40014, 42001} {
		f := newFake(t)
		f.on(path, func(_ int, r *http.Request, _ string) string {
			if r.URL.Query().Get("access_token") == "TOKEN1" {
				return fmt.Sprintf(`{"errcode":%d,"errmsg":"invalid credential TOKEN1 rid: x"}`, code)
			}
			return `{"errcode":0,"errmsg":"ok","msgid":1}`
		})
		c := newTestClient(t, testConfig(f.URL))
		for range 3 {
			if err := c.Send(context.Background(), message); err != nil {
				t.Errorf("%d: %v", code, err)
			}
		}
		if f.count(path) != 4 || f.count("/cgi-bin/stable_token") != 2 {
			t.Errorf("%d: %d sends, %d tokens", code, f.count(path), f.count("/cgi-bin/stable_token"))
		}
		want := "access_token=TOKEN2\n" + `{"touser":"oAbc","template_id":"T","page":"pages/a?b=1",` +
			`"data":{"thing1":{"value":"1-101","color":""}},"miniprogram_state":"","lang":""}` + "\n"
		if f.last[path] != want {
			t.Errorf("sent %q", f.last[path])
		}
	}
	f := newFake(t)
	f.on(path, func(int, *http.Request, string) string { return `{"errcode":40001,"errmsg":"x"}` })
	err := newTestClient(t, testConfig(f.URL)).Send(context.Background(), message)
	if clean(t, err); !errors.Is(err, ErrCredential) || f.count(path) != 2 {
		t.Errorf("still rejected: %v after %d sends", err, f.count(path))
	}
}

func TestForcedRenewalWhenWeChatRepeatsTheRejectedToken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("/cgi-bin/stable_token", func(_ int, _ *http.Request, body string) string {
		if strings.Contains(body, `"force_refresh":true`) {
			return `{"access_token":"FRESH","expires_in":7200}`
		}
		return `{"access_token":"OLD","expires_in":7200}`
	})
	f.on("/cgi-bin/message/subscribe/send", func(_ int, r *http.Request, _ string) string {
		if r.URL.Query().Get("access_token") == "OLD" {
			return `{"errcode":40001}`
		}
		return `{"errcode":0}`
	})
	c := newTestClient(t, testConfig(f.URL))
	if err := c.Send(context.Background(), Message{OpenID: "oAbc", TemplateID: "T", Data: map[string]string{"thing1": "x"}}); err != nil {
		t.Fatal(err)
	}
	if got := f.count("/cgi-bin/stable_token"); got != 3 {
		t.Errorf("%d token calls, want first, repeat, forced", got)
	}
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newTestClient(t, testConfig(f.URL))
	message := Message{OpenID: "oAbc", TemplateID: "T", Data: map[string]string{"thing1": "x"}}
	for code, want := range map[int]Kind{
		43101: ErrNotSubscribed, 40003: ErrOpenID, 40037: ErrTemplate, 41030: ErrTemplate, 47003: ErrTemplate, 45168: ErrTemplate,
		45009: ErrUnavailable, 43108: ErrUnavailable, -1: ErrUnavailable, 43107: ErrRefused, 40013: ErrCredential,
	} {
		f.on("/cgi-bin/message/subscribe/send", func(int, *http.Request, string) string {
			return fmt.Sprintf(`{"errcode":%d,"errmsg":"oAbc rid: 1"}`, code)
		})
		err := c.Send(context.Background(), message)
		clean(t, err)
		if !errors.Is(fmt.Errorf("wrapped: %w", err), want) {
			t.Errorf("%d: %v, want %v", code, err, want)
		}
		if final(err) != (want == ErrNotSubscribed || want == ErrOpenID || want == ErrTemplate) {
			t.Errorf("%d: final = %v", code, final(err))
		}
	}
	before := f.count("/cgi-bin/message/subscribe/send")
	for _, m := range []Message{
		{TemplateID: "T", Data: message.Data}, {OpenID: "o", Data: message.Data}, {OpenID: "o", TemplateID: "T"},
		{OpenID: "o", TemplateID: "T", Data: map[string]string{"date4": ""}},
	} {
		if err := c.Send(context.Background(), m); !final(err) {
			t.Errorf("%+v: %v", m, err)
		}
	}
	if f.count("/cgi-bin/message/subscribe/send") != before {
		t.Error("a message that cannot be right was sent")
	}
}

// nobodyThere returns an address that is held and not listened on: the near end of a
// connection.
func nobodyThere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	held, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() })
	return held.LocalAddr().String()
}

func TestEveryCallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	block := func(_ int, r *http.Request, _ string) string {
		select {
		case <-r.Context().Done():
		case <-time.After(hangs):
		}
		return `{"errcode":0}`
	}
	for _, path := range []string{
		"/sns/jscode2session", "/wxa/business/getuserphonenumber", "/cgi-bin/message/subscribe/send",
		"/wxa/generate_urllink", "/wxa/getwxacodeunlimit",
	} {
		f.on(path, block)
	}
	c := newTestClient(t, testConfig(f.URL))
	for name, do := range map[string]func(context.Context) error{
		"login": func(ctx context.Context) error { _, err := c.Login(ctx, "CODE"); return err },
		"phone": func(ctx context.Context) error { _, err := c.Phone(ctx, "CODE"); return err },
		"send": func(ctx context.Context) error {
			return c.Send(ctx, Message{OpenID: "oAbc", TemplateID: "T", Data: map[string]string{"thing1": "x"}})
		},
		"link": func(ctx context.Context) error { _, err := c.URLLink(ctx, Link{Path: "p", Days: 1}); return err },
		"code": func(ctx context.Context) error { _, err := c.QRCode(ctx, Code{Scene: "s"}); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 150*time.Millisecond)
			defer cancel()
			err := do(ctx)
			clean(t, err)
			if !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
		})
	}
	dead := newTestClient(t, testConfig("http://"+nobodyThere(t)))
	_, err := dead.Login(context.Background(), "CODE")
	if clean(t, err); !errors.Is(err, ErrUnavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestTokenIsFetchedOnceAndSurvivesABrokenStore(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("/cgi-bin/message/subscribe/send", func(int, *http.Request, string) string { return `{"errcode":0}` })
	message := Message{OpenID: "oAbc", TemplateID: "T", Data: map[string]string{"thing1": "x"}}
	c := newTestClient(t, testConfig(f.URL))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := c.Send(context.Background(), message); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := f.count("/cgi-bin/stable_token"); got != 1 {
		t.Errorf("%d tokens for 20 sends at once", got)
	}
	broken, err := New(testConfig(f.URL), brokenStore{})
	if err != nil {
		t.Fatal(err)
	}
	if err := broken.Send(context.Background(), message); err != nil {
		t.Errorf("with a broken store: %v", err)
	}
	for reply, want := range map[string]Kind{
		`{"errcode":40125,"errmsg":"x"}`: ErrCredential, `{"errcode":40164}`: ErrCredential, `{"errcode":-1}`: ErrUnavailable,
		`{}`: ErrUnavailable, `<html>`: ErrUnavailable,
	} {
		f.on("/cgi-bin/stable_token", func(int, *http.Request, string) string { return reply })
		err := broken.Send(context.Background(), message)
		if clean(t, err); !errors.Is(err, want) {
			t.Errorf("%s: %v", reply, err)
		}
	}
}

// Two clients in one process must not mix, although the SDK has one HTTP client for all.
func TestClientsDoNotMix(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for i := range 4 {
		f := newFake(t)
		mine := fmt.Sprintf("MINE%d", i)
		f.on("/cgi-bin/stable_token", func(int, *http.Request, string) string {
			return `{"access_token":"` + mine + `","expires_in":7200}`
		})
		f.on("/cgi-bin/message/subscribe/send", func(_ int, r *http.Request, _ string) string {
			if r.URL.Query().Get("access_token") != mine {
				return `{"errcode":40003}`
			}
			return `{"errcode":0}`
		})
		c := newTestClient(t, testConfig(f.URL))
		for range 10 {
			wg.Go(func() {
				m := Message{OpenID: "o", TemplateID: "T", Data: map[string]string{"thing1": "x"}}
				if err := c.Send(context.Background(), m); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	left := 0
	install().tickets.Range(func(any, any) bool { left++; return true })
	if left > 50 { // other tests run at the same time; without end there would be one for each call ever made
		t.Errorf("%d tickets left", left)
	}
}

func TestLinkAndCode(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newTestClient(t, testConfig(f.URL))
	f.on("/wxa/generate_urllink", func(_ int, _ *http.Request, body string) string {
		if !strings.Contains(body, `"expire_type":1`) || !strings.Contains(body, `"expire_interval":7`) {
			return `{"errcode":85401}`
		}
		return `{"errcode":0,"url_link":"https://wxaurl.cn/abc"}`
	})
	link, err := c.URLLink(context.Background(), Link{Path: "pages/share/index", Query: "t=1", Days: 7})
	if err != nil || link != "https://wxaurl.cn/abc" {
		t.Errorf("link %q, %v", link, err)
	}
	for _, l := range []Link{{Days: 0}, {Days: 31}, {Days: 1, Query: strings.Repeat("x", 1025)}} {
		if _, err := c.URLLink(context.Background(), l); !errors.Is(err, ErrTemplate) {
			t.Errorf("%+v: %v", l, err)
		}
	}
	f.raw("/wxa/getwxacodeunlimit", func(int, *http.Request, string) (int, string, string) { return 200, "image/jpeg", "\xff\xd8jpeg" })
	image, err := c.QRCode(context.Background(), Code{Scene: "t=abc", Page: "pages/share/index"})
	if err != nil || string(image) != "\xff\xd8jpeg" {
		t.Errorf("code %q, %v", image, err)
	}
	for _, q := range []Code{
		{Scene: ""}, {Scene: "中"}, {Scene: "a%b"}, {Scene: strings.Repeat("x", 33)},
		{Scene: "x", Width: 100}, {Scene: "x", Page: "/p"},
	} {
		if _, err := c.QRCode(context.Background(), q); !errors.Is(err, ErrTemplate) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	// The SDK returns a plain error here. The code must still be found, and the token renewed.
	f.on("/wxa/getwxacodeunlimit", func(n int, _ *http.Request, _ string) string {
		if n == 2 {
			return `{"errcode":42001,"errmsg":"expired"}`
		}
		return `{"errcode":41030,"errmsg":"invalid page rid: x"}`
	})
	_, err = c.QRCode(context.Background(), Code{Scene: "t=abc"})
	if clean(t, err); !errors.Is(err, ErrTemplate) || f.count("/wxa/getwxacodeunlimit") != 3 {
		t.Errorf("bad page: %v after %d calls", err, f.count("/wxa/getwxacodeunlimit"))
	}
}

// final reports whether repeating the same message cannot help.
func final(err error) bool {
	return errors.Is(err, ErrNotSubscribed) || errors.Is(err, ErrOpenID) || errors.Is(err, ErrTemplate)
}
