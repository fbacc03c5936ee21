package sandbox_test

import (
	"context"
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
