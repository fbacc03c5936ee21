package paymenttest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/receipt"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// Must fails the test at once on an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Bg is the context of tests.
var Bg = context.Background()

// World is a community with its books, WeChat's side of it, and one clock for
// both. Callbacks arrive over HTTP as in life.
type World struct {
	T     testing.TB
	Clock *modelstest.Clock
	Cfg   store.Config
	Db    *store.DB
	Raw   *sql.DB // the same database, past all rules
	Box   *sandbox.Server
	dir   string // the sandbox's keys
	Gate  *gate
	Pay   *payment.Service
	Desk  atomic.Pointer[payment.Service] // answers callbacks: pay, unless a test puts another there
	Front *httptest.Server
	Deaf  atomic.Bool // callbacks are kept and answered 503
	Logs  *safeBuffer

	surplus string

	mu   sync.Mutex
	kept []Callback
}

// Callback is a notification as it came.
type Callback struct {
	Merchant string
	Header   http.Header
	Body     []byte
	Status   int
}

// Setup is what a test may have otherwise than usual.
type Setup struct {
	Merchants  []sandbox.Merchant
	RetryScale float64
	Start      time.Time
	valid      int
	Surplus    string
	AppID      string // of the mini-program; empty: the sandbox's own
}

// NewWorld makes a world with an empty community, as changed by the test.
func NewWorld(t testing.TB, change ...func(*Setup)) *World {
	t.Helper()
	s := Setup{Merchants: []sandbox.Merchant{{Name: "main"}}, RetryScale: 1.0 / 300, Start: modelstest.Start, valid: 30, Surplus: "prepaid"}
	for _, f := range change {
		f(&s)
	}
	w := &World{T: t, Clock: modelstest.NewClock(s.Start), Logs: &safeBuffer{}, dir: t.TempDir(), surplus: s.Surplus}
	w.Cfg = modelstest.NewConfig(t)
	w.Db = modelstest.OpenConfig(t, w.Cfg, w.Clock.Now)
	w.Raw = rawDB(t, w.Cfg)
	scfg := sandbox.Config{
		AppID: s.AppID, Dir: w.dir, Now: w.Clock.Now, Merchants: s.Merchants, RetryScale: s.RetryScale, CallbackTimeout: Hangs,
		RefundSpacing: -1,
	}
	giveKeys(t, scfg)
	var err error
	if w.Box, err = sandbox.Start(Bg, scfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Box.Close() })
	w.Gate = newGate(t, w.Box.URL())
	mux := http.NewServeMux()
	mux.HandleFunc("POST /wechat/pay/{merchant}/notify", w.notified)
	mux.HandleFunc("POST /wechat/refund/{merchant}/notify", w.notified)
	w.Front = httptest.NewServer(mux)
	t.Cleanup(w.Front.Close)
	w.Pay = w.Service(w.Db, s.valid)
	w.Desk.Store(w.Pay)
	return w
}

// Service is one process of ours on the database.
func (w *World) Service(db *store.DB, validMinutes int, change ...func(*wechatpay.Config)) *payment.Service {
	w.T.Helper()
	creds := w.Box.Credentials()
	var merchants []*payment.Merchant
	for _, m := range creds.Merchants {
		merchants = append(merchants, w.merchant(creds.AppID, m, change...))
	}
	log := slog.New(slog.NewTextHandler(w.Logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := payment.New(db, payment.Config{OrderValidMinutes: validMinutes, Surplus: w.surplus}, merchants, w.Front.URL, log)
	if err != nil {
		w.T.Fatal(err)
	}
	s.SetTimeouts(Patient, Patient)
	return s
}

func (w *World) merchant(appID string, m sandbox.MerchantCredentials, change ...func(*wechatpay.Config)) *payment.Merchant {
	w.T.Helper()
	cfg := wechatpay.Config{
		Name: m.Name, BaseURL: w.Gate.Server.URL, AppID: appID, MchID: m.MchID, CertificateSerial: m.CertificateSerial,
		PrivateKeyPEM: m.PrivateKeyPEM, APIv3Key: m.APIv3Key, PublicKeyID: m.PublicKeyID, PublicKeyPEM: m.PublicKeyPEM,
		SubMchID: m.SubMchID, SubAppID: m.SubAppID, Timeout: Hangs,
	}
	if m.SubAppID != "" {
		cfg.SpAppID = m.AppID
	}
	for _, f := range change {
		f(&cfg)
	}
	client, err := wechatpay.New(cfg)
	if err != nil {
		w.T.Fatal(err)
	}
	w.T.Cleanup(client.Close)
	return &payment.Merchant{Name: m.Name, Config: cfg, Client: client}
}

// Client speaks to WeChat for a merchant, past the service.
func (w *World) Client(name string) *wechatpay.Client {
	w.T.Helper()
	m, ok := w.Box.Credentials().Merchant(name)
	if !ok {
		w.T.Fatal("no merchant " + name)
	}
	return w.merchant(w.Box.Credentials().AppID, m).Client
}

// notified answers callbacks as the front door does.
func (w *World) notified(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, 256<<10))
	if err != nil {
		http.Error(rw, "cut short", http.StatusBadRequest)
		return
	}
	c := Callback{Merchant: r.PathValue("merchant"), Header: r.Header.Clone(), Body: body}
	switch {
	case w.Deaf.Load():
		c.Status = http.StatusServiceUnavailable
	default:
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), Hangs)
		defer cancel()
		c.Status = w.Tell(ctx, w.Desk.Load(), c)
	}
	w.mu.Lock()
	w.kept = append(w.kept, c)
	w.mu.Unlock()
	rw.WriteHeader(c.Status)
}

// Tell delivers a callback and returns the status of the answer.
func (w *World) Tell(ctx context.Context, s *payment.Service, c Callback) int {
	err := s.Notify(ctx, c.Merchant, c.Header, c.Body)
	if err == nil {
		return http.StatusNoContent
	}
	if e, ok := models.AsError(err); ok {
		switch e.Kind {
		case models.KindUnauthorized:
			return http.StatusUnauthorized
		case models.KindNotFound:
			return http.StatusNotFound
		}
	}
	return http.StatusInternalServerError
}

// Callbacks returns those that came so far.
func (w *World) Callbacks() []Callback {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Callback(nil), w.kept...)
}

// Drain waits until WeChat has told everything it has to tell.
func (w *World) Drain() {
	w.T.Helper()
	ctx, cancel := context.WithTimeout(Bg, Hangs)
	defer cancel()
	if err := w.Box.Drain(ctx); err != nil {
		w.T.Fatalf("drain: %v", err)
	}
}

// keyFiles keeps the sandbox's keys by what they are for: making them costs more
// than most tests.
var keyFiles = struct {
	sync.Mutex
	byKind map[string][]byte
}{byKind: map[string][]byte{}}

func giveKeys(t testing.TB, cfg sandbox.Config) {
	t.Helper()
	kind := fmt.Sprint(cfg.Merchants)
	path := filepath.Join(cfg.Dir, "keys.json")
	keyFiles.Lock()
	defer keyFiles.Unlock()
	if keyFiles.byKind[kind] == nil {
		box, err := sandbox.Start(Bg, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := box.Close(); err != nil {
			t.Fatal(err)
		}
		if keyFiles.byKind[kind], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := os.WriteFile(path, keyFiles.byKind[kind], 0o600); err != nil {
		t.Fatal(err)
	}
}

func rawDB(t testing.TB, cfg store.Config) *sql.DB {
	t.Helper()
	driver, dsn := "mysql", cfg.DSN
	if cfg.Driver == "sqlite" {
		driver, dsn = "sqlite", "file:"+cfg.DSN+"?_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Exec changes the database past all rules.
func (w *World) Exec(query string, args ...any) {
	w.T.Helper()
	if _, err := w.Raw.Exec(query, args...); err != nil {
		w.T.Fatal(err)
	}
}

// Number reads one figure.
func (w *World) Number(query string, args ...any) int64 {
	w.T.Helper()
	var n int64
	if err := w.Raw.QueryRow(query, args...).Scan(&n); err != nil {
		w.T.Fatal(err)
	}
	return n
}

// EverythingDue makes every order that is not final due to be asked about.
func (w *World) EverythingDue() { w.Exec("UPDATE orders SET next_check_at = 1") }

// Clean proves that our books agree with themselves.
func (w *World) Clean() {
	w.T.Helper()
	tx := w.Db.View(Bg)
	violations, err := proof.Check(tx)
	if err != nil {
		w.T.Fatal(err)
	}
	late, err := billing.CheckLateFees(tx)
	if err != nil {
		w.T.Fatal(err)
	}
	receipts, err := receipt.Audit(tx)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, v := range append(append(violations, late...), receipts...) {
		w.T.Errorf("the books: %s", v)
	}
}

// Agree proves that our books agree with themselves and with WeChat's: what was
// paid there is booked here, once, and nothing else is.
func (w *World) Agree() {
	w.T.Helper()
	w.Clean()
	count, sum := int64(0), int64(0)
	for tr := range w.Box.Books() {
		if tr.State != "SUCCESS" && tr.State != "REFUND" {
			continue
		}
		count, sum = count+1, sum+tr.TotalFen
		p, err := money.PaymentOfOrder(w.Db.View(Bg), tr.OutTradeNo)
		if err != nil {
			w.T.Errorf("order %s is paid at WeChat, and here: %v", tr.OutTradeNo, err)
			continue
		}
		if *p.TransactionID != tr.TransactionID || int64(p.AmountFen) != tr.TotalFen || !p.PaidAt.Equal(tr.PaidAt.Truncate(time.Second)) {
			w.T.Errorf("order %s: booked %s %d %s, WeChat has %s %d %s", tr.OutTradeNo, *p.TransactionID, p.AmountFen, p.PaidAt,
				tr.TransactionID, tr.TotalFen, tr.PaidAt)
		}
	}
	ours, oursSum := w.Number("SELECT COUNT(*) FROM payments"), w.Number("SELECT COALESCE(SUM(amount_fen), 0) FROM payments")
	if ours != count || oursSum != sum {
		w.T.Errorf("booked %d payments of %d fen, WeChat has %d of %d", ours, oursSum, count, sum)
	}
}

// safeBuffer collects the log.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
