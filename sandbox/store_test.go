package sandbox_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// history is all that an outsider can see of a sandbox's state.
type history struct {
	Credentials []sandbox.MerchantCredentials
	AppID       string
	Templates   map[string]string
	Books       []sandbox.Transaction
	Messages    []sandbox.Message
	Quota       int
	Attempts    int
	Bill        string
}

func historyOf(t *testing.T, s *sandbox.Server) history {
	t.Helper()
	c := s.Credentials()
	a, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	return history{
		Credentials: c.Merchants, AppID: c.AppID, Templates: c.Templates,
		Books: slices.Collect(s.Books()), Messages: s.Messages(""),
		Quota:    s.Quota(s.OpenID("zhang"), c.Templates["overdue"]),
		Attempts: len(s.Attempts("PF000001")), Bill: a.HashValue,
	}
}

func TestStateSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	c := sandboxtest.NewClock("2026-10-08 10:00")
	cfg := sandbox.Config{Dir: dir, Now: c.Now, Merchants: []sandbox.Merchant{{Name: "main", Mode: sandbox.ModeBoth}}}
	s := sandboxtest.Start(t, cfg)
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	h := sandboxtest.NewHost(t, s, "main")
	if err := s.SetCallbackSigner("main", sandbox.ModePublicKey); err != nil {
		t.Fatal(err)
	}
	sandboxtest.Pay(t, s, "PF000001", h.URL)
	sandboxtest.PayOrder(t, s, "PF000002", 1000)
	sandboxtest.Place(t, s, "OPEN0001", 55, sandboxtest.Nowhere)
	service := refunddomestic.RefundsApiService{Client: sandboxtest.SDK(t, s)}
	if _, _, err := service.Create(t.Context(), sandboxtest.RefundOf("PF000002", "R1", 400, 1000, sandboxtest.Nowhere)); err != nil {
		t.Fatal(err)
	}
	if err := s.GrantSubscription(s.OpenID("zhang"), s.Credentials().Templates["overdue"], 3); err != nil {
		t.Fatal(err)
	}
	if err := mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, s.OpenID("zhang"))); err != nil {
		t.Fatal(err)
	}
	if err := s.SeedOrders(sandbox.Seed{Date: "2026-10-08", Prefix: "SEED", Count: 10, TotalFen: 100}); err != nil {
		t.Fatal(err)
	}
	sandboxtest.Drain(t, s)
	c.Add(25 * time.Hour)
	before := historyOf(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// A crash in the middle of a line must not cost the lines before it.
	path := filepath.Join(dir, "state.jsonl")
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"k":"order","v":{"seq":99,"mch`); err != nil {
		t.Fatal(err)
	}
	file.Close()

	for range 2 { // the second start reads what the first wrote after the torn line
		s = sandboxtest.Start(t, cfg)
		if diff := cmp.Diff(before, historyOf(t, s)); diff != "" {
			t.Fatalf("after a restart:\n%s", diff)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s = sandboxtest.Start(t, cfg)
	fresh := sandboxtest.PayOrder(t, s, "PF000003", 10)
	mp, _ = sandboxtest.MiniProgram(t, s, true)
	if err := mp.GetSubscribe().Send(sandboxtest.GoodMessage(s, s.OpenID("zhang"))); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages(""); len(m) != 2 || m[0].MsgID == m[1].MsgID {
		t.Errorf("messages after a restart: %+v", m)
	}
	for _, old := range before.Books {
		if old.TransactionID == fresh.TransactionID {
			t.Errorf("transaction id %s was given out twice", fresh.TransactionID)
		}
	}
	// What was written after the torn line stands on lines of its own.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = sandboxtest.Start(t, cfg)
	if again, err := s.Order("PF000003"); err != nil || again.TransactionID != fresh.TransactionID {
		t.Errorf("order after the torn line: %+v, %v", again, err)
	}
}

// A second process (a command beside the server) has the same credentials.
func TestLoadCredentials(t *testing.T) {
	t.Parallel()
	cfg := sandbox.Config{Dir: t.TempDir(), Merchants: []sandbox.Merchant{{Name: "main", Mode: sandbox.ModeBoth}}}
	if _, err := sandbox.LoadCredentials(cfg); err == nil {
		t.Error("credentials of a sandbox that never ran")
	}
	s := sandboxtest.Start(t, cfg)
	loaded, err := sandbox.LoadCredentials(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Credentials(), loaded); diff != "" {
		t.Errorf("loaded credentials:\n%s", diff)
	}
	cfg.Merchants = append(cfg.Merchants, sandbox.Merchant{Name: "new"})
	if _, err := sandbox.LoadCredentials(cfg); err == nil {
		t.Error("credentials of a merchant the running sandbox does not have")
	}
}

func TestGarbledStateIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := `{"k":"user","v":{"openid":"o1"}}` + "\nnot json\n" + `{"k":"user","v":{"openid":"o2"}}` + "\n"
	if err := os.WriteFile(filepath.Join(dir, "state.jsonl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sandbox.Start(context.Background(), sandbox.Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("start = %v, want an error that names line 2", err)
	}
}

// A notification that the host never took is sent after the next start.
func TestUndeliveredNotificationIsOwed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := sandbox.Config{Dir: dir, RetryScale: 1}
	s := sandboxtest.Start(t, cfg)
	h := sandboxtest.NewHost(t, s, "main")
	h.Answer = func(n int) int { return map[bool]int{true: 503, false: 204}[n == 1] }
	sandboxtest.Pay(t, s, "PF000001", h.URL)
	<-h.Received
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = sandboxtest.Start(t, cfg)
	<-h.Received
	sandboxtest.Drain(t, s)
	if good, _ := h.Counts(); good != 2 || h.Good[0].ID != h.Good[1].ID {
		t.Errorf("%d deliveries, want the same event once before and once after", good)
	}
}

func TestConfigTakesOver(t *testing.T) {
	t.Parallel()
	given := sandbox.Merchant{
		Name: "main", MchID: "1900000001", CertificateSerial: "5F1C72E2A8931B72A2E13AF8DEE92471EB397115",
		APIv3Key: "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb", PublicKeyID: "PUB_KEY_ID_0114232134912410000000000000",
		PrivateKeyPEM: sandboxtest.TestKeys()[0], PlatformKeyPEM: sandboxtest.TestKeys()[1],
	}
	s := sandboxtest.Start(t, sandbox.Config{AppID: "wx8888888888888888", AppSecret: "secret", Merchants: []sandbox.Merchant{given},
		Templates: []sandbox.Template{{Key: "overdue", ID: "TPL-OVERDUE"}, {Key: "own", ID: "TPL-OWN", Keywords: []sandbox.Keyword{{"thing1", "房号"}}}}})
	c := s.Credentials()
	m := c.Merchants[0]
	if c.AppID != "wx8888888888888888" || c.AppSecret != "secret" || m.MchID != given.MchID ||
		m.CertificateSerial != given.CertificateSerial || m.APIv3Key != given.APIv3Key ||
		m.PublicKeyID != given.PublicKeyID || m.PrivateKeyPEM != given.PrivateKeyPEM {
		t.Errorf("credentials differ from what was given: %#v", m)
	}
	if c.Templates["overdue"] != "TPL-OVERDUE" || c.Templates["own"] != "TPL-OWN" || len(c.Templates) != 6 || c.Templates["due_soon"] == "" {
		t.Errorf("templates = %v", c.Templates)
	}
	if text := strings.Join([]string{c.String(), c.GoString(), m.String(), m.GoString()}, " "); strings.Contains(text, m.APIv3Key) {
		t.Errorf("a key is printed: %s", text)
	}
	sandboxtest.Place(t, s, "PF000001", 100, sandboxtest.Nowhere)
}

func TestConfigFaults(t *testing.T) {
	t.Parallel()
	_, err := sandbox.Start(context.Background(), sandbox.Config{
		MessageAESKey: "short",
		Merchants: []sandbox.Merchant{{Name: ""}, {Name: "a", Mode: "x"}, {Name: "a"},
			{Name: "b", APIv3Key: "sixteen-bytes-ok"}, {Name: "c", SubMchID: "1"}},
	})
	for _, want := range []string{"MessageAESKey", "name", "mode", "32 bytes", "SubMchID"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error does not mention %s: %v", want, err)
		}
	}
	if _, err := sandbox.Start(context.Background(), sandbox.Config{Merchants: []sandbox.Merchant{{Name: "a", PrivateKeyPEM: "x"}}}); err == nil {
		t.Error("a private key that is none was accepted")
	}
}

// A public key whose private half only WeChat has is replaced, not believed.
func TestForeignPublicKeyIsReplaced(t *testing.T) {
	t.Parallel()
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&foreign.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	s := sandboxtest.Start(t, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "main", PublicKeyID: "PUB_KEY_ID_01", PublicKeyPEM: text}}})
	if m := s.Credentials().Merchants[0]; m.PublicKeyPEM == text || m.PublicKeyID != "PUB_KEY_ID_01" {
		t.Errorf("public key kept %v, id %s", m.PublicKeyPEM == text, m.PublicKeyID)
	}
	sandboxtest.Place(t, s, "PF000001", 100, sandboxtest.Nowhere)
}

// The second one on an address fails before it touches the first one's files.
func TestAddressInUse(t *testing.T) {
	t.Parallel()
	cfg := sandbox.Config{Dir: t.TempDir()}
	s := sandboxtest.Start(t, cfg)
	sandboxtest.PayOrder(t, s, "PF000001", 100)
	before, err := os.ReadFile(filepath.Join(cfg.Dir, "state.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Listen = strings.TrimPrefix(s.URL(), "http://")
	if _, err := sandbox.Start(context.Background(), cfg); err == nil {
		t.Fatal("two sandboxes on one address")
	}
	after, err := os.ReadFile(filepath.Join(cfg.Dir, "state.jsonl"))
	if err != nil || !slices.Equal(before, after) {
		t.Errorf("the state file changed: %v", err)
	}
}

func TestEndOfContextCloses(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	s, err := sandbox.Start(ctx, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "main", PrivateKeyPEM: sandboxtest.TestKeys()[0], PlatformKeyPEM: sandboxtest.TestKeys()[1]}}})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	// A context that has ended before the start is no different.
	if s, err = sandbox.Start(ctx, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "main", PrivateKeyPEM: sandboxtest.TestKeys()[0], PlatformKeyPEM: sandboxtest.TestKeys()[1]}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
