package consoletest

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"wuyepay/billing/intake"
	"wuyepay/console"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// Password is the password of all staff. Its hash is made once, as that takes its time.
const Password = "correct horse battery"

var hash = sync.OnceValue(func() string {
	h, err := office.HashPassword(Password)
	if err != nil {
		panic(err)
	}
	return h
})

// Sandbox returns WeChat's side, which all tests of a package share. Nobody pays there, so
// each of its days is one without trade.
var Sandbox = sync.OnceValue(func() *sandbox.Server {
	s, err := sandbox.Start(context.Background(), sandbox.Config{Now: func() time.Time { return modelstest.Start }})
	if err != nil {
		panic(err)
	}
	return s
})

// World is a console over a database of its own.
type World struct {
	T      testing.TB
	DB     *store.DB
	Clock  *modelstest.Clock
	Server *httptest.Server
	Staff  map[string]office.Staff // by role
	Logs   *syncBuffer
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

// New returns a world with one member of staff of each role and nothing else.
func New(t testing.TB, change ...func(*console.Deps)) *World {
	t.Helper()
	w := &World{T: t, Clock: modelstest.NewClock(modelstest.Start), Staff: map[string]office.Staff{}, Logs: &syncBuffer{}}
	w.DB = modelstest.OpenAt(t, w.Clock.Now)
	for _, role := range office.StaffRoles {
		w.Staff[role] = w.AddStaff(role, "员工"+role, role)
	}
	w.serve(w.DB, change...)
	return w
}

// serve starts the console over a database.
func (w *World) serve(db *store.DB, change ...func(*console.Deps)) {
	w.T.Helper()
	log := slog.New(slog.NewJSONHandler(w.Logs, nil))
	d := console.Deps{DB: db, Pay: newPay(w.T, db, log), Log: log, Sandbox: true, Version: "test",
		Checks: func(context.Context) []console.Check {
			return []console.Check{{Name: "数据库", OK: true, Text: "可以读写"}, {Name: "微信支付", OK: false, Text: "证书将在 7 天后过期"}}
		}}
	for _, f := range change {
		f(&d)
	}
	if d.Imports == nil {
		d.Imports = intake.NewWorker(db, log)
		w.T.Cleanup(func() { _ = d.Imports.Close() })
	}
	h, err := console.New(d)
	if err != nil {
		w.T.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/staff/", h) // as the server mounts it
	w.Server = httptest.NewServer(mux)
	w.T.Cleanup(w.Server.Close)
}

func newPay(t testing.TB, db *store.DB, log *slog.Logger) *payment.Service {
	t.Helper()
	all := Sandbox().Credentials()
	m, _ := all.Merchant("main")
	cfg := wechatpay.Config{Name: "main", BaseURL: Sandbox().URL(), AppID: all.AppID, MchID: m.MchID,
		CertificateSerial: m.CertificateSerial,
		PrivateKeyPEM:     m.PrivateKeyPEM, APIv3Key: m.APIv3Key, PublicKeyID: m.PublicKeyID, PublicKeyPEM: m.PublicKeyPEM,
		Timeout: 5 * time.Minute}
	client, err := wechatpay.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	pay, err := payment.New(db, payment.Config{OrderValidMinutes: 30, Surplus: "prepaid"},
		[]*payment.Merchant{{Name: "main", Config: cfg, Client: client}}, "http://127.0.0.1", log)
	if err != nil {
		t.Fatal(err)
	}
	return pay
}

// AddStaff adds a member of staff with [Password].
func (w *World) AddStaff(username, name, role string) office.Staff {
	w.T.Helper()
	s := office.Staff{Username: username, Name: name, Role: role, PasswordHash: hash()}
	modelstest.Write(w.T, w.DB, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &s) })
	return s
}

// Credentials returns the posted form of the sign-in page.
func Credentials(username, pass, next string) url.Values {
	return url.Values{"username": {username}, "password": {pass}, "next": {next}}
}
