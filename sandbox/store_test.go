package sandbox

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"
)

// history is all that an outsider can see of a sandbox's state.
type history struct {
	Credentials []MerchantCredentials
	AppID       string
	Templates   map[string]string
	Books       []Transaction
	Messages    []Message
	Quota       int
	Attempts    int
	Bill        string
}

func historyOf(t *testing.T, s *Server) history {
	t.Helper()
	c := s.Credentials()
	a, err := askBill(t, s, "tradebill?bill_date=2026-10-08")
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
	c := newClock("2026-10-08 10:00")
	cfg := Config{Dir: dir, Now: c.now, Merchants: []Merchant{{Name: "main", Mode: ModeBoth}}}
	s := start(t, cfg)
	mp, _ := miniProgram(t, s, true)
	h := newHost(t, s, "main")
	if err := s.SetCallbackSigner("main", ModePublicKey); err != nil {
		t.Fatal(err)
	}
	pay(t, s, "PF000001", h.URL)
	payOrder(t, s, "PF000002", 1000)
	place(t, s, "OPEN0001", 55, nowhere)
	service := refunddomestic.RefundsApiService{Client: sdk(t, s)}
	if _, _, err := service.Create(t.Context(), refundOf("PF000002", "R1", 400, 1000, nowhere)); err != nil {
		t.Fatal(err)
	}
	if err := s.GrantSubscription(s.OpenID("zhang"), s.Credentials().Templates["overdue"], 3); err != nil {
		t.Fatal(err)
	}
	if err := mp.GetSubscribe().Send(goodMessage(s, s.OpenID("zhang"))); err != nil {
		t.Fatal(err)
	}
	if err := s.SeedOrders(Seed{Date: "2026-10-08", Prefix: "SEED", Count: 10, TotalFen: 100}); err != nil {
		t.Fatal(err)
	}
	drain(t, s)
	c.add(25 * time.Hour)
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
		s = start(t, cfg)
		if diff := cmp.Diff(before, historyOf(t, s)); diff != "" {
			t.Fatalf("after a restart:\n%s", diff)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s = start(t, cfg)
	fresh := payOrder(t, s, "PF000003", 10)
	mp, _ = miniProgram(t, s, true)
	if err := mp.GetSubscribe().Send(goodMessage(s, s.OpenID("zhang"))); err != nil {
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
	s = start(t, cfg)
	if again, err := s.Order("PF000003"); err != nil || again.TransactionID != fresh.TransactionID {
		t.Errorf("order after the torn line: %+v, %v", again, err)
	}
}

// A second process (a command beside the server) has the same credentials.
func TestLoadCredentials(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir(), Merchants: []Merchant{{Name: "main", Mode: ModeBoth}}}
	if _, err := LoadCredentials(cfg); err == nil {
		t.Error("credentials of a sandbox that never ran")
	}
	s := start(t, cfg)
	loaded, err := LoadCredentials(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Credentials(), loaded); diff != "" {
		t.Errorf("loaded credentials:\n%s", diff)
	}
	cfg.Merchants = append(cfg.Merchants, Merchant{Name: "new"})
	if _, err := LoadCredentials(cfg); err == nil {
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
	_, err := Start(context.Background(), Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("start = %v, want an error that names line 2", err)
	}
}

// A notification that the host never took is sent after the next start.
func TestUndeliveredNotificationIsOwed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := Config{Dir: dir, RetryScale: 1}
	s := start(t, cfg)
	h := newHost(t, s, "main")
	h.answer = func(n int) int { return map[bool]int{true: 503, false: 204}[n == 1] }
	pay(t, s, "PF000001", h.URL)
	<-h.received
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = start(t, cfg)
	<-h.received
	drain(t, s)
	if good, _ := h.counts(); good != 2 || h.good[0].ID != h.good[1].ID {
		t.Errorf("%d deliveries, want the same event once before and once after", good)
	}
}

func TestStoreWritesInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := openStore(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var want []int
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			mu.Lock()
			ticket := st.queue(recordUser, i)
			want = append(want, i)
			mu.Unlock()
			if err := st.wait(ticket); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := st.close(); err != nil {
		t.Fatal(err)
	}
	var got []int
	st, err = openStore(dir, func(_ string, value json.RawMessage) error {
		n := 0
		for _, c := range value {
			n = n*10 + int(c-'0')
		}
		got = append(got, n)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	st.close()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines:\n%s", diff)
	}
}

func TestConfigTakesOver(t *testing.T) {
	t.Parallel()
	given := Merchant{
		Name: "main", MchID: "1900000001", CertificateSerial: "5F1C72E2A8931B72A2E13AF8DEE92471EB397115",
		APIv3Key: "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb", PublicKeyID: "PUB_KEY_ID_0114232134912410000000000000",
		PrivateKeyPEM: testKeys()[0], PlatformKeyPEM: testKeys()[1],
	}
	s := start(t, Config{AppID: "wx8888888888888888", AppSecret: "secret", Merchants: []Merchant{given},
		Templates: []Template{{Key: "overdue", ID: "TPL-OVERDUE"}, {Key: "own", ID: "TPL-OWN", Keywords: []Keyword{{"thing1", "房号"}}}}})
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
	place(t, s, "PF000001", 100, nowhere)
}

func TestConfigFaults(t *testing.T) {
	t.Parallel()
	_, err := Start(context.Background(), Config{
		MessageAESKey: "short",
		Merchants: []Merchant{{Name: ""}, {Name: "a", Mode: "x"}, {Name: "a"},
			{Name: "b", APIv3Key: "sixteen-bytes-ok"}, {Name: "c", SubMchID: "1"}},
	})
	for _, want := range []string{"MessageAESKey", "name", "mode", "32 bytes", "SubMchID"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error does not mention %s: %v", want, err)
		}
	}
	if _, err := Start(context.Background(), Config{Merchants: []Merchant{{Name: "a", PrivateKeyPEM: "x"}}}); err == nil {
		t.Error("a private key that is none was accepted")
	}
}

// A public key whose private half only WeChat has is replaced, not believed.
func TestForeignPublicKeyIsReplaced(t *testing.T) {
	t.Parallel()
	foreign, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	text, err := publicPEM(&foreign.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, Config{Merchants: []Merchant{{Name: "main", PublicKeyID: "PUB_KEY_ID_01", PublicKeyPEM: text}}})
	if m := s.Credentials().Merchants[0]; m.PublicKeyPEM == text || m.PublicKeyID != "PUB_KEY_ID_01" {
		t.Errorf("public key kept %v, id %s", m.PublicKeyPEM == text, m.PublicKeyID)
	}
	place(t, s, "PF000001", 100, nowhere)
}

// The second one on an address fails before it touches the first one's files.
func TestAddressInUse(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	s := start(t, cfg)
	payOrder(t, s, "PF000001", 100)
	before, err := os.ReadFile(filepath.Join(cfg.Dir, "state.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Listen = strings.TrimPrefix(s.URL(), "http://")
	if _, err := Start(context.Background(), cfg); err == nil {
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
	s, err := Start(ctx, Config{Merchants: []Merchant{{Name: "main", PrivateKeyPEM: testKeys()[0], PlatformKeyPEM: testKeys()[1]}}})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	// A context that has ended before the start is no different.
	if s, err = Start(ctx, Config{Merchants: []Merchant{{Name: "main", PrivateKeyPEM: testKeys()[0], PlatformKeyPEM: testKeys()[1]}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
