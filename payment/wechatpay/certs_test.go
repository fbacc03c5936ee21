package wechatpay

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"
)

const certRoute = "GET /v3/certificates"

// certList is a reply of /v3/certificates.
func certList(t testing.TB, serialToPEM map[string]string) string {
	t.Helper()
	data := []any{}
	for serial, text := range serialToPEM {
		data = append(data, map[string]any{"serial_no": serial, "encrypt_certificate": seal(t, text, "certificate")})
	}
	body, err := json.Marshal(map[string]any{"data": data})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func certificateMode(base string) Config {
	cfg := testConfig(base)
	cfg.PublicKeyID, cfg.PublicKeyPEM = "", ""
	return cfg
}

func TestCertificateModeDownloadsWhenFirstNeeded(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	serial, text := platformCert(t, 0x5DEA10EF55877E3C, testFuture)
	f.on(certRoute, reply{body: certList(t, map[string]string{serial: text}), unsigned: true})
	f.on("GET /v3/pay/transactions/out-trade-no/PF20260315", reply{body: paidDirect})
	c := newTestClient(t, certificateMode(f.URL))
	if f.count(certRoute) != 0 {
		t.Fatal("New used the network")
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Query(context.Background(), "PF20260315"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := f.count(certRoute); got != 1 {
		t.Errorf("%d downloads for 20 calls at once", got)
	}
	if got := f.serials["GET /v3/pay/transactions/out-trade-no/PF20260315"]; got != serial {
		t.Errorf("asked for a reply signed by %q, want %q", got, serial)
	}
}

func TestNoCertificateMeansNothingWasSent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on(certRoute, reply{status: 500, body: `{"code":"SYSTEM_ERROR"}`})
	c := newTestClient(t, certificateMode(f.URL))
	for range 3 {
		if _, err := c.Prepay(context.Background(), testOrder()); !errors.Is(err, ErrUnknown) {
			t.Errorf("%v, want ErrUnknown", err)
		}
	}
	if got := f.count("POST /v3/pay/transactions/jsapi"); got != 0 {
		t.Errorf("%d orders were sent", got)
	}
	if got := f.count(certRoute); got != 1 {
		t.Errorf("%d downloads, want 1: the rest must wait", got)
	}
	// After the pause it tries again, and works again.
	serial, text := platformCert(t, 0x1234567890, testFuture)
	f.on(certRoute, reply{body: certList(t, map[string]string{serial: text})})
	f.on("POST /v3/pay/transactions/jsapi", reply{body: `{"prepay_id":"x"}`})
	c.certs.mu.Lock()
	c.certs.now = func() time.Time { return time.Now().Add(certRetryFirst) }
	c.certs.mu.Unlock()
	if _, err := c.Prepay(context.Background(), testOrder()); err != nil {
		t.Error(err)
	}
}

// frozen is a clock that stands still, so that no pause ends by itself.
func frozen() func() time.Time {
	now := time.Now()
	return func() time.Time { return now }
}

func TestMixedCallbacks(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	serial, text := platformCert(t, 0x5DEA10EF55877E3D, testFuture)
	f.on(certRoute, reply{body: certList(t, map[string]string{serial: text})})
	c := newTestClient(t, testConfig(f.URL))
	now := frozen()
	c.certs.now = now
	header, body := notification(t, "TRANSACTION.SUCCESS", paidDirect, nil)
	if _, err := c.ParseNotification(context.Background(), header, body); err != nil || f.count(certRoute) != 0 {
		t.Errorf("public key: %v after %d downloads", err, f.count(certRoute))
	}
	sign(header, serial, time.Now(), body)
	for range 3 {
		if _, err := c.ParseNotification(context.Background(), header, body); err != nil {
			t.Errorf("certificate: %v", err)
		}
	}
	// Unknown serials: one more download at most, however many there are.
	for range 50 {
		sign(header, "ABCDEF0123456789", time.Now(), body)
		if _, err := c.ParseNotification(context.Background(), header, body); !errors.Is(err, ErrBadSignature) {
			t.Errorf("unknown serial: %v", err)
		}
	}
	if got := f.count(certRoute); got != 1 {
		t.Errorf("%d downloads", got)
	}
	// A rotated certificate is found after the pause.
	later, text2 := platformCert(t, 0x5DEA10EF55877E3E, testFuture)
	f.on(certRoute, reply{body: certList(t, map[string]string{serial: text, later: text2})})
	c.certs.mu.Lock()
	c.certs.now = func() time.Time { return now().Add(certUnknownPause) }
	c.certs.mu.Unlock()
	sign(header, later, time.Now(), body)
	if _, err := c.ParseNotification(context.Background(), header, body); err != nil {
		t.Errorf("rotated: %v", err)
	}
}

func TestPublicKeyMerchantWithoutCertificates(t *testing.T) {
	t.Parallel()
	f := newFake(t) // /v3/certificates answers 404
	release := make(chan struct{})
	f.handle(certRoute, func(*http.Request, []byte) reply {
		<-release
		return reply{status: 404, body: `{"code":"RESOURCE_NOT_EXISTS"}`}
	})
	c := newTestClient(t, testConfig(f.URL))
	c.certs.patience, c.certs.now = 2*hangs, frozen()
	header, body := notification(t, "TRANSACTION.SUCCESS", paidDirect, nil)
	forged := header.Clone()
	sign(forged, "ABCDEF0123456789", time.Now(), body)
	var wg, public sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.ParseNotification(context.Background(), forged, body); !errors.Is(err, ErrBadSignature) {
				t.Errorf("forged: %v", err)
			}
		})
		public.Go(func() {
			if _, err := c.ParseNotification(context.Background(), header, body); err != nil {
				t.Errorf("true: %v", err)
			}
		})
	}
	// The certificates do not come before all public-key callbacks are through.
	through := make(chan struct{})
	go func() { public.Wait(); close(through) }()
	select {
	case <-through:
	case <-time.After(hangs / 2):
		t.Error("a public-key callback waits for certificates")
	}
	close(release)
	wg.Wait()
	public.Wait()
	if got := f.count(certRoute); got != 1 {
		t.Errorf("%d downloads", got)
	}
}

func TestBackoffGrowsAndEnds(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPlatformCerts(nil, nil, time.Second)
	p.now = func() time.Time { return now }
	var pauses []time.Duration
	for range 12 {
		p.finish(nil, "", errNoCertificate)
		pauses = append(pauses, p.nextTry.Sub(now))
	}
	if pauses[0] != certRetryFirst || pauses[1] != 2*certRetryFirst || pauses[11] != certRetryMost {
		t.Errorf("pauses %v", pauses)
	}
}

func TestCertificateListWithUnusableEntries(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, testConfig("http://127.0.0.1:1"))
	good, text := platformCert(t, 0x77777777, testFuture)
	expired, old := platformCert(t, 0x66666666, time.Now().Add(-time.Minute))
	list := certList(t, map[string]string{good: text, expired: old, "BAD": "not a certificate"})
	certs, _, err := c.certs.decode([]byte(list))
	if err != nil || certs[good] == nil || certs["BAD"] != nil {
		t.Fatalf("decode = %v, %v", certs, err)
	}
	c.certs.finish(certs, good, nil)
	if _, ok := c.certs.Get(context.Background(), expired); ok {
		t.Error("an expired certificate still verifies")
	}
	tomorrow := &x509.Certificate{NotBefore: time.Now().Add(time.Hour), NotAfter: testFuture}
	if got := newestOf(map[string]*x509.Certificate{"A": certs[good], "B": tomorrow}, time.Now()); got != "A" {
		t.Errorf("newest is %q, which is not in force yet", got)
	}
	for _, body := range []string{``, `{}`, `{"data":[{}]}`, `{"data":[{"serial_no":"X","encrypt_certificate":null}]}`, `[]`} {
		if _, _, err := c.certs.decode([]byte(body)); err == nil {
			t.Errorf("decode(%s) gave no error", body)
		}
	}
}
