package sandbox

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

// certificate is one platform certificate of WeChat Pay with its private key.
type certificate struct {
	serial string // upper-case hex
	key    *rsa.PrivateKey
	pem    string
	from   time.Time
	to     time.Time
}

// newCertificate makes a platform certificate valid for five years of real
// time: verifiers compare it with their own clock, not with business time.
func newCertificate(key *rsa.PrivateKey, serial *big.Int) (certificate, error) {
	from := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
	c := certificate{
		serial: fmt.Sprintf("%X", serial),
		key:    key,
		from:   from,
		to:     from.AddDate(5, 0, 0),
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject: pkix.Name{
			Country: []string{"CN"}, Organization: []string{"Tenpay.com (sandbox)"},
			CommonName: "Tenpay.com sandbox sign",
		},
		NotBefore: c.from, NotAfter: c.to,
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return certificate{}, err
	}
	c.pem = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return c, nil
}

type encryptedCertificate struct {
	Algorithm      string `json:"algorithm"`
	Nonce          string `json:"nonce"`
	AssociatedData string `json:"associated_data"`
	Ciphertext     string `json:"ciphertext"`
}

// certificateItem is one certificate in the reply.
type certificateItem struct {
	SerialNo           string               `json:"serial_no"`
	EffectiveTime      string               `json:"effective_time"`
	ExpireTime         string               `json:"expire_time"`
	EncryptCertificate encryptedCertificate `json:"encrypt_certificate"`
}

// serveCertificates answers GET /v3/certificates: every certificate still
// valid, old and new, so that both verify during a rotation.
func (s *Server) serveCertificates(c *payCall) (any, error) {
	certs := c.m.certificates()
	if len(certs) == 0 {
		return nil, &apiError{status: 404, code: "RESOURCE_NOT_EXISTS",
			message: "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥"}
	}
	var reply struct {
		Data []certificateItem `json:"data"`
	}
	for _, cert := range certs {
		nonce := randomHex(12)
		sealed, err := sealGCM(c.m.apiKey(), nonce, "certificate", []byte(cert.pem))
		if err != nil {
			return nil, err
		}
		reply.Data = append(reply.Data, certificateItem{
			SerialNo:      cert.serial,
			EffectiveTime: formatTime(cert.from),
			ExpireTime:    formatTime(cert.to),
			EncryptCertificate: encryptedCertificate{
				Algorithm: "AEAD_AES_256_GCM", Nonce: nonce,
				AssociatedData: "certificate", Ciphertext: sealed,
			},
		})
	}
	return reply, nil
}
