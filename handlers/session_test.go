package handlers_test

import (
	"strings"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/sandbox"
)

// signIn signs a person of the sandbox in, as their phone does.
func (f *front) signIn(name string) *phone {
	f.t.Helper()
	p := &phone{f: f}
	p.token = p.send("POST", "/session", object{"code": "dev-" + name}).must(200).text("token")
	return p
}

func TestSignIn(t *testing.T) {
	f := newFront(t)
	first := (&phone{f: f}).send("POST", "/session", object{"code": "dev-wang"}).must(200)
	if len(first.list("rooms")) != 0 || first.text("user", "phone_masked") != "" || first.text("user", "id") == "" {
		t.Errorf("the first sign-in: %v", first)
	}
	expires, err := time.Parse(time.RFC3339, first.text("expires_at"))
	if left := time.Until(expires); err != nil || left < 30*24*time.Hour-time.Hour || left > 30*24*time.Hour ||
		!strings.HasSuffix(first.text("expires_at"), "+08:00") {
		t.Errorf("expires at %v: %v", first["expires_at"], err)
	}
	p := &phone{f, first.text("token")}
	room := modelstest.Room(t, f.Db)
	modelstest.Bill(t, f.Db, room)
	owner, err := estate.RoomOwners(f.Db.View(t.Context()), room.ID, f.Db.Today())
	if err != nil {
		t.Fatal(err)
	}
	number, err := estate.OwnerPhone(f.Db.View(t.Context()), owner[0])
	if err != nil {
		t.Fatal(err)
	}
	given := p.send("POST", "/phone", object{"code": "phone-" + number}).must(200)
	masked := number[:3] + "****" + number[7:]
	if given.text("phone_masked") != masked || given.text("rooms", 0, "id") != room.ID || given.fen("rooms", 0, "due_fen") != 12949 {
		t.Errorf("the phone number binds %v", given)
	}
	again := (&phone{f: f}).send("POST", "/session", object{"code": "dev-wang"}).must(200)
	if again.at("user", "id") != first.at("user", "id") || again.text("user", "phone_masked") != masked || len(again.list("rooms")) != 1 {
		t.Errorf("the second sign-in: %v", again)
	}
	p.get("/rooms") // the first phone stays signed in
	if n := f.Number("SELECT COUNT(*) FROM sessions WHERE token_hash = ?", office.TokenHash(p.token)); n != 1 || len(p.token) < 43 {
		t.Errorf("%d sessions of token %q", n, p.token)
	}
	if logs := f.Logs.String(); strings.Contains(logs, number) || strings.Contains(logs, p.token) {
		t.Errorf("the log tells a phone number or a token: %s", logs)
	}
}

// What WeChat says of a code is told in three ways: the code is bad, the user is blocked,
// or WeChat cannot be asked.
func TestCodesThatWechatRefuses(t *testing.T) {
	f := newFront(t)
	p := f.signIn("wang")
	for _, x := range []struct {
		name, path string
		fault      sandbox.Fault
		status     int
		code       string
	}{
		{"bad login code", "/session", sandbox.Fault{Route: sandbox.RouteLogin, ErrCode: 40029}, 401, "LOGIN_CODE_INVALID"},
		{"used login code", "/session", sandbox.Fault{Route: sandbox.RouteLogin, ErrCode: 40163}, 401, "LOGIN_CODE_INVALID"},
		{"blocked user", "/session", sandbox.Fault{Route: sandbox.RouteLogin, ErrCode: 40226}, 403, "USER_BLOCKED"},
		{"wrong secret", "/session", sandbox.Fault{Route: sandbox.RouteLogin, ErrCode: 40125}, 503, "WECHAT_UNAVAILABLE"},
		{"busy", "/session", sandbox.Fault{Route: sandbox.RouteLogin, ErrCode: -1}, 503, "WECHAT_UNAVAILABLE"},
		{"bad phone code", "/phone", sandbox.Fault{Route: sandbox.RoutePhone, ErrCode: 40029}, 422, "PHONE_CODE_INVALID"},
		{"too many phone numbers", "/phone", sandbox.Fault{Route: sandbox.RoutePhone, ErrCode: 45009}, 503, "WECHAT_UNAVAILABLE"},
	} {
		f.run(x.name, func(t *testing.T) {
			x.fault.Kind, x.fault.Times = sandbox.FaultError, 1
			f.Inject(x.fault)
			a := p.send("POST", x.path, object{"code": "dev-wang"})
			a.refused(x.status, x.code)
			if later := a.Header.Get("Retry-After"); (later == "5") != (x.status == 503) {
				t.Errorf("Retry-After %q", later)
			}
			f.Box.ClearFaults()
		})
	}
	p.send("POST", "/session", object{"code": "nobody"}).refused(401, "LOGIN_CODE_INVALID")
	p.send("POST", "/phone", object{"code": "nobody"}).refused(422, "PHONE_CODE_INVALID")
	if n := f.Number("SELECT COUNT(*) FROM sessions"); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// A room is bound by its owner's name and the last digits of their phone. Whatever does not
// match answers alike, and after some tries nothing is answered.
func TestBindByForm(t *testing.T) {
	f := newFront(t)
	room := modelstest.Room(t, f.Db, func(r *estate.Room) {
		r.Code, r.Building, r.Unit, r.Number = "A-1-101", "A座", "1单元", "101"
	})
	other := modelstest.Room(t, f.Db, func(r *estate.Room) { r.Code = "A-1-102" })
	modelstest.Bill(t, f.Db, room)
	owner, err := estate.RoomOwners(f.Db.View(t.Context()), room.ID, f.Db.Today())
	if err != nil {
		t.Fatal(err)
	}
	last4 := owner[0].PhoneLast4
	p := f.signIn("child")
	community := p.get("/communities?q=" + "%E6%B5%8B%E8%AF%95").list("communities")
	if len(community) != 1 || community[0].text("name") != "测试小区" || len(p.get("/communities?q=none").list("communities")) != 0 {
		t.Fatalf("communities %v", community)
	}
	form := func(code, name, digits string) object {
		return object{"community_id": community[0].text("id"), "room_code": code, "owner_name": name, "phone_last4": digits}
	}
	bound := p.send("POST", "/rooms/bind", form("a座1单元101室", "王小明", last4)).must(200)
	bound.wants(t, named(`{"id":"$id","community":"测试小区","building":"A座","unit":"1单元","number":"101","room_code":"A-1-101",
		"display_name":"测试小区 A座1单元101","role":"owner","due_fen":12949,"overdue_bills":1,"prepaid_fen":0}`, "id", room.ID))
	p.send("POST", "/rooms/bind", form("A-1-101", "王小明", last4)).must(200) // once more is no fault
	if rooms := p.get("/rooms").list("rooms"); len(rooms) != 1 {
		t.Errorf("bound to %v", rooms)
	}
	var said string
	for _, x := range []object{form("A-1-101", "王小", last4), form("A-1-101", "王小明", "9999"), form("Z-9-999", "王小明", last4),
		form(other.Code, "王小明", last4), {"community_id": "none", "room_code": "A-1-101", "owner_name": "王小明", "phone_last4": last4}} {
		a := p.send("POST", "/rooms/bind", x)
		a.refused(422, "BINDING_MISMATCH")
		if said == "" {
			said = a.Body
		}
		if a.Body != said {
			t.Errorf("%v answers otherwise: %s, %s", x, a.Body, said)
		}
	}
	p.send("POST", "/rooms/bind", form("A-1-101", "王小明", last4)).refused(429, "TOO_MANY_ATTEMPTS")
	f.signIn("other").send("POST", "/rooms/bind", form("A-1-101", "王小明", last4)).must(200)

	if a := p.send("DELETE", "/rooms/"+room.ID+"/binding", nil); a.Status != 204 || a.Body != "" {
		t.Errorf("unbound: %d %q", a.Status, a.Body)
	}
	p.send("DELETE", "/rooms/"+room.ID+"/binding", nil).refused(404, "NOT_FOUND")
	p.send("GET", "/rooms/"+room.ID+"/arrears", nil).refused(404, "NOT_FOUND")
	if text := p.send("GET", "/rooms", nil); text.Body != "{\"rooms\":[]}\n" {
		t.Errorf("no rooms are %q", text.Body)
	}
}

// At most a hundred communities are listed, by name.
func TestCommunitiesAreBounded(t *testing.T) {
	f := newFront(t)
	for i := range 101 {
		modelstest.Community(t, f.Db, "小区"+models.NewDate(2000, 1, 1+i).String())
	}
	list := f.signIn("wang").get("/communities").list("communities")
	if len(list) != 100 {
		t.Errorf("%d communities", len(list))
	}
	for i := 1; i < len(list); i++ {
		if list[i-1].text("name") >= list[i].text("name") {
			t.Fatalf("%v before %v", list[i-1], list[i])
		}
	}
}
