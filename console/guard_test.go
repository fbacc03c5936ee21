package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

func TestPostsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.staff[models.RoleAdmin])
	target := w.staff[models.RoleCashier].ID
	for _, header := range [][2]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}} {
		for _, path := range []string{"/staff/people/" + target + "/disable", "/staff/login", "/staff/logout", "/staff/reconcile/2026-03-13"} {
			b.post(path, credentials("admin", password, ""), header[0], header[1]).want(t, http.StatusForbidden, "来自其他网站")
		}
	}
	b.get("/staff/people").want(t, http.StatusOK).without(t, "已停用")
	b.post("/staff/people/"+target+"/disable", nil, "Origin", b.base, "Sec-Fetch-Site", "same-origin").want(t, http.StatusSeeOther)
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, a := range []answer{w.as(w.staff[models.RoleAdmin]).get("/staff/"), w.browser().get("/staff/login"), w.browser().get("/staff/"),
		w.as(w.staff[models.RoleCashier]).get("/staff/settings")} {
		for name, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		csp := a.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'self';") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("content security policy %q", csp)
		}
		if strings.Contains(a.Body, "<style") || strings.Contains(a.Body, " style=") || strings.Contains(a.Body, "<script>") || strings.Contains(a.Body, " onclick") {
			t.Error("inline style or script, which the policy forbids")
		}
	}
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.http.Transport = &http.Transport{DisableCompression: true}
	files := findAll(b.get("/staff/login").want(t, http.StatusOK).Body, `(?:href|src)="(/staff/static/[^"]+)"`)
	if len(files) != 4 {
		t.Fatalf("files %v", files)
	}
	for _, file := range files {
		a := b.get(file).want(t, http.StatusOK)
		if got := a.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", file, got)
		}
		if kind := a.Header.Get("Content-Type"); kind == "" || strings.HasPrefix(kind, "text/html") {
			t.Errorf("%s: Content-Type %q", file, kind)
		}
		zipped := b.get(file, "Accept-Encoding", "gzip").want(t, http.StatusOK)
		if zipped.Header.Get("Content-Encoding") != "gzip" || len(zipped.Body) >= len(a.Body)+40 {
			t.Errorf("%s is not compressed", file)
		}
		parts := strings.SplitN(file, "/", 5)
		parts[3] = "000000000000"
		b.get(strings.Join(parts, "/")).want(t, http.StatusNotFound)
	}
	for _, path := range []string{"/staff/static/x/vendor/README.md", "/staff/static/x/../console.css", "/staff/static/x/templates/login.html"} {
		if a := b.get(path); a.Status == http.StatusOK {
			t.Errorf("%s is served", path)
		}
	}
}

func TestNamesAreNotMarkup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const evil = `<script>alert("x")</script>`
	r := modelstest.Room(t, w.db, func(r *models.Room) { r.Steward, r.Kind, r.Building = evil, evil, evil })
	modelstest.Owner(t, w.db, r, evil, "13900009999")
	w.addStaff("evil", evil, models.RoleManager)
	modelstest.Bill(t, w.db, r, func(b *models.Bill) { b.Item, b.Basis = evil, `{"kind":"<script>alert(\"x\")"}` })
	b := w.as(w.staff[models.RoleAdmin])
	for _, path := range []string{"/staff/rooms", "/staff/rooms?q=" + escape(evil), "/staff/rooms/" + r.ID, "/staff/people", "/staff/audit?actor=" + escape(evil),
		"/staff/orders?number=" + escape(`"><script>alert("x")`), "/staff/login?next=" + escape(`/staff/"><script>alert("x")`)} {
		b.get(path).without(t, "<script>alert")
	}
	w.browser().post("/staff/login", credentials(`"><script>alert("x")`, "wrong password", `/staff/"><script>alert("x")`)).without(t, "<script>alert")
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.browser().post("/staff/login", url.Values{"username": {strings.Repeat("x", 70<<10)}}).want(t, http.StatusBadRequest, "提交的内容过大")
}

// TestBrokenDatabase opens pages over a database that always fails: a page with a
// request id, and nothing of what went wrong.
func TestBrokenDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	b := w.as(w.staff[models.RoleAdmin])
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	for pattern := range access {
		if access[pattern] == "open" {
			continue
		}
		method, path := concrete(pattern, n)
		a := b.do(method, path, nil).want(t, http.StatusInternalServerError, "系统出错了", "请求号")
		a.without(t, "sql", "database is closed", "SELECT", "goroutine", ".go:")
		id := findAll(a.Body, `<code>([0-9A-Z]{26})</code>`)
		if len(id) != 1 || !strings.Contains(w.logs.String(), id[0]) {
			t.Errorf("%s: request id %v is not in the log", pattern, id)
		}
	}
	w.browser().post("/staff/login", credentials("admin", password, "")).want(t, http.StatusInternalServerError, "系统出错了")
	w.browser().get("/staff/login").want(t, http.StatusOK, "员工登录")
}
