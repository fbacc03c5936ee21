package handlers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"wuyepay/handlers"
	"wuyepay/models"
	"wuyepay/sandbox"
)

// One switch says which status each kind of refusal has. Only what WeChat keeps from us is
// worth trying again a little later.
func TestStatusOfEachKind(t *testing.T) {
	kinds := map[models.Kind]int{models.KindInvalid: 400, models.KindUnauthorized: 401, models.KindForbidden: 403, models.KindNotFound: 404,
		models.KindConflict: 409, models.KindUnprocessable: 422, models.KindTooMany: 429, models.KindUnavailable: 503}
	for kind := models.KindInvalid; kind <= models.KindUnavailable; kind++ {
		var logs bytes.Buffer
		cause := errors.New("a cause that nobody is told")
		err := fmt.Errorf("while paying: %w", models.Refusal(kind, "SOME_CODE", "原因").With("detail").Because(cause))
		f := handlers.Fail(models.WithRequestID(context.Background(), requestID), slog.New(slog.NewTextHandler(&logs, nil)), err)
		if f.GetStatus() != kinds[kind] || f.GetStatus() == 0 {
			t.Errorf("kind %d: status %d, want %d", kind, f.GetStatus(), kinds[kind])
		}
		want := `{"code":"SOME_CODE","message":"原因","request_id":"` + requestID + `","details":["detail"]}`
		if have, err := json.Marshal(f); string(have) != want || err != nil {
			t.Errorf("kind %d: %s, want %s", kind, have, want)
		}
		unavailable := kind == models.KindUnavailable
		if later := f.GetHeaders().Get("Retry-After"); (later == "5") != unavailable || (later == "") == unavailable {
			t.Errorf("kind %d: Retry-After %q", kind, later)
		}
		if logged := strings.Contains(logs.String(), cause.Error()); logged != unavailable {
			t.Errorf("kind %d: logged %q", kind, &logs)
		}
		if f.Error() != "SOME_CODE: 原因" {
			t.Errorf("as an error: %q", f)
		}
	}
}

// An error that is no refusal is a fault of ours: its text is for the log alone.
func TestAFaultOfOurs(t *testing.T) {
	var logs bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logs, nil))
	f := handlers.Fail(context.Background(), log, errors.New("disk full"))
	if have, _ := json.Marshal(f); f.GetStatus() != 500 || string(have) != `{"code":"INTERNAL","message":"系统繁忙，请稍后再试","request_id":""}` {
		t.Errorf("%d %s", f.GetStatus(), have)
	}
	if !strings.Contains(logs.String(), "disk full") || f.GetHeaders() != nil {
		t.Errorf("logged %q, headers %v", &logs, f.GetHeaders())
	}
	if again := handlers.Fail(context.Background(), log, fmt.Errorf("once more: %w", f)); again != f {
		t.Errorf("a failure is turned into %v", again)
	}
}

// What the library finds wrong by itself is told in the same form, and a fault of its own
// shows nothing of it.
func TestFailuresOfTheLibrary(t *testing.T) {
	handlers.NewHuma(http.NewServeMux())
	for _, x := range []struct {
		status  int
		message string
		want    int
		body    string
	}{
		{422, "validation failed", 400,
			`{"code":"INVALID_REQUEST","message":"请求内容有误","request_id":"","details":[{"field":"body","message":"不是有效的 JSON"}]}`},
		{400, "", 400, `{"code":"INVALID_REQUEST","message":"请求内容有误","request_id":""}`},
		{400, "request body is required", 400,
			`{"code":"INVALID_REQUEST","message":"请求内容有误","request_id":"","details":[{"field":"body","message":"缺少请求内容"}]}`},
		{413, "request body is too large limit=1", 413,
			`{"code":"REQUEST_TOO_LARGE","message":"请求内容过大","request_id":"","details":[{"field":"body","message":"请求内容过大"}]}`},
		{500, "cannot marshal secret", 500, `{"code":"INTERNAL","message":"系统繁忙，请稍后再试","request_id":""}`},
	} {
		f := huma.NewError(x.status, x.message)
		if have, _ := json.Marshal(f); f.GetStatus() != x.want || string(have) != x.body {
			t.Errorf("%d %q: %d %s, want %d %s", x.status, x.message, f.GetStatus(), have, x.want, x.body)
		}
	}
}

// Where the database fails every call answers alike, and tells nothing of it.
func TestEveryCallWithoutADatabase(t *testing.T) {
	f := newFront(t)
	p := f.as(f.Home(0).User)
	doors := f.broken()
	for _, op := range operations(f) {
		if op == "POST /session" { // asks WeChat first
			continue
		}
		method, path, _ := strings.Cut(op, " ")
		a := p.sendTo(doors, method, path, nil)
		a.must(500).wants(t, `{"code":"INTERNAL","message":"系统繁忙，请稍后再试","request_id":"`+requestID+`"}`)
	}
	a := p.sendTo(doors, "POST", "/session", object{"code": "dev-wang"})
	a.must(500).wants(t, `{"code":"INTERNAL","message":"系统繁忙，请稍后再试","request_id":"`+requestID+`"}`)
}

// Where WeChat does not answer, what needs it says so, and the rest goes on.
func TestWithoutWechat(t *testing.T) {
	f := newFront(t)
	h := f.Home(2)
	p := f.as(h.User)
	no := h.Order(0, 0).Order.No
	token := p.shares(h, 1).text("token")
	for _, route := range []sandbox.Route{sandbox.RoutePrepay, sandbox.RouteQuery, sandbox.RouteClose, sandbox.RouteQRCode} {
		f.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: route, Times: 99})
	}
	p.order("/orders", pays(h, 0, 1)).refused(503, "WECHAT_UNAVAILABLE")
	p.order("/shares/"+token+"/orders", object{"expected_total_fen": h.Due(1)}).refused(503, "WECHAT_UNAVAILABLE")
	p.send("POST", "/orders/"+no+"/close", nil).refused(503, "WECHAT_UNAVAILABLE")
	p.send("GET", "/shares/"+token+"/code", nil).refused(503, "WECHAT_UNAVAILABLE")
	f.Clock.Advance(5e9)
	if o := p.get("/orders/" + no); o.text("status") != "pending" {
		t.Errorf("the order is shown as %v", o["status"])
	}
	p.get("/rooms/" + h.Room.ID + "/arrears")
	p.get("/shares/" + token)
}
