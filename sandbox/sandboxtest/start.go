package sandboxtest

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"sync"
	"testing"
	"time"

	"wuyepay/sandbox"
)

// TestKeys returns two keys, which are made once: making keys is by far the slowest
// part of a start.
var TestKeys = sync.OnceValue(func() [2]string {
	var pair [2]string
	for i := range pair {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			panic(err)
		}
		pair[i] = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	return pair
})

// Hangs is how long a test waits for what comes, however slow the machine is.
const Hangs = 5 * time.Minute

// Shanghai is the zone of every business time.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// Start starts a sandbox that ends with the test.
func Start(t testing.TB, cfg sandbox.Config) *sandbox.Server {
	t.Helper()
	if len(cfg.Merchants) == 0 {
		cfg.Merchants = []sandbox.Merchant{{Name: "main"}}
	}
	for i := range cfg.Merchants {
		m := &cfg.Merchants[i]
		if cfg.Dir == "" {
			m.PrivateKeyPEM = cmp.Or(m.PrivateKeyPEM, TestKeys()[0])
			m.PlatformKeyPEM = cmp.Or(m.PlatformKeyPEM, TestKeys()[1])
		}
	}
	if cfg.RetryScale == 0 {
		cfg.RetryScale = 1.0 / 1000
	}
	s, err := sandbox.Start(context.Background(), cfg)
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

// Drain waits until no notification is owed.
func Drain(t testing.TB, s *sandbox.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Hangs)
	defer cancel()
	if err := s.Drain(ctx); err != nil {
		t.Fatalf("notifications did not end: %v", err)
	}
}
