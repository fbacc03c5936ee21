package wechatpay

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

// DefaultTimeout bounds one call to WeChat Pay when Config.Timeout is zero. It is short
// enough that the phone still has its answer within 10 s.
const DefaultTimeout = 6 * time.Second

// Config configures one merchant. Keys are the texts themselves, already loaded by the
// caller.
type Config struct {
	Name              string        // the key under wechatpay.merchants, used in messages
	BaseURL           string        // https://api.mch.weixin.qq.com when empty; scheme and host only
	AppID             string        // the mini-program, whose openids the payers have
	MchID             string        // merchant, or service provider
	CertificateSerial string        // of the merchant API certificate, hexadecimal
	PrivateKeyPEM     string        // of the merchant API certificate
	APIv3Key          string        // exactly 32 bytes
	PublicKeyID       string        // PUB_KEY_ID_…, with PublicKeyPEM: public-key mode; without: platform certificates
	PublicKeyPEM      string        // WeChat Pay's public key
	SubMchID          string        // set: service-provider (partner) mode
	SubAppID          string        // partner mode, the mini-program is the sub-merchant's own: AppID once more
	SpAppID           string        // partner mode: the provider's app; empty: AppID
	OtherAPIv3Keys    []string      // accepted beside APIv3Key: the one before, or the one to come
	OtherPublicKeys   []PublicKey   // accepted beside PublicKeyPEM, in the same way
	CertificatePEM    string        // the merchant API certificate, so that its end is known; may be empty
	Timeout           time.Duration // per call to WeChat Pay, DefaultTimeout when zero
}

var (
	mchIDPattern  = regexp.MustCompile(`^[0-9]{6,32}$`)
	appIDPattern  = regexp.MustCompile(`^[0-9A-Za-z_-]{1,32}$`)
	serialPattern = regexp.MustCompile(`^[0-9A-Fa-f]{8,64}$`)
	pubKeyPattern = regexp.MustCompile(`^PUB_KEY_ID_[0-9A-Za-z]{1,64}$`)
)

// Validate returns every fault of the configuration. Each begins with the configuration
// key and never shows the value, because the value may be a secret.
func (c Config) Validate() []error {
	var faults []error
	bad := func(key, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", c.key(key), fmt.Sprintf(format, args...)))
	}
	if _, err := parseBaseURL(c.BaseURL); err != nil {
		faults = append(faults, fmt.Errorf("wechatpay.base_url: %w", err))
	}
	if strings.TrimSpace(c.AppID) == "" || len(c.AppID) > 32 {
		faults = append(faults, errors.New("miniprogram.app_id: must be set (at most 32 characters)"))
	}
	if !mchIDPattern.MatchString(c.MchID) {
		bad("mch_id", "must be the merchant number (digits only)")
	}
	faults = append(faults, c.PartnerFaults()...)
	if !serialPattern.MatchString(c.CertificateSerial) {
		bad("certificate_serial", "must be the hexadecimal serial number of the merchant API certificate")
	}
	if _, err := parsePrivateKey(c.PrivateKeyPEM); err != nil {
		bad("private_key_file", "%v", err)
	}
	if len(c.APIv3Key) != 32 {
		bad("api_v3_key", "must be exactly 32 bytes, has %d", len(c.APIv3Key))
	}
	if (c.PublicKeyID == "") != (c.PublicKeyPEM == "") {
		bad("public_key_id", "public_key_id and public_key_file belong together: set both or none")
	} else if c.PublicKeyID != "" {
		if !pubKeyPattern.MatchString(c.PublicKeyID) {
			bad("public_key_id", "must be PUB_KEY_ID_ followed by its digits")
		}
		if _, err := parsePublicKey(c.PublicKeyPEM); err != nil {
			bad("public_key_file", "%v", err)
		}
	}
	faults = append(faults, c.rotationFaults()...)
	if c.Timeout < 0 {
		bad("timeout", "must not be negative")
	}
	return faults
}

// key returns the full configuration key of a field of this merchant.
func (c Config) key(field string) string {
	name := c.Name
	if name == "" {
		name = "main"
	}
	return "wechatpay.merchants." + name + "." + field
}

// parseBaseURL accepts scheme and host only. A path would break the signature, which
// covers path and query.
func parseBaseURL(raw string) (*url.URL, error) {
	if raw == "" {
		raw = consts.WechatPayAPIServer
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("is not a URL")
	}
	if (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return nil, errors.New("must be http(s)://host[:port]")
	}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, errors.New("must have no path, query or user")
	}
	return u, nil
}

// parsePrivateKey reads PKCS#8, and PKCS#1 because older tools write it.
func parsePrivateKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("is not a PEM file")
	}
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		return nil, errors.New("must hold a PRIVATE KEY (apiclient_key.pem)")
	}
	if err != nil {
		return nil, errors.New("holds a private key that cannot be read")
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok || private.N.BitLen() < 2048 {
		return nil, errors.New("must hold an RSA key of at least 2048 bits")
	}
	return private, nil
}

// parsePublicKey reads WeChat Pay's public key. For the usual mistake, the merchant's
// own certificate, it returns an error that names it.
func parsePublicKey(text string) (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("is not a PEM file")
	}
	if block.Type != "PUBLIC KEY" {
		return nil, errors.New("must hold WeChat Pay's PUBLIC KEY (pub_key.pem), not a certificate or a private key")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("holds a public key that cannot be read")
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok || public.N.BitLen() < 2048 {
		return nil, errors.New("must hold an RSA key of at least 2048 bits")
	}
	return public, nil
}
