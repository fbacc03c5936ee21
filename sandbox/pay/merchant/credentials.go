package merchant

import (
	"log/slog"

	"wuyepay/sandbox/core"
)

// Credentials are the ids and keys in force of one merchant.
type Credentials struct {
	Name              string
	Mode              core.Mode
	Partner           bool
	MchID             string // sp_mchid of a partner
	CertificateSerial string
	PrivateKeyPEM     string // PKCS#8
	APIv3Key          string // 32 bytes
	PublicKeyID       string // empty in certificate mode
	PublicKeyPEM      string // PKIX, empty in certificate mode
	SubMchID          string // empty unless Partner
	SubAppID          string
	AppID             string // the provider's app if there is a SubAppID
}

// String returns a text without secrets.
func (m Credentials) String() string { return "sandbox merchant " + m.Name + " " + m.MchID }

// GoString returns a text without secrets.
func (m Credentials) GoString() string { return m.String() }

// LogValue returns a text without secrets.
func (m Credentials) LogValue() slog.Value { return slog.StringValue(m.String()) }
