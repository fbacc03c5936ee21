package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

func TestPostsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleAdmin])
	target := w.Staff[office.RoleCashier].ID
	for _, header := range [][2]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}} {
		for _, path := range []string{"/staff/people/" + target + "/disable", "/staff/login", "/staff/logout",
			"/staff/reconcile/2026-03-13"} {
			b.Post(path, consoletest.Credentials("admin", consoletest.Password, ""), header[0], header[1]).Want(t, http.StatusForbidden,
				"来自其他网站")
		}
	}
	b.Get("/staff/people").Want(t, http.StatusOK).Without(t, "已停用")
	b.Post("/staff/people/"+target+"/disable", nil, "Origin", b.Base, "Sec-Fetch-Site", "same-origin").Want(t, http.StatusSeeOther)
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	for _, a := range []consoletest.Answer{w.As(w.Staff[office.RoleAdmin]).Get("/staff/"), w.SignedOut().Get("/staff/login"),
		w.SignedOut().Get("/staff/"),
		w.As(w.Staff[office.RoleCashier]).Get("/staff/settings")} {
		for name, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "same-origin", "Cache-Control": "no-store"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		csp := a.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'self';") || !strings.Contains(csp, "frame-ancestors 'none'") ||
			strings.Contains(csp, "unsafe") {
			t.Errorf("content security policy %q", csp)
		}
		if strings.Contains(a.Body, "<style") || strings.Contains(a.Body, " style=") || strings.Contains(a.Body, "<script>") ||
			strings.Contains(a.Body, " onclick") {
			t.Error("inline style or script, which the policy forbids")
		}
	}
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.SignedOut()
	b.HTTP.Transport = &http.Transport{DisableCompression: true}
	files := consoletest.FindAll(b.Get("/staff/login").Want(t, http.StatusOK).Body, `(?:href|src)="(/staff/static/[^"]+)"`)
	if len(files) != 4 {
		t.Fatalf("files %v", files)
	}
	for _, file := range files {
		a := b.Get(file).Want(t, http.StatusOK)
		if got := a.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", file, got)
		}
		if kind := a.Header.Get("Content-Type"); kind == "" || strings.HasPrefix(kind, "text/html") {
			t.Errorf("%s: Content-Type %q", file, kind)
		}
		zipped := b.Get(file, "Accept-Encoding", "gzip").Want(t, http.StatusOK)
		if zipped.Header.Get("Content-Encoding") != "gzip" || len(zipped.Body) >= len(a.Body)+40 {
			t.Errorf("%s is not compressed", file)
		}
		parts := strings.SplitN(file, "/", 5)
		parts[3] = "000000000000"
		b.Get(strings.Join(parts, "/")).Want(t, http.StatusNotFound)
	}
	for _, path := range []string{"/staff/static/x/vendor/README.md", "/staff/static/x/../console.css",
		"/staff/static/x/templates/login.html"} {
		if a := b.Get(path); a.Status == http.StatusOK {
			t.Errorf("%s is served", path)
		}
	}
}

func TestNamesAreNotMarkup(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	const evil = `<script>alert("x")</script>`
	r := modelstest.Room(t, w.DB, func(r *estate.Room) { r.Steward, r.Kind, r.Building = evil, evil, evil })
	modelstest.Owner(t, w.DB, r, evil, "13900009999")
	w.AddStaff("evil", evil, office.RoleManager)
	modelstest.Bill(t, w.DB, r, func(b *fees.Bill) { b.Item, b.Basis = evil, `{"kind":"<script>alert(\"x\")"}` })
	b := w.As(w.Staff[office.RoleAdmin])
	for _, path := range []string{"/staff/rooms", "/staff/rooms?q=" + consoletest.Escape(evil), "/staff/rooms/" + r.ID,
		"/staff/people", "/staff/audit?actor=" + consoletest.Escape(evil),
		"/staff/orders?number=" + consoletest.Escape(`"><script>alert("x")`), "/staff/login?next=" +
			consoletest.Escape(`/staff/"><script>alert("x")`)} {
		b.Get(path).Without(t, "<script>alert")
	}
	w.SignedOut().Post("/staff/login", consoletest.Credentials(`"><script>alert("x")`, "wrong password",
		`/staff/"><script>alert("x")`)).Without(t, "<script>alert")
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	w.SignedOut().Post("/staff/login", url.Values{"username": {strings.Repeat("x", 70<<10)}}).Want(t, http.StatusBadRequest, "提交的内容过大")
}
