package staff_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wuyepay/console"
	"wuyepay/console/consoletest"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.SignedOut()
	a := b.Get("/staff/orders?status=paid").Want(t, http.StatusSeeOther)
	if want := "/staff/login?next=" + consoletest.Escape("/staff/orders?status=paid"); a.Location() != want {
		t.Fatalf("sent to %s, want %s", a.Location(), want)
	}
	b.Get(a.Location()).Want(t, http.StatusOK, "员工登录", `name="next" value="/staff/orders?status=paid"`)
	a = b.Post("/staff/login", consoletest.Credentials(" finance ", consoletest.Password, "/staff/orders?status=paid")).Want(t,
		http.StatusSeeOther)
	if a.Location() != "/staff/orders?status=paid" {
		t.Errorf("after sign-in sent to %s", a.Location())
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
	b.Get("/staff/").Want(t, http.StatusOK, "员工finance", "财务")
	b.Get("/staff/login").Want(t, http.StatusSeeOther)
	u, _ := url.Parse(b.Base + "/staff/")
	old := slices.Clone(b.HTTP.Jar.Cookies(u))
	a = b.Post("/staff/logout", nil).Want(t, http.StatusSeeOther)
	b.Get(a.Location()).Want(t, http.StatusOK, "已退出登录")
	b.Get("/staff/").Want(t, http.StatusSeeOther)
	b.HTTP.Jar.SetCookies(u, old) // a copy of the cookie signs nobody in any more
	b.Get("/staff/").Want(t, http.StatusSeeOther)
	var actions []string
	for _, e := range consoletest.Audited(t, w, "staff", w.Staff[office.RoleFinance].ID) {
		actions = append(actions, e.Action+" by "+e.Actor.Name)
	}
	if want := "staff.signed_out by 员工finance,staff.signed_in by 员工finance,staff.added by test"; strings.Join(actions, ",") != want {
		t.Errorf("audit log has %v, want %s", actions, want)
	}
}

func TestEachSignInHasItsOwnToken(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t, func(d *console.Deps) { d.Secure = true })
	b := w.SignedOut()
	first := b.Post("/staff/login", consoletest.Credentials("admin", consoletest.Password, "")).Want(t,
		http.StatusSeeOther).Header.Get("Set-Cookie")
	if !strings.Contains(first, "; Secure") {
		t.Errorf("no Secure in cookie %s", first)
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(first, "wuyepay_staff="), ";")
	// An attacker's token that the browser already has is not the one after sign-in.
	second := b.Post("/staff/login", consoletest.Credentials("admin", consoletest.Password, ""), "Cookie",
		"wuyepay_staff="+token).Want(t, http.StatusSeeOther)
	if strings.Contains(second.Header.Get("Set-Cookie"), token) {
		t.Error("the token of before sign-in is the one after it")
	}
	b.Get("/staff/", "Cookie", "wuyepay_staff="+token).Want(t, http.StatusSeeOther)
}

func TestSignInSaysTheSameForUnknownAndWrong(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		return office.DisableStaff(tx, modelstest.Actor, w.Staff[office.RoleCashier].ID)
	})
	var bodies []string
	for _, c := range [][2]string{{"admin", "wrong password"}, {"nobody", consoletest.Password}, {"cashier", consoletest.Password},
		{"", ""}} {
		a := w.SignedOut().Post("/staff/login", consoletest.Credentials(c[0], c[1], "")).Want(t, http.StatusUnauthorized, "用户名或密码不正确")
		bodies = append(bodies, strings.ReplaceAll(strings.ReplaceAll(a.Body, `value="`+c[0]+`"`, `value=""`), " autofocus", ""))
	}
	if bodies[0] != bodies[1] || bodies[0] != bodies[2] {
		t.Error("the page tells an unknown name from a wrong password")
	}
	if strings.Contains(w.Logs.String(), "nobody") {
		t.Error("what was typed as a name is in the log")
	}
}

func TestLockedOutAfterTenFailures(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	for _, name := range []string{"admin", "nobody"} {
		for range 10 {
			w.SignedOut().Post("/staff/login", consoletest.Credentials(name, "wrong password", "")).Want(t, http.StatusUnauthorized)
		}
		w.SignedOut().Post("/staff/login", consoletest.Credentials(name, consoletest.Password, "")).Want(t, http.StatusTooManyRequests,
			"请明天再试")
	}
	// Others are not locked out, and a right password does not use tries up.
	for range 11 {
		w.SignedOut().Post("/staff/login", consoletest.Credentials("finance", consoletest.Password, "")).Want(t, http.StatusSeeOther)
	}
	w.Clock.Advance(24 * 3600e9)
	w.SignedOut().Post("/staff/login", consoletest.Credentials("admin", consoletest.Password, "")).Want(t, http.StatusSeeOther)
}

func TestLockedOutByAddress(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t, func(d *console.Deps) {
		d.ClientAddr = func(r *http.Request) string { return r.Header.Get("X-Test-Addr") }
	})
	subject := sha256.Sum256([]byte("203.0.113.9"))
	modelstest.Write(t, w.DB, func(tx *store.Tx) error { // 99 wrong passwords for 99 names came from there
		for range 99 {
			if err := office.CountFailure(tx, "signin:addr:"+hex.EncodeToString(subject[:16]), tx.Today()); err != nil {
				return err
			}
		}
		return nil
	})
	from := func(addr, name, pass string) consoletest.Answer {
		return w.SignedOut().Post("/staff/login", consoletest.Credentials(name, pass, ""), "X-Test-Addr", addr)
	}
	from("203.0.113.9", "admin", "wrong password").Want(t, http.StatusUnauthorized)
	from("203.0.113.9", "admin", consoletest.Password).Want(t, http.StatusTooManyRequests)
	from("203.0.113.10", "admin", consoletest.Password).Want(t, http.StatusSeeOther)
}

func TestNobodyIsLedToAnotherSite(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	for next, want := range map[string]string{
		"https://evil.example/": "/staff/", "//evil.example/staff/": "/staff/", "/\\evil.example": "/staff/",
		"/staff/../..//evil.example": "/staff/",
		"/staff/%2e%2e/%2e%2e/api":   "/staff/", "javascript:alert(1)": "/staff/", "/api/v1/rooms": "/staff/",
		"/staff//evil.example":           "/staff/evil.example",
		"/staff/login?next=/staff/login": "/staff/", "/staff/rooms?q=1%2B1": "/staff/rooms?q=1%2B1", "": "/staff/",
		"/staff/rooms\r\nX: y": "/staff/",
	} {
		a := w.SignedOut().Post("/staff/login", consoletest.Credentials("admin", consoletest.Password, next)).Want(t, http.StatusSeeOther)
		if a.Location() != want {
			t.Errorf("next=%q leads to %q, want %q", next, a.Location(), want)
		}
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b, elsewhere := w.As(w.Staff[office.RoleManager]), w.As(w.Staff[office.RoleManager])
	form := func(old, next, repeat string) url.Values {
		return url.Values{"old": {old}, "new": {next}, "repeat": {repeat}}
	}
	const next = "another long password"
	for _, c := range []struct {
		form url.Values
		text string
	}{
		{form(consoletest.Password, next, next+"x"), "两次输入的新密码不一致"},
		{form(consoletest.Password, "short", "short"), "密码至少需要 8 个字符"},
		{form(consoletest.Password, consoletest.Password, consoletest.Password), "新密码不能与当前密码相同"},
		{form("wrong password", next, next), "当前密码不正确"},
	} {
		if a := b.Post("/staff/password", c.form); a.Status < 400 || a.Status > 422 {
			t.Errorf("status %d for %s", a.Status, c.text)
		} else {
			a.Want(t, a.Status, c.text).Without(t, next)
		}
	}
	b.Post("/staff/password", form(consoletest.Password, next, next)).Want(t, http.StatusSeeOther)
	b.Get("/staff/password").Want(t, http.StatusOK, "密码已修改")
	elsewhere.Get("/staff/").Want(t, http.StatusSeeOther)
	w.SignedOut().Post("/staff/login", consoletest.Credentials("manager", consoletest.Password, "")).Want(t, http.StatusUnauthorized)
	w.SignedOut().Post("/staff/login", consoletest.Credentials("manager", next, "")).Want(t, http.StatusSeeOther)
}
