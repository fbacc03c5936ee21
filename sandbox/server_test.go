package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestUnknownPathsAreNotThere(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	for path, want := range map[string]int{"/nothing": 404, "/v3/nothing": 404, "/sandbox/control/nothing": 404} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if status, _, body := sandboxtest.Do(t, req); status != want || path == "/v3/nothing" && !json.Valid(body) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

// A held answer must not hold up the end of the sandbox.
func TestCloseEndsHeldAnswers(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultTimeoutAfter, Route: sandbox.RoutePrepay, Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	request := sandboxtest.OrderOf(t, s, "PF000001", 100, sandboxtest.Nowhere)
	go func() {
		_, _, err := service.Prepay(t.Context(), request)
		done <- err
	}()
	for s.Calls(sandbox.RoutePrepay) == 0 {
		time.Sleep(time.Millisecond)
	}
	s.SetCloseFor(2 * sandboxtest.Hangs) // Close does not fall back on cutting connections
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(sandboxtest.Hangs / 2):
		t.Fatal("the held call holds up the end")
	}
	if err := <-done; err == nil {
		t.Error("the held call was answered")
	}
	if _, err := http.Get(s.URL()); err == nil {
		t.Error("the listener is still there")
	}
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
	keys := sandboxtest.TestKeys()
	cfg := sandbox.Config{Merchants: []sandbox.Merchant{{Name: "main", PrivateKeyPEM: keys[0], PlatformKeyPEM: keys[1]}}}
	s, err := sandbox.Start(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	// A context that has ended before the start is no different.
	if s, err = sandbox.Start(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
