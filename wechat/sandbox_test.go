package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wuyepay/sandbox"
	"wuyepay/wechat"
	"wuyepay/wechat/wechattest"
)

func newBox(t *testing.T) (*sandbox.Server, *wechat.Client) {
	t.Helper()
	box, err := sandbox.Start(context.Background(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	return box, newClient(t, box)
}

func newClient(t *testing.T, box *sandbox.Server) *wechat.Client {
	t.Helper()
	made := box.Credentials()
	c, err := wechat.New(wechat.Config{
		AppID: made.AppID, AppSecret: made.AppSecret, BaseURL: box.URL(), MessageToken: made.MessageToken,
		MessageAESKey: made.MessageAESKey, Timeout: hangs,
	}, wechattest.NewTokens())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoginAndPhoneInTheSandbox(t *testing.T) {
	t.Parallel()
	box, c := newBox(t)
	ctx := context.Background()
	li := box.OpenID("li")
	code := box.MintLoginCode(li)
	if id, err := c.Login(ctx, code); err != nil || id.OpenID != li {
		t.Errorf("login: %+v, %v", id, err)
	}
	if _, err := c.Login(ctx, code); !errors.Is(err, wechat.ErrCodeInvalid) {
		t.Errorf("the same code again: %v", err)
	}
	code = box.MintPhoneCode("13800138000")
	if phone, err := c.Phone(ctx, code); err != nil || phone != "13800138000" {
		t.Errorf("phone: %q, %v", phone, err)
	}
	if _, err := c.Phone(ctx, code); !errors.Is(err, wechat.ErrCodeInvalid) {
		t.Errorf("the same code again: %v", err)
	}
	if _, err := c.Phone(ctx, box.MintLoginCode(li)); !errors.Is(err, wechat.ErrCodeInvalid) {
		t.Errorf("a login code for a phone: %v", err)
	}
}

func overdue(box *sandbox.Server) wechat.Message {
	return wechat.Message{OpenID: box.OpenID("li"), TemplateID: box.Credentials().Templates["overdue"],
		Page: "pages/room/index?id=1", Data: map[string]string{
			"thing1": wechat.FitKeyword("thing1", "阳光花园二期南区商业街底商3栋2单元1201室"), "amount2": wechat.FitKeyword("amount2", "1,234.50元"),
			"number3": wechat.FitKeyword("number3", "31"), "thing4": wechat.FitKeyword("thing4", ""),
		}}
}

func TestSendInTheSandbox(t *testing.T) {
	t.Parallel()
	box, c := newBox(t)
	ctx := context.Background()
	m := overdue(box)
	if err := c.Send(ctx, m); !errors.Is(err, wechat.ErrNotSubscribed) {
		t.Errorf("without agreement: %v", err)
	}
	if err := box.GrantSubscription(m.OpenID, m.TemplateID, 10); err != nil {
		t.Fatal(err)
	}
	for i, code := range []int{0, 40001, 40014, 42001} {
		if code != 0 {
			box.InvalidateTokens(code)
		}
		if err := c.Send(ctx, m); err != nil {
			t.Errorf("after %d: %v", code, err)
		}
		if got := len(box.Messages(m.OpenID)); got != i+1 {
			t.Errorf("after %d: %d messages on the phone, want %d", code, got, i+1)
		}
	}
	if got := box.Messages(m.OpenID)[0].Values["amount2"]; got != "1234.50元" {
		t.Errorf("amount on the phone: %q", got)
	}
	bad := overdue(box)
	bad.TemplateID = "nothing"
	if err := c.Send(ctx, bad); !errors.Is(err, wechat.ErrTemplate) {
		t.Errorf("unknown template: %v", err)
	}
	bad = overdue(box)
	bad.Data["thing1"] = strings.Repeat("字", 21)
	if err := c.Send(ctx, bad); !errors.Is(err, wechat.ErrTemplate) {
		t.Errorf("too long: %v", err)
	}
	bad = overdue(box)
	bad.OpenID = "nobody"
	if err := c.Send(ctx, bad); !errors.Is(err, wechat.ErrOpenID) {
		t.Errorf("nobody: %v", err)
	}
	if left := box.Quota(m.OpenID, m.TemplateID); left != 6 {
		t.Errorf("%d agreements left, want 6", left)
	}
}

// hangs is how long a test waits for what comes, however slow the machine is.
const hangs = 5 * time.Minute

// untilStruck returns a context that ends once no fault is left to strike: what a
// fault holds up is given up, and nothing before it.
func untilStruck(t *testing.T, box *sandbox.Server) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for len(box.Faults()) > 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}()
	return ctx
}

// TestFaultsInTheSandbox spoils each call; the answer must be ErrUnavailable and clean.
func TestFaultsInTheSandbox(t *testing.T) {
	t.Parallel()
	box, _ := newBox(t)
	c := newClient(t, box)
	ctx := context.Background()
	m := overdue(box)
	if err := box.GrantSubscription(m.OpenID, m.TemplateID, 100); err != nil {
		t.Fatal(err)
	}
	if err := c.Send(ctx, m); err != nil { // fetches the token
		t.Fatal(err)
	}
	made := box.Credentials()
	calls := map[sandbox.Route]func(context.Context) error{
		sandbox.RouteLogin:     func(ctx context.Context) error { _, err := c.Login(ctx, box.MintLoginCode(m.OpenID)); return err },
		sandbox.RoutePhone:     func(ctx context.Context) error { _, err := c.Phone(ctx, box.MintPhoneCode("13800138000")); return err },
		sandbox.RouteSubscribe: func(ctx context.Context) error { return c.Send(ctx, m) },
		sandbox.RouteURLLink: func(ctx context.Context) error {
			_, err := c.URLLink(ctx, wechat.Link{Path: "pages/share/index", Query: "t=1", Days: 7})
			return err
		},
		sandbox.RouteQRCode: func(ctx context.Context) error {
			_, err := c.QRCode(ctx, wechat.Code{Scene: "t=1", Page: "pages/share/index"})
			return err
		},
	}
	for route, call := range calls {
		for _, kind := range []sandbox.FaultKind{
			sandbox.FaultTimeoutBefore, sandbox.FaultTimeoutAfter, sandbox.FaultCutAfter, sandbox.FaultFrequency,
			sandbox.FaultSystemError, sandbox.FaultBadGateway, sandbox.FaultTruncated,
		} {
			if _, err := box.Inject(sandbox.Fault{Kind: kind, Route: route, Delay: hangs}); err != nil {
				t.Fatal(err)
			}
			spoiled := ctx
			if kind == sandbox.FaultTimeoutBefore || kind == sandbox.FaultTimeoutAfter {
				spoiled = untilStruck(t, box)
			}
			err := call(spoiled)
			if !errors.Is(err, wechat.ErrUnavailable) && !(err == nil && kind == sandbox.FaultCutAfter) {
				// A GET that was cut is repeated by Go itself; its code is then used up.
				if !(route == sandbox.RouteLogin && kind == sandbox.FaultCutAfter && errors.Is(err, wechat.ErrCodeInvalid)) {
					t.Errorf("%s %s: %v", route, kind, err)
				}
			}
			for _, secret := range []string{made.AppSecret, "access_token", "http", "13800138000", m.OpenID} {
				if err != nil && strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
					t.Errorf("%s %s: text shows %q: %v", route, kind, secret, err)
				}
			}
			box.ClearFaults()
		}
		if err := call(ctx); err != nil {
			t.Errorf("%s afterwards: %v", route, err)
		}
	}
}

// pushHost is what a front door does with pushes.
func pushHost(c *wechat.Client, got chan<- wechat.Push, refused *atomic.Int32) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			if echo, ok := c.VerifyURL(r.URL.Query()); ok {
				_, _ = io.WriteString(w, echo)
				return
			}
			w.WriteHeader(http.StatusForbidden)
			return
		}
		body, _ := io.ReadAll(r.Body)
		p, err := c.ParsePush(r.URL.Query(), r.Header.Get("Content-Type"), body)
		if err != nil {
			refused.Add(1)
			w.WriteHeader(http.StatusForbidden)
			return
		}
		got <- p
		_, _ = io.WriteString(w, wechat.PushReply)
	}
}

func TestPushesOfTheSandbox(t *testing.T) {
	t.Parallel()
	box, c := newBox(t)
	got := make(chan wechat.Push, 10)
	var refused atomic.Int32
	host := httptest.NewServer(pushHost(c, got, &refused))
	t.Cleanup(host.Close)
	ctx := context.Background()
	if err := box.CheckMessageURL(ctx, host.URL+"/wechat/message"); err != nil {
		t.Fatalf("the check of the address: %v", err)
	}
	box.SetMessageURL(host.URL + "/wechat/message")
	li, template := box.OpenID("li"), box.Credentials().Templates["overdue"]
	for _, e := range []sandbox.Event{
		{Kind: sandbox.EventPopup, Status: "accept"}, {Kind: sandbox.EventChange, Status: "reject", XML: true},
		{Kind: sandbox.EventSent, MsgID: 7, Array: true}, {Kind: sandbox.EventSent, MsgID: 7, XML: true},
	} {
		e.OpenID, e.TemplateID = li, template
		if err := box.PushEvent(ctx, e); err != nil {
			t.Errorf("%+v: %v", e, err)
			continue
		}
		p := <-got
		if p.Event != e.Kind || p.OpenID != li || len(p.Subscriptions) != 1 || p.Subscriptions[0].TemplateID != template ||
			p.Subscriptions[0].Status != e.Status || (e.MsgID == 7) != (p.Subscriptions[0].MsgID == "7") {
			t.Errorf("%+v came as %+v", e, p)
		}
	}
	// With a key configured, a plain push proves nothing about its body.
	plain := sandbox.Event{Kind: sandbox.EventPopup, OpenID: li, TemplateID: template, Status: "accept", Plain: true}
	if err := box.PushEvent(ctx, plain); err == nil {
		t.Error("a plain push was taken")
	}
	// A forged one is refused; the sandbox then sends the true one.
	before := refused.Load()
	if _, err := box.Inject(sandbox.Fault{Kind: sandbox.FaultForged, Route: sandbox.RouteMessagePush}); err != nil {
		t.Fatal(err)
	}
	if err := box.PushEvent(ctx, sandbox.Event{Kind: sandbox.EventPopup, OpenID: li, TemplateID: template, Status: "accept"}); err != nil {
		t.Error(err)
	}
	if refused.Load() != before+1 || len(got) != 1 {
		t.Errorf("%d refused, %d taken, want 1 and 1", refused.Load()-before, len(got))
	}
}
