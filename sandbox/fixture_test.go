package sandbox

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/notify"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testKeys are made once: keys are by far the slowest part of a start.
var testKeys = sync.OnceValue(func() [2]string {
	var pair [2]string
	for i := range pair {
		_, text, err := keyFrom("")
		if err != nil {
			panic(err)
		}
		pair[i] = text
	}
	return pair
})

// clock is a business clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock(text string) *clock {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
	if err != nil {
		panic(err)
	}
	return &clock{at: at}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// start runs a sandbox that ends with the test.
func start(t testing.TB, cfg Config) *Server {
	t.Helper()
	if len(cfg.Merchants) == 0 {
		cfg.Merchants = []Merchant{{Name: "main"}}
	}
	for i := range cfg.Merchants {
		m := &cfg.Merchants[i]
		if cfg.Dir == "" {
			m.PrivateKeyPEM = firstOf(m.PrivateKeyPEM, testKeys()[0])
			m.PlatformKeyPEM = firstOf(m.PlatformKeyPEM, testKeys()[1])
		}
	}
	if cfg.RetryScale == 0 {
		cfg.RetryScale = 1.0 / 1000
	}
	s, err := Start(context.Background(), cfg)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// redirect sends whatever is meant for WeChat to the sandbox; path and query,
// which the signature covers, stay untouched.
// hangs is how long a test waits for what comes, however slow the machine is.
const hangs = 5 * time.Minute

type redirect struct {
	to   *url.URL
	base *http.Transport
}

func (r *redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	clone := req.Clone(req.Context())
	clone.URL.Scheme, clone.URL.Host = r.to.Scheme, r.to.Host
	return r.base.RoundTrip(clone)
}

func redirectTo(t testing.TB, s *Server) *http.Client {
	t.Helper()
	to, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	// Not Client.Timeout: the SDK does not close bodies, and the timer of each
	// would look like a leak of ours.
	base := &http.Transport{MaxIdleConnsPerHost: 64, ResponseHeaderTimeout: hangs}
	t.Cleanup(base.CloseIdleConnections)
	return &http.Client{Transport: &redirect{to, base}}
}

// merchantKeys parses what Credentials hand out, by the SDK's own functions.
type merchantKeys struct {
	MerchantCredentials
	key *rsa.PrivateKey
	pub *rsa.PublicKey // nil in certificate mode
}

func keysOf(t testing.TB, s *Server, name string) merchantKeys {
	t.Helper()
	m, ok := s.Credentials().Merchant(name)
	if !ok {
		t.Fatalf("no merchant %s", name)
	}
	k := merchantKeys{MerchantCredentials: m}
	var err error
	if k.key, err = utils.LoadPrivateKey(m.PrivateKeyPEM); err != nil {
		t.Fatal(err)
	}
	if m.PublicKeyPEM != "" {
		if k.pub, err = utils.LoadPublicKey(m.PublicKeyPEM); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// sdk is the unmodified SDK in public-key mode.
func sdk(t testing.TB, s *Server) *core.Client { return sdkFor(t, s, "main") }

func sdkFor(t testing.TB, s *Server, name string) *core.Client {
	t.Helper()
	k := keysOf(t, s, name)
	client, err := core.NewClient(t.Context(),
		option.WithWechatPayPublicKeyAuthCipher(k.MchID, k.CertificateSerial, k.key, k.PublicKeyID, k.pub),
		option.WithHTTPClient(redirectTo(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// unverified is the SDK without reply checks, for unsigned downloads.
func unverified(t testing.TB, s *Server, name string) *core.Client {
	t.Helper()
	k := keysOf(t, s, name)
	client, err := core.NewClient(t.Context(),
		option.WithMerchantCredential(k.MchID, k.CertificateSerial, k.key),
		option.WithoutValidator(), option.WithHTTPClient(redirectTo(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// orderOf is an ordinary order of the mini-program.
func orderOf(t testing.TB, s *Server, no string, fen int64, notifyURL string) jsapi.PrepayRequest {
	t.Helper()
	return jsapi.PrepayRequest{
		Appid: core.String(s.Credentials().AppID), Mchid: core.String(keysOf(t, s, "main").MchID),
		Description: core.String("物业费 1-101 & 车位"), OutTradeNo: core.String(no),
		NotifyUrl: core.String(notifyURL), Attach: core.String("room=101,<x>"),
		Amount: &jsapi.Amount{Total: core.Int64(fen)},
		Payer:  &jsapi.Payer{Openid: core.String(s.OpenID("zhang"))},
	}
}

const nowhere = "http://127.0.0.1:9/notify" // nobody listens there

func place(t testing.TB, s *Server, no string, fen int64, notifyURL string) string {
	t.Helper()
	service := jsapi.JsapiApiService{Client: sdk(t, s)}
	reply, _, err := service.Prepay(t.Context(), orderOf(t, s, no, fen, notifyURL))
	if err != nil {
		t.Fatalf("prepay %s: %v", no, err)
	}
	return *reply.PrepayId
}

// host receives notifications through the SDK's handler and remembers them.
type host struct {
	URL string

	mu       sync.Mutex
	good     []*notify.Request
	plain    []payments.Transaction
	bad      []error
	serials  []string
	answer   func(n int) int // status of the n-th call; nil is 204 for good ones
	received chan struct{}
}

func newHost(t testing.TB, s *Server, name string) *host {
	t.Helper()
	k := keysOf(t, s, name)
	return newHostWith(t, k.APIv3Key, verifiers.NewSHA256WithRSAPubkeyVerifier(k.PublicKeyID, *k.pub))
}

func newHostWith(t testing.TB, apiV3Key string, verifier auth.Verifier) *host {
	t.Helper()
	handler, err := notify.NewRSANotifyHandler(apiV3Key, verifier)
	if err != nil {
		t.Fatal(err)
	}
	h := &host{received: make(chan struct{}, 10_000)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(h.receive(handler, r))
		h.received <- struct{}{}
	}))
	t.Cleanup(server.Close)
	h.URL = server.URL + "/notify"
	return h
}

func (h *host) receive(handler *notify.Handler, r *http.Request) (status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.serials = append(h.serials, r.Header.Get("Wechatpay-Serial"))
	n := len(h.serials)
	defer func() {
		if p := recover(); p != nil { // the SDK panics on an envelope without resource
			h.bad = append(h.bad, fmt.Errorf("panic: %v", p))
			status = http.StatusBadRequest
		}
	}()
	var transaction payments.Transaction
	request, err := handler.ParseNotifyRequest(r.Context(), r, &transaction)
	if err != nil {
		h.bad = append(h.bad, err)
		return http.StatusUnauthorized
	}
	h.good = append(h.good, request)
	h.plain = append(h.plain, transaction)
	if h.answer != nil {
		return h.answer(n)
	}
	return http.StatusNoContent
}

func (h *host) counts() (good, bad int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.good), len(h.bad)
}

func drain(t testing.TB, s *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	defer cancel()
	if err := s.Drain(ctx); err != nil {
		t.Fatalf("notifications did not end: %v", err)
	}
}

// rawCall signs a request by hand, for bodies that no SDK would send.
func rawCall(t testing.TB, s *Server, name, method, uri, body string, change func(*http.Request)) (int, http.Header, []byte) {
	t.Helper()
	return rawCallAt(t, s, name, time.Now(), method, uri, body, change)
}

// rawCallAt is rawCall rightly signed at another moment.
func rawCallAt(t testing.TB, s *Server, name string, when time.Time, method, uri, body string, change func(*http.Request)) (int, http.Header, []byte) {
	t.Helper()
	k := keysOf(t, s, name)
	at, nonce := strconv.FormatInt(when.Unix(), 10), "0123456789abcdef"
	signature, err := signSHA256(k.key, []byte(method+"\n"+uri+"\n"+at+"\n"+nonce+"\n"+body+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+uri, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", fmt.Sprintf(
		`WECHATPAY2-SHA256-RSA2048 signature="%s",mchid="%s",serial_no="%s",nonce_str="%s",timestamp="%s"`,
		signature, k.MchID, k.CertificateSerial, nonce, at))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "test")
	if change != nil {
		change(req)
	}
	return do(t, req)
}

func do(t testing.TB, req *http.Request) (int, http.Header, []byte) {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, data
}

func codeOf(t testing.TB, body []byte) string {
	t.Helper()
	var e struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatalf("not an error body: %s", body)
	}
	return e.Code
}
