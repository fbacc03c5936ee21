package wechatpay

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testKey    = "0123456789abcdef0123456789ABCDEF"
	testPubID  = "PUB_KEY_ID_0114232134912410000000000000"
	testSerial = "5F1C72E2A8931B72A2E13AF8DEE92471EB397115"
	testMchID  = "1900000001"
	testAppID  = "wx8888888888888888"
)

// keys are made once: RSA key generation is the slowest step of these tests.
var keys = sync.OnceValue(func() (k struct{ merchant, platform *rsa.PrivateKey }) {
	for _, into := range []**rsa.PrivateKey{&k.merchant, &k.platform} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		*into = key
	}
	return k
})

func privatePEM(key *rsa.PrivateKey) string {
	der, _ := x509.MarshalPKCS8PrivateKey(key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func publicPEM(key *rsa.PublicKey) string {
	der, _ := x509.MarshalPKIXPublicKey(key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// platformCert makes a platform certificate; its serial is the hexadecimal of n.
func platformCert(t testing.TB, n int64, notAfter time.Time) (serial, text string) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(n), Subject: pkix.Name{CommonName: "platform"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: notAfter,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &keys().platform.PublicKey, keys().platform)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%X", template.SerialNumber.Bytes()), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// seal is the counterpart of resource.open, written out independently of it.
func seal(t testing.TB, plain, aad string) map[string]string {
	t.Helper()
	block, err := aes.NewCipher([]byte(testKey))
	if err != nil {
		t.Fatal(err)
	}
	gcm, _ := cipher.NewGCM(block)
	nonce := rand.Text()[:12]
	return map[string]string{
		"algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": aad,
		"ciphertext": base64.StdEncoding.EncodeToString(gcm.Seal(nil, []byte(nonce), []byte(plain), []byte(aad))),
	}
}

// sign makes the four headers of WeChat Pay over a body.
func sign(header http.Header, serial string, at time.Time, body []byte) {
	timestamp, nonce := strconv.FormatInt(at.Unix(), 10), rand.Text()
	sum := sha256.Sum256([]byte(timestamp + "\n" + nonce + "\n" + string(body) + "\n"))
	signature, err := rsa.SignPKCS1v15(nil, keys().platform, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	header.Set("Wechatpay-Timestamp", timestamp)
	header.Set("Wechatpay-Nonce", nonce)
	header.Set("Wechatpay-Serial", serial)
	header.Set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(signature))
}

// reply is one scripted answer. It is signed unless it is an error or says otherwise.
type reply struct {
	status   int
	body     string
	unsigned bool
	probe    bool // WECHATPAY/SIGNTEST/
	stale    bool
	header   map[string]string
	delay    time.Duration
}

// fake is a WeChat Pay that checks the signature of each request by itself and answers from a script.
type fake struct {
	*httptest.Server
	t       testing.TB
	mu      sync.Mutex
	script  map[string]func(r *http.Request, body []byte) reply // by "METHOD path"
	calls   map[string]int
	bodies  map[string]string
	queries map[string]string
	serials map[string]string // Wechatpay-Serial that was asked for
}

// hangs is how long a test waits for what comes, however slow the machine is.
const hangs = 5 * time.Minute

var authPattern = regexp.MustCompile(`^WECHATPAY2-SHA256-RSA2048 mchid="([^"]*)",nonce_str="([^"]*)",` +
	`timestamp="([^"]*)",serial_no="([^"]*)",signature="([^"]*)"$`)

func newFake(t testing.TB) *fake {
	f := &fake{t: t, script: map[string]func(*http.Request, []byte) reply{}, calls: map[string]int{},
		bodies: map[string]string{}, queries: map[string]string{}, serials: map[string]string{}}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Server.Close)
	return f
}

func (f *fake) on(route string, answer reply) {
	f.handle(route, func(*http.Request, []byte) reply { return answer })
}

func (f *fake) handle(route string, fn func(*http.Request, []byte) reply) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.script[route] = fn
}

func (f *fake) count(route string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[route]
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	route := r.Method + " " + r.URL.EscapedPath()
	f.mu.Lock()
	f.calls[route]++
	f.bodies[route], f.queries[route], f.serials[route] = string(body), r.URL.RawQuery, r.Header.Get("Wechatpay-Serial")
	fn := f.script[route]
	f.mu.Unlock()
	if err := checkAuthorization(r, body); err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code":"SIGN_ERROR","message":"`+err.Error()+`"}`)
		return
	}
	if fn == nil {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"code":"RESOURCE_NOT_EXISTS","message":"no script"}`)
		return
	}
	a := fn(r, body)
	if a.delay > 0 {
		select {
		case <-time.After(a.delay):
		case <-r.Context().Done():
		}
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	at := time.Now()
	if a.stale {
		at = at.Add(-10 * time.Minute)
	}
	if a.status < 300 && !a.unsigned {
		sign(w.Header(), first(r.Header.Get("Wechatpay-Serial"), testPubID), at, []byte(a.body))
	}
	if a.probe {
		w.Header().Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+w.Header().Get("Wechatpay-Signature"))
	}
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// checkAuthorization verifies over the raw request line and the raw bytes.
func checkAuthorization(r *http.Request, body []byte) error {
	m := authPattern.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil || m[1] != testMchID || m[4] != testSerial {
		return errors.New("authorization shape")
	}
	sum := sha256.Sum256([]byte(r.Method + "\n" + r.RequestURI + "\n" + m[3] + "\n" + m[2] + "\n" + string(body) + "\n"))
	signature, err := base64.StdEncoding.DecodeString(m[5])
	if err != nil {
		return errors.New("signature base64")
	}
	if rsa.VerifyPKCS1v15(&keys().merchant.PublicKey, crypto.SHA256, sum[:], signature) != nil {
		return errors.New("signature")
	}
	return nil
}

func testConfig(base string) Config {
	return Config{
		Name: "main", BaseURL: base, AppID: testAppID, MchID: testMchID, CertificateSerial: testSerial,
		PrivateKeyPEM: privatePEM(keys().merchant), APIv3Key: testKey,
		PublicKeyID: testPubID, PublicKeyPEM: publicPEM(&keys().platform.PublicKey), Timeout: hangs,
	}
}

func newTestClient(t testing.TB, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func testOrder() Order {
	return Order{
		OutTradeNo: "PF|20260315*01_-", Description: "物业费 1-101", OpenID: "oAbc",
		NotifyURL: "https://pay.example.cn/wechat/pay/main/notify",
		Attach:    "a=1", TotalFen: 12345, ExpiresAt: time.Date(2026, 3, 15, 2, 30, 0, 999, time.UTC),
	}
}

// notification builds a signed callback around a plaintext.
func notification(t testing.TB, eventType, plain string, change func(env map[string]any)) (http.Header, []byte) {
	t.Helper()
	env := map[string]any{
		"id": "EV-2018022511223320873", "create_time": "2026-03-15T10:00:00+08:00", "event_type": eventType,
		"resource_type": "encrypt-resource", "summary": "支付成功", "resource": seal(t, plain, "transaction"),
	}
	if change != nil {
		change(env)
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(env); err != nil {
		t.Fatal(err)
	}
	body := []byte(strings.TrimSpace(b.String()))
	header := http.Header{}
	header.Set("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048")
	header.Set("Request-Id", "08F78BB5AF0610D302-0")
	sign(header, testPubID, time.Now(), body)
	return header, body
}
