package payment_test

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
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

var bg = context.Background()

// world is a community with its books, WeChat's side of it, and one clock for
// both. Callbacks arrive over HTTP as in life.
type world struct {
	t     testing.TB
	clock *modelstest.Clock
	cfg   store.Config
	db    *store.DB
	raw   *sql.DB // the same database, past all rules
	box   *sandbox.Server
	dir   string // the sandbox's keys
	gate  *gate
	pay   *payment.Service
	desk  atomic.Pointer[payment.Service] // answers callbacks: pay, unless a test puts another there
	front *httptest.Server
	deaf  atomic.Bool // callbacks are kept and answered 503
	logs  *safeBuffer

	surplus string

	mu   sync.Mutex
	kept []callback
}

// callback is a notification as it came.
type callback struct {
	merchant string
	header   http.Header
	body     []byte
	status   int
}

// setup is what a test may have otherwise than usual.
type setup struct {
	merchants  []sandbox.Merchant
	retryScale float64
	start      time.Time
	valid      int
	surplus    string
}

func newWorld(t testing.TB, change ...func(*setup)) *world {
	t.Helper()
	s := setup{merchants: []sandbox.Merchant{{Name: "main"}}, retryScale: 1.0 / 300, start: modelstest.Start, valid: 30, surplus: "prepaid"}
	for _, f := range change {
		f(&s)
	}
	w := &world{t: t, clock: modelstest.NewClock(s.start), logs: &safeBuffer{}, dir: t.TempDir(), surplus: s.surplus}
	w.cfg = modelstest.NewConfig(t)
	w.db = modelstest.OpenConfig(t, w.cfg, w.clock.Now)
	w.raw = rawDB(t, w.cfg)
	scfg := sandbox.Config{Dir: w.dir, Now: w.clock.Now, Merchants: s.merchants, RetryScale: s.retryScale, CallbackTimeout: hangs, RefundSpacing: -1}
	giveKeys(t, scfg)
	var err error
	if w.box, err = sandbox.Start(bg, scfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.box.Close() })
	w.gate = newGate(t, w.box.URL())
	mux := http.NewServeMux()
	mux.HandleFunc("POST /wechat/pay/{merchant}/notify", w.notified)
	mux.HandleFunc("POST /wechat/refund/{merchant}/notify", w.notified)
	w.front = httptest.NewServer(mux)
	t.Cleanup(w.front.Close)
	w.pay = w.service(w.db, s.valid)
	w.desk.Store(w.pay)
	return w
}

// service is one process of ours on the database.
func (w *world) service(db *store.DB, validMinutes int, change ...func(*wechatpay.Config)) *payment.Service {
	w.t.Helper()
	creds := w.box.Credentials()
	var merchants []*payment.Merchant
	for _, m := range creds.Merchants {
		merchants = append(merchants, w.merchant(creds.AppID, m, change...))
	}
	log := slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := payment.New(db, payment.Config{OrderValidMinutes: validMinutes, Surplus: w.surplus}, merchants, w.front.URL, log)
	if err != nil {
		w.t.Fatal(err)
	}
	s.SetPatience(patient, patient)
	return s
}

func (w *world) merchant(appID string, m sandbox.MerchantCredentials, change ...func(*wechatpay.Config)) *payment.Merchant {
	w.t.Helper()
	cfg := wechatpay.Config{Name: m.Name, BaseURL: w.gate.server.URL, AppID: appID, MchID: m.MchID, CertificateSerial: m.CertificateSerial,
		PrivateKeyPEM: m.PrivateKeyPEM, APIv3Key: m.APIv3Key, PublicKeyID: m.PublicKeyID, PublicKeyPEM: m.PublicKeyPEM, SubMchID: m.SubMchID, Timeout: hangs}
	for _, f := range change {
		f(&cfg)
	}
	client, err := wechatpay.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.Close)
	return &payment.Merchant{Name: m.Name, Config: cfg, Client: client}
}

// client speaks to WeChat for a merchant, past the service.
func (w *world) client(name string) *wechatpay.Client {
	w.t.Helper()
	m, ok := w.box.Credentials().Merchant(name)
	if !ok {
		w.t.Fatal("no merchant " + name)
	}
	return w.merchant(w.box.Credentials().AppID, m).Client
}

// notified answers callbacks as the front door does.
func (w *world) notified(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, 256<<10))
	if err != nil {
		http.Error(rw, "cut short", http.StatusBadRequest)
		return
	}
	c := callback{merchant: r.PathValue("merchant"), header: r.Header.Clone(), body: body}
	switch {
	case w.deaf.Load():
		c.status = http.StatusServiceUnavailable
	default:
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), hangs)
		defer cancel()
		c.status = w.tell(ctx, w.desk.Load(), c)
	}
	w.mu.Lock()
	w.kept = append(w.kept, c)
	w.mu.Unlock()
	rw.WriteHeader(c.status)
}

// tell delivers a callback and gives the status of the answer.
func (w *world) tell(ctx context.Context, s *payment.Service, c callback) int {
	err := s.Notify(ctx, c.merchant, c.header, c.body)
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

// callbacks gives those that came so far.
func (w *world) callbacks() []callback {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]callback(nil), w.kept...)
}

// drain waits until WeChat has told everything it has to tell.
func (w *world) drain() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(bg, hangs)
	defer cancel()
	if err := w.box.Drain(ctx); err != nil {
		w.t.Fatalf("drain: %v", err)
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
		box, err := sandbox.Start(bg, cfg)
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

// exec changes the database past all rules.
func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.raw.Exec(query, args...); err != nil {
		w.t.Fatal(err)
	}
}

// number reads one figure.
func (w *world) number(query string, args ...any) int64 {
	w.t.Helper()
	var n int64
	if err := w.raw.QueryRow(query, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// everythingDue makes every order that is not final due to be asked about.
func (w *world) everythingDue() { w.exec("UPDATE orders SET next_check_at = 1") }

// clean proves that our books agree with themselves.
func (w *world) clean() {
	w.t.Helper()
	tx := w.db.View(bg)
	violations, err := proof.Check(tx)
	if err != nil {
		w.t.Fatal(err)
	}
	late, err := billing.CheckLateFees(tx)
	if err != nil {
		w.t.Fatal(err)
	}
	receipts, err := payment.CheckReceipts(tx)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, v := range append(append(violations, late...), receipts...) {
		w.t.Errorf("the books: %s", v)
	}
}

// agree proves that our books agree with themselves and with WeChat's: what was
// paid there is booked here, once, and nothing else is.
func (w *world) agree() {
	w.t.Helper()
	w.clean()
	count, sum := int64(0), int64(0)
	for tr := range w.box.Books() {
		if tr.State != "SUCCESS" && tr.State != "REFUND" {
			continue
		}
		count, sum = count+1, sum+tr.TotalFen
		p, err := money.PaymentOfOrder(w.db.View(bg), tr.OutTradeNo)
		if err != nil {
			w.t.Errorf("order %s is paid at WeChat, and here: %v", tr.OutTradeNo, err)
			continue
		}
		if *p.TransactionID != tr.TransactionID || int64(p.AmountFen) != tr.TotalFen || !p.PaidAt.Equal(tr.PaidAt.Truncate(time.Second)) {
			w.t.Errorf("order %s: booked %s %d %s, WeChat has %s %d %s", tr.OutTradeNo, *p.TransactionID, p.AmountFen, p.PaidAt, tr.TransactionID, tr.TotalFen, tr.PaidAt)
		}
	}
	ours, oursSum := w.number("SELECT COUNT(*) FROM payments"), w.number("SELECT COALESCE(SUM(amount_fen), 0) FROM payments")
	if ours != count || oursSum != sum {
		w.t.Errorf("booked %d payments of %d fen, WeChat has %d of %d", ours, oursSum, count, sum)
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
