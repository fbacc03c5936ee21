package console_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"wuyepay/console"
	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay" //nolint:depguard // a test makes the merchant that the server would make
	"wuyepay/sandbox"
)

// password is everybody's in these tests; hash is made once, it takes its time.
const password = "correct horse battery"

var hash = sync.OnceValue(func() string {
	h, err := console.HashPassword(password)
	if err != nil {
		panic(err)
	}
	return h
})

// box is WeChat's side, shared by all tests: nobody pays there, so each of its
// days is a day without trade.
var box = sync.OnceValue(func() *sandbox.Server {
	s, err := sandbox.Start(context.Background(), sandbox.Config{Now: func() time.Time { return modelstest.Start }})
	if err != nil {
		panic(err)
	}
	return s
})

// world is a console over a database of its own.
type world struct {
	t      testing.TB
	db     *models.DB
	clock  *modelstest.Clock
	server *httptest.Server
	staff  map[string]models.Staff // by role, name of the role in Chinese
	logs   *syncBuffer
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newWorld(t testing.TB, change ...func(*console.Deps)) *world {
	t.Helper()
	w := &world{t: t, clock: modelstest.NewClock(modelstest.Start), staff: map[string]models.Staff{}, logs: &syncBuffer{}}
	w.db = modelstest.OpenAt(t, w.clock.Now)
	for _, role := range models.StaffRoles {
		w.staff[role] = w.addStaff(role, "员工"+role, role)
	}
	w.serve(w.db, change...)
	return w
}

// serve puts the console over a database.
func (w *world) serve(db *models.DB, change ...func(*console.Deps)) {
	w.t.Helper()
	log := slog.New(slog.NewJSONHandler(w.logs, nil))
	d := console.Deps{DB: db, Pay: newPay(w.t, db, log), Log: log, Sandbox: true, Version: "test",
		Checks: func(context.Context) []console.Check {
			return []console.Check{{Name: "数据库", OK: true, Text: "可以读写"}, {Name: "微信支付", OK: false, Text: "证书将在 7 天后过期"}}
		}}
	for _, f := range change {
		f(&d)
	}
	h, err := console.New(d)
	if err != nil {
		w.t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/staff/", h) // as the server mounts it
	w.server = httptest.NewServer(mux)
	w.t.Cleanup(w.server.Close)
}

func newPay(t testing.TB, db *models.DB, log *slog.Logger) *payment.Service {
	t.Helper()
	all := box().Credentials()
	m, _ := all.Merchant("main")
	cfg := wechatpay.Config{Name: "main", BaseURL: box().URL(), AppID: all.AppID, MchID: m.MchID, CertificateSerial: m.CertificateSerial,
		PrivateKeyPEM: m.PrivateKeyPEM, APIv3Key: m.APIv3Key, PublicKeyID: m.PublicKeyID, PublicKeyPEM: m.PublicKeyPEM, Timeout: 5 * time.Minute}
	client, err := wechatpay.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	pay, err := payment.New(db, payment.Config{OrderValidMinutes: 30, Surplus: "prepaid"}, []*payment.Merchant{{Name: "main", Config: cfg, Client: client}}, "http://127.0.0.1", log)
	if err != nil {
		t.Fatal(err)
	}
	return pay
}

func (w *world) addStaff(username, name, role string) models.Staff {
	w.t.Helper()
	s := models.Staff{Username: username, Name: name, Role: role, PasswordHash: hash()}
	modelstest.Write(w.t, w.db, func(tx *models.Tx) error { return tx.AddStaff(modelstest.Actor, &s) })
	return s
}

// browser keeps cookies and does not follow redirects.
type browser struct {
	t    testing.TB
	base string
	http *http.Client
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w.t, w.server.URL, &http.Client{Jar: jar, Timeout: 5 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as is a browser in which somebody has signed in, by a session made straight in
// the database.
func (w *world) as(s models.Staff) *browser {
	w.t.Helper()
	var token string
	modelstest.Write(w.t, w.db, func(tx *models.Tx) (err error) {
		token, _, err = tx.StartSession(models.SessionStaff, s.ID, time.Hour)
		return err
	})
	b := w.browser()
	u, _ := url.Parse(b.base + "/staff/")
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: "wuyepay_staff", Value: token, Path: "/staff/"}})
	return b
}

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

func (a answer) location() string { return a.Header.Get("Location") }

func (b *browser) do(method, path string, form url.Values, header ...string) answer {
	b.t.Helper()
	req, err := http.NewRequest(method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (b *browser) get(path string, header ...string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil, header...)
}

func (b *browser) post(path string, form url.Values, header ...string) answer {
	b.t.Helper()
	return b.do(http.MethodPost, path, form, header...)
}

// want fails the test unless the answer has the status and every text.
func (a answer) want(t testing.TB, status int, texts ...string) answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d; location %q; body:\n%s", a.Status, status, a.location(), a.Body)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			t.Fatalf("no %q in:\n%s", text, a.Body)
		}
	}
	return a
}

// without fails the test if the answer has one of the texts.
func (a answer) without(t testing.TB, texts ...string) answer {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body, text) {
			t.Fatalf("%q must not be in:\n%s", text, a.Body)
		}
	}
	return a
}

func credentials(username, pass, next string) url.Values {
	return url.Values{"username": {username}, "password": {pass}, "next": {next}}
}
