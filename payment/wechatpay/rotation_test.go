package wechatpay

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ownCertificate is a merchant API certificate with a serial number.
func ownCertificate(t *testing.T, serial int64, until time.Time) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "merchant"},
		NotBefore: until.AddDate(-5, 0, 0), NotAfter: until,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestKeysAreToldWithoutAsking(t *testing.T) {
	t.Parallel()
	until := time.Now().AddDate(0, 0, 40).UTC().Truncate(time.Second)
	cfg := testConfig("http://127.0.0.1:1")
	cfg.CertificateSerial, cfg.CertificatePEM = "00ABCDEF0123", ownCertificate(t, 0xABCDEF0123, until)
	cfg.OtherAPIv3Keys = []string{strings.Repeat("k", 32)}
	cfg.OtherPublicKeys = []PublicKey{{ID: "PUB_KEY_ID_2", PEM: cfg.PublicKeyPEM}}
	got := newTestClient(t, cfg).Keys()
	want := Keys{
		PublicKeyIDs: []string{cfg.PublicKeyID, "PUB_KEY_ID_2"}, MerchantSerial: "00ABCDEF0123", MerchantUntil: until,
		OtherAPIv3Keys: 1, PublicKeyInUse: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestRotationFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"short second key": {func(c *Config) { c.OtherAPIv3Keys = []string{"short"} }, "second_api_v3_key"},
		"the same public key": {func(c *Config) {
			c.OtherPublicKeys = []PublicKey{{c.PublicKeyID, c.PublicKeyPEM}}
		}, "second_public_key_id"},
		"no second file":        {func(c *Config) { c.OtherPublicKeys = []PublicKey{{"PUB_KEY_ID_2", ""}} }, "second_public_key_file"},
		"no certificate":        {func(c *Config) { c.CertificatePEM = "x" }, "certificate_file"},
		"another's certificate": {func(c *Config) { c.CertificatePEM = ownCertificate(t, 1, time.Now()) }, "another serial number"},
		"a key that is no PEM key": {func(c *Config) {
			c.CertificatePEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
		}, "cannot be read"},
	} {
		cfg := testConfig("http://127.0.0.1:1")
		tt.change(&cfg)
		faults := cfg.Validate()
		if len(faults) != 1 || !strings.Contains(faults[0].Error(), tt.want) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}
