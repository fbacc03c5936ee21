package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wuyepay/models/modelstest"
)

// world is the whole program running on free ports over a database of its own.
type world struct {
	*app
	t    *testing.T
	url  string
	stop func()
}

// The program's own limits are for a machine that is quick enough; the tests run on
// any.
func init() {
	drainFor, scrapeFor, checkFor, releaseFor = patience, patience, patience, patience
}

// newConfig is the shipped configuration on free ports, an empty database and a
// set clock.
func newConfig(t *testing.T, clock string) Config {
	t.Helper()
	cfg, err := loadConfig("../config.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Clock = clock
	cfg.Database = modelstest.NewConfig(t)
	dir := t.TempDir()
	cfg.Security.DataKeyFile = filepath.Join(dir, "data.key")
	if err := os.WriteFile(cfg.Security.DataKeyFile, modelstest.DataKey, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg.Sandbox.Listen = "127.0.0.1:0"
	return cfg
}

// start runs the program until the test ends or stop is called.
func start(t *testing.T, cfg Config) *world {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Server.PublicURL = "http://" + listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	a, err := newApp(ctx, cfg, slog.New(slog.NewTextHandler(testLog{t}, nil)))
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.serve(ctx, listener) }()
	w := &world{app: a, t: t, url: cfg.Server.PublicURL}
	w.stop = func() {
		if w.stop = func() {}; ctx.Err() != nil {
			return
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := a.close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	t.Cleanup(func() { w.stop() })
	return w
}

// testLog shows the program's log where a test fails.
type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) {
	if os.Getenv("TEST_LOG") != "" {
		l.t.Logf("%s", bytes.TrimSpace(b))
	}
	return len(b), nil
}

// phone is an owner's phone that is signed in.
type phone struct {
	w     *world
	token string
	keys  int
}

// signIn signs a person of the sandbox in; with a number, their phone is given and
// its rooms are bound.
func (w *world) signIn(name, number string) *phone {
	w.t.Helper()
	p := &phone{w: w}
	p.token = p.must("POST", "/session", map[string]any{"code": "dev-" + name}, 200)["token"].(string)
	if number != "" {
		p.must("POST", "/phone", map[string]any{"code": "phone-" + number}, 200)
	}
	return p
}

// call sends a request as the mini-program does and returns status and body.
func (p *phone) call(method, path string, body any) (int, map[string]any) {
	p.w.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			p.w.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, p.w.url+"/api/v1"+path, reader)
	if err != nil {
		p.w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	if strings.HasSuffix(path, "/orders") && method == "POST" {
		p.keys++
		req.Header.Set("Idempotency-Key", fmt.Sprintf("key-%d", p.keys))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.w.t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	if raw, err := io.ReadAll(res.Body); err != nil {
		p.w.t.Fatal(err)
	} else if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			p.w.t.Fatalf("%s %s: %d, not JSON: %s", method, path, res.StatusCode, raw)
		}
	}
	return res.StatusCode, out
}

// must is call with the status that must come.
func (p *phone) must(method, path string, body any, status int) map[string]any {
	p.w.t.Helper()
	have, out := p.call(method, path, body)
	if have != status {
		p.w.t.Fatalf("%s %s: status %d, want %d: %v", method, path, have, status, out)
	}
	return out
}

// refused is call that must be refused with a code.
func (p *phone) refused(method, path string, body any, status int, code string) map[string]any {
	p.w.t.Helper()
	out := p.must(method, path, body, status)
	if out["code"] != code {
		p.w.t.Fatalf("%s %s: code %v, want %s", method, path, out["code"], code)
	}
	return out
}

// rooms returns the ids of the rooms that the person is bound to.
func (p *phone) rooms() (ids []string) {
	p.w.t.Helper()
	for _, r := range p.must("GET", "/rooms", nil, 200)["rooms"].([]any) {
		ids = append(ids, r.(map[string]any)["id"].(string))
	}
	return ids
}

// bills returns the open bills of a room, with what is due in all.
func (p *phone) bills(room string) (bills []map[string]any, total float64) {
	p.w.t.Helper()
	arrears := p.must("GET", "/rooms/"+room+"/arrears", nil, 200)
	for _, b := range arrears["bills"].([]any) {
		bills = append(bills, b.(map[string]any))
	}
	return bills, arrears["total_fen"].(float64)
}

// until waits for something that happens by itself.
func until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if happened() {
			return
		}
	}
	t.Fatalf("did not happen in time: %s", what)
}

// booksAgree fails the test where an invariant does not hold.
func (w *world) booksAgree() {
	w.t.Helper()
	violations, err := proveBooks(context.Background(), w.db)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, v := range violations {
		w.t.Errorf("the books do not agree: %s", v)
	}
}
