package merchant

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// Certificate is a platform certificate of WeChat Pay with its private key.
type Certificate struct {
	Serial string // upper-case hex
	key    *rsa.PrivateKey
	PEM    string
	From   time.Time
	To     time.Time
}

// newCertificate makes a platform certificate that is valid for five years of real
// time. A verifier compares it with its own clock, not with business time.
func newCertificate(key *rsa.PrivateKey, serial *big.Int) (Certificate, error) {
	from := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
	c := Certificate{
		Serial: fmt.Sprintf("%X", serial),
		key:    key,
		From:   from,
		To:     from.AddDate(5, 0, 0),
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject: pkix.Name{
			Country: []string{"CN"}, Organization: []string{"Tenpay.com (sandbox)"},
			CommonName: "Tenpay.com sandbox sign",
		},
		NotBefore: c.From, NotAfter: c.To,
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return Certificate{}, err
	}
	c.PEM = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return c, nil
}
