package wechatpay

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core/auth"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
)

// PublicKey is a public key of WeChat Pay besides the one in use: the previous or the
// next one. A signature by it is accepted while it is configured.
type PublicKey struct {
	ID  string // PUB_KEY_ID_…
	PEM string
}

// keyRing opens what WeChat encrypted with the APIv3 key in use or, during a rotation,
// with the previous or the next one.
type keyRing []cipher.AEAD

func newKeyRing(keys ...string) (keyRing, error) {
	var ring keyRing
	for _, key := range keys {
		block, err := aes.NewCipher([]byte(key))
		if err != nil {
			return nil, errors.New("cannot be used")
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, errors.New("cannot be used")
		}
		ring = append(ring, aead)
	}
	return ring, nil
}

// keyVerifier selects the key by the serial of each message: a public key for its own
// id, a platform certificate for any other serial. That works in the weeks when WeChat
// moves a merchant from one to the other, whose callbacks are signed by either
// (pay.weixin.qq.com/doc/v3/merchant/4012154180).
type keyVerifier struct {
	byID  map[string]auth.Verifier
	certs auth.Verifier
	asked string // the public key that replies are asked to be signed with; empty: the newest certificate
}

func newVerifier(cfg Config, certs *platformCerts) (auth.Verifier, error) {
	v := &keyVerifier{byID: map[string]auth.Verifier{}, certs: verifiers.NewSHA256WithRSAVerifier(certs), asked: cfg.PublicKeyID}
	keys := cfg.OtherPublicKeys
	if cfg.PublicKeyID != "" {
		keys = append([]PublicKey{{cfg.PublicKeyID, cfg.PublicKeyPEM}}, keys...)
	}
	for _, k := range keys {
		public, err := parsePublicKey(k.PEM)
		if err != nil {
			return nil, err
		}
		v.byID[k.ID] = verifiers.NewSHA256WithRSAPubkeyVerifier(k.ID, *public)
	}
	return v, nil
}

// Verify checks a signature by the key that the serial names.
func (v *keyVerifier) Verify(ctx context.Context, serial, message, signature string) error {
	if key := v.byID[serial]; key != nil {
		return key.Verify(ctx, serial, message, signature)
	}
	return v.certs.Verify(ctx, serial, message, signature)
}

// GetSerial returns the serial of the key that WeChat should sign its replies with.
func (v *keyVerifier) GetSerial(ctx context.Context) (string, error) {
	if v.asked != "" {
		return v.asked, nil
	}
	return v.certs.GetSerial(ctx)
}

// rotationFaults are the faults of the keys of a rotation and of the merchant's own
// certificate.
func (c Config) rotationFaults() []error {
	var faults []error
	bad := func(key, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", c.key(key), fmt.Sprintf(format, args...)))
	}
	for _, key := range c.OtherAPIv3Keys {
		if len(key) != 32 {
			bad("second_api_v3_key", "must be exactly 32 bytes, has %d", len(key))
		}
	}
	seen := map[string]bool{c.PublicKeyID: true}
	for _, k := range c.OtherPublicKeys {
		if !pubKeyPattern.MatchString(k.ID) || seen[k.ID] {
			bad("second_public_key_id", "must be PUB_KEY_ID_ followed by its digits, and another than public_key_id")
		}
		seen[k.ID] = true
		if _, err := parsePublicKey(k.PEM); err != nil {
			bad("second_public_key_file", "%v", err)
		}
	}
	if c.CertificatePEM != "" {
		switch cert, err := parseCertificate(c.CertificatePEM); {
		case err != nil:
			bad("certificate_file", "%v", err)
		case !strings.EqualFold(serialOf(cert), strings.TrimLeft(c.CertificateSerial, "0")):
			bad("certificate_file", "has another serial number than certificate_serial")
		}
	}
	return faults
}

// parseCertificate reads the merchant API certificate, apiclient_cert.pem.
func parseCertificate(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("must hold a CERTIFICATE (apiclient_cert.pem)")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, errors.New("holds a certificate that cannot be read")
	}
	return cert, nil
}

func serialOf(cert *x509.Certificate) string {
	return strings.TrimLeft(fmt.Sprintf("%X", cert.SerialNumber), "0")
}

// knowsPublicKey reports whether a public key with an id is configured.
func (c *Client) knowsPublicKey(id string) bool {
	return id == c.cfg.PublicKeyID || slices.ContainsFunc(c.cfg.OtherPublicKeys, func(k PublicKey) bool { return k.ID == id })
}

// Keys lists a merchant's keys and until when they are valid. A time that is not known
// is zero. Public keys have no end. The end of the merchant's own certificate is known
// only if its file is configured, and that of a platform certificate only after it was
// needed.
type Keys struct {
	PublicKeyIDs    []string // the one in use first
	PlatformSerial  string
	PlatformUntil   time.Time
	MerchantSerial  string
	MerchantUntil   time.Time
	OtherAPIv3Keys  int // beside the one in use
	PublicKeyInUse  bool
	CertificateMode bool // no public key: replies are verified by platform certificates
}

// Keys returns the keys without a call to WeChat.
func (c *Client) Keys() Keys {
	k := Keys{MerchantSerial: strings.ToUpper(c.cfg.CertificateSerial), OtherAPIv3Keys: len(c.cfg.OtherAPIv3Keys),
		PublicKeyInUse: c.cfg.PublicKeyID != "", CertificateMode: c.cfg.PublicKeyID == ""}
	if c.cfg.PublicKeyID != "" {
		k.PublicKeyIDs = append(k.PublicKeyIDs, c.cfg.PublicKeyID)
	}
	for _, other := range c.cfg.OtherPublicKeys {
		k.PublicKeyIDs = append(k.PublicKeyIDs, other.ID)
	}
	if cert, err := parseCertificate(c.cfg.CertificatePEM); err == nil {
		k.MerchantUntil = cert.NotAfter
	}
	c.certs.mu.Lock()
	defer c.certs.mu.Unlock()
	if cert := c.certs.bySerial[c.certs.newest]; cert != nil {
		k.PlatformSerial, k.PlatformUntil = c.certs.newest, cert.NotAfter
	}
	return k
}
