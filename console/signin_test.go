package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wuyepay/console"
	"wuyepay/models"
	"wuyepay/models/modelstest"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	a := b.get("/staff/orders?status=paid").want(t, http.StatusSeeOther)
	if want := "/staff/login?next=" + escape("/staff/orders?status=paid"); a.location() != want {
		t.Fatalf("sent to %s, want %s", a.location(), want)
	}
	b.get(a.location()).want(t, http.StatusOK, "员工登录", `name="next" value="/staff/orders?status=paid"`)
	a = b.post("/staff/login", credentials(" finance ", password, "/staff/orders?status=paid")).want(t, http.StatusSeeOther)
	if a.location() != "/staff/orders?status=paid" {
		t.Errorf("after sign-in sent to %s", a.location())
	}
	cookie := a.Header.Get("Set-Cookie")
	for _, part := range []string{"wuyepay_staff=", "Path=/staff/", "Max-Age=43200", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("no %s in cookie %s", part, cookie)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Error("a Secure cookie over http would be lost")
	}
	b.get("/staff/").want(t, http.StatusOK, "员工finance", "财务")
	b.get("/staff/login").want(t, http.StatusSeeOther)
	u, _ := url.Parse(b.base + "/staff/")
	old := slices.Clone(b.http.Jar.Cookies(u))
	a = b.post("/staff/logout", nil).want(t, http.StatusSeeOther)
	b.get(a.location()).want(t, http.StatusOK, "已退出登录")
	b.get("/staff/").want(t, http.StatusSeeOther)
	b.http.Jar.SetCookies(u, old) // a copy of the cookie signs nobody in any more
	b.get("/staff/").want(t, http.StatusSeeOther)
	var actions []string
	for _, e := range audited(t, w, "staff", w.staff[models.RoleFinance].ID) {
		actions = append(actions, e.Action+" by "+e.ActorName)
	}
	if want := "staff.signed_out by 员工finance,staff.signed_in by 员工finance,staff.added by test"; strings.Join(actions, ",") != want {
		t.Errorf("audit log has %v, want %s", actions, want)
	}
}

func TestEachSignInHasItsOwnToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *console.Deps) { d.Secure = true })
	b := w.browser()
	first := b.post("/staff/login", credentials("admin", password, "")).want(t, http.StatusSeeOther).Header.Get("Set-Cookie")
	if !strings.Contains(first, "; Secure") {
		t.Errorf("no Secure in cookie %s", first)
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(first, "wuyepay_staff="), ";")
	// An attacker's token that the browser already has is not the one after sign-in.
	second := b.post("/staff/login", credentials("admin", password, ""), "Cookie", "wuyepay_staff="+token).want(t, http.StatusSeeOther)
	if strings.Contains(second.Header.Get("Set-Cookie"), token) {
		t.Error("the token of before sign-in is the one after it")
	}
	b.get("/staff/", "Cookie", "wuyepay_staff="+token).want(t, http.StatusSeeOther)
}

func TestSignInSaysTheSameForUnknownAndWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	modelstest.Write(t, w.db, func(tx *models.Tx) error {
		return tx.DisableStaff(modelstest.Actor, w.staff[models.RoleCashier].ID)
	})
	var bodies []string
	for _, c := range [][2]string{{"admin", "wrong password"}, {"nobody", password}, {"cashier", password}, {"", ""}} {
		a := w.browser().post("/staff/login", credentials(c[0], c[1], "")).want(t, http.StatusUnauthorized, "用户名或密码不正确")
		bodies = append(bodies, strings.ReplaceAll(strings.ReplaceAll(a.Body, `value="`+c[0]+`"`, `value=""`), " autofocus", ""))
	}
	if bodies[0] != bodies[1] || bodies[0] != bodies[2] {
		t.Error("the page tells an unknown name from a wrong password")
	}
	if strings.Contains(w.logs.String(), "nobody") {
		t.Error("what was typed as a name is in the log")
	}
}

func TestLockedOutAfterTenFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"admin", "nobody"} {
		for range 10 {
			w.browser().post("/staff/login", credentials(name, "wrong password", "")).want(t, http.StatusUnauthorized)
		}
		w.browser().post("/staff/login", credentials(name, password, "")).want(t, http.StatusTooManyRequests, "请明天再试")
	}
	// Others are not locked out, and a right password does not use tries up.
	for range 11 {
		w.browser().post("/staff/login", credentials("finance", password, "")).want(t, http.StatusSeeOther)
	}
	w.clock.Advance(24 * 3600e9)
	w.browser().post("/staff/login", credentials("admin", password, "")).want(t, http.StatusSeeOther)
}

func TestLockedOutByAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *console.Deps) {
		d.ClientAddr = func(r *http.Request) string { return r.Header.Get("X-Test-Addr") }
	})
	modelstest.Write(t, w.db, func(tx *models.Tx) error { // 99 wrong passwords for 99 names came from there
		for range 99 {
			if err := tx.CountFailure("signin:addr:"+console.Digest("203.0.113.9"), tx.Today()); err != nil {
				return err
			}
		}
		return nil
	})
	from := func(addr, name, pass string) answer {
		return w.browser().post("/staff/login", credentials(name, pass, ""), "X-Test-Addr", addr)
	}
	from("203.0.113.9", "admin", "wrong password").want(t, http.StatusUnauthorized)
	from("203.0.113.9", "admin", password).want(t, http.StatusTooManyRequests)
	from("203.0.113.10", "admin", password).want(t, http.StatusSeeOther)
}

func TestNobodyIsLedToAnotherSite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for next, want := range map[string]string{
		"https://evil.example/": "/staff/", "//evil.example/staff/": "/staff/", "/\\evil.example": "/staff/", "/staff/../..//evil.example": "/staff/",
		"/staff/%2e%2e/%2e%2e/api": "/staff/", "javascript:alert(1)": "/staff/", "/api/v1/rooms": "/staff/", "/staff//evil.example": "/staff/evil.example",
		"/staff/login?next=/staff/login": "/staff/", "/staff/rooms?q=1%2B1": "/staff/rooms?q=1%2B1", "": "/staff/", "/staff/rooms\r\nX: y": "/staff/",
	} {
		a := w.browser().post("/staff/login", credentials("admin", password, next)).want(t, http.StatusSeeOther)
		if a.location() != want {
			t.Errorf("next=%q leads to %q, want %q", next, a.location(), want)
		}
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, elsewhere := w.as(w.staff[models.RoleManager]), w.as(w.staff[models.RoleManager])
	form := func(old, next, repeat string) url.Values {
		return url.Values{"old": {old}, "new": {next}, "repeat": {repeat}}
	}
	const next = "another long password"
	for _, c := range []struct {
		form url.Values
		text string
	}{
		{form(password, next, next+"x"), "两次输入的新密码不一致"},
		{form(password, "short", "short"), "密码至少需要 8 个字符"},
		{form(password, password, password), "新密码不能与当前密码相同"},
		{form("wrong password", next, next), "当前密码不正确"},
	} {
		if a := b.post("/staff/password", c.form); a.Status < 400 || a.Status > 422 {
			t.Errorf("status %d for %s", a.Status, c.text)
		} else {
			a.want(t, a.Status, c.text).without(t, next)
		}
	}
	b.post("/staff/password", form(password, next, next)).want(t, http.StatusSeeOther)
	b.get("/staff/password").want(t, http.StatusOK, "密码已修改")
	elsewhere.get("/staff/").want(t, http.StatusSeeOther)
	w.browser().post("/staff/login", credentials("manager", password, "")).want(t, http.StatusUnauthorized)
	w.browser().post("/staff/login", credentials("manager", next, "")).want(t, http.StatusSeeOther)
}
