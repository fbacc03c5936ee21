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

	"wuyepay/console"
	"wuyepay/console/staff"
	"wuyepay/console/ui"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// Password is everybody's in these tests; hash is made once, it takes its time.
const Password = "correct horse battery"

var hash = sync.OnceValue(func() string {
	h, err := staff.HashPassword(Password)
	if err != nil {
		panic(err)
	}
	return h
})

// Sandbox is WeChat's side, shared by all tests: nobody pays there, so each of its
// days is a day without trade.
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
	Db     *store.DB
	Clock  *modelstest.Clock
	Server *httptest.Server
	Staff  map[string]office.Staff // by role, name of the role in Chinese
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

func New(t testing.TB, change ...func(*ui.Deps)) *World {
	t.Helper()
	w := &World{T: t, Clock: modelstest.NewClock(modelstest.Start), Staff: map[string]office.Staff{}, Logs: &syncBuffer{}}
	w.Db = modelstest.OpenAt(t, w.Clock.Now)
	for _, role := range office.StaffRoles {
		w.Staff[role] = w.AddStaff(role, "员工"+role, role)
	}
	w.serve(w.Db, change...)
	return w
}

// serve puts the console over a database.
func (w *World) serve(db *store.DB, change ...func(*ui.Deps)) {
	w.T.Helper()
	log := slog.New(slog.NewJSONHandler(w.Logs, nil))
	d := ui.Deps{DB: db, Pay: newPay(w.T, db, log), Log: log, Sandbox: true, Version: "test",
		Checks: func(context.Context) []ui.Check {
			return []ui.Check{{Name: "数据库", OK: true, Text: "可以读写"}, {Name: "微信支付", OK: false, Text: "证书将在 7 天后过期"}}
		}}
	for _, f := range change {
		f(&d)
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
	cfg := wechatpay.Config{Name: "main", BaseURL: Sandbox().URL(), AppID: all.AppID, MchID: m.MchID, CertificateSerial: m.CertificateSerial,
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

func (w *World) AddStaff(username, name, role string) office.Staff {
	w.T.Helper()
	s := office.Staff{Username: username, Name: name, Role: role, PasswordHash: hash()}
	modelstest.Write(w.T, w.Db, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &s) })
	return s
}

func Credentials(username, pass, next string) url.Values {
	return url.Values{"username": {username}, "password": {pass}, "next": {next}}
}
