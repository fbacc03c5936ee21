package wechat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"wuyepay/wechat/wechattest"
)

const (
	testAppID  = "wx8888888888888888"
	testSecret = "0123456789abcdef0123456789abcdef"
	testToken  = "AAAAA"
	testAESKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
)

// hangs is how long a test waits for what comes, however slow the machine is.
const hangs = 5 * time.Minute

// fake answers the server API from a script, by path.
type fake struct {
	*httptest.Server
	mu     sync.Mutex
	script map[string]func(n int, r *http.Request, body string) (status int, contentType, reply string)
	calls  map[string]int
	last   map[string]string // URL and body of the last call
}

func newFake(t testing.TB) *fake {
	f := &fake{
		script: map[string]func(int, *http.Request, string) (int, string, string){},
		calls:  map[string]int{}, last: map[string]string{},
	}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		f.calls[r.URL.Path]++
		n, fn := f.calls[r.URL.Path], f.script[r.URL.Path]
		f.last[r.URL.Path] = r.URL.RawQuery + "\n" + string(body)
		f.mu.Unlock()
		if fn == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		status, contentType, text := fn(n, r, string(body))
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(f.Server.Close)
	f.on("/cgi-bin/stable_token", func(n int, _ *http.Request, _ string) string {
		return fmt.Sprintf(`{"access_token":"TOKEN%d","expires_in":7200}`, n)
	})
	return f
}

func (f *fake) on(path string, fn func(n int, r *http.Request, body string) string) {
	f.raw(path, func(n int, r *http.Request, body string) (int, string, string) {
		return 200, "application/json", fn(n, r, body)
	})
}

func (f *fake) raw(path string, fn func(n int, r *http.Request, body string) (int, string, string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.script[path] = fn
}

func (f *fake) count(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[path]
}

func testConfig(base string) Config {
	return Config{AppID: testAppID, AppSecret: testSecret, BaseURL: base, MessageToken: testToken, Timeout: hangs}
}

func newTestClient(t testing.TB, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg, wechattest.NewTokens())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// clean fails if an error text holds anything that it must not.
func clean(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, private := range []string{testSecret, "TOKEN", "ticket-", "CODE", "oAbc", "138", "http", "127.0.0.1", "rid"} {
			if strings.Contains(e.Error(), private) {
				t.Errorf("text shows %q: %v", private, e)
			}
		}
	}
}

// brokenStore is a token store whose database is gone.
type brokenStore struct{}

func (brokenStore) Get(context.Context, string) (string, bool, error) {
	return "", false, errors.New("gone")
}
func (brokenStore) Set(context.Context, string, string, time.Duration) error {
	return errors.New("gone")
}
func (brokenStore) Delete(context.Context, string) error { return errors.New("gone") }
