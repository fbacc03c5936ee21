package sandbox

import "log/slog"

// Credentials are the ids and keys in force: what Config gave, and what the
// sandbox made for everything Config left empty. The host must use these, not
// its own configuration.
type Credentials struct {
	AppID         string
	AppSecret     string
	MessageToken  string
	MessageAESKey string
	Templates     map[string]string // template ids by key
	Merchants     []MerchantCredentials
}

// MerchantCredentials is one merchant's part of Credentials.
type MerchantCredentials struct {
	Name              string
	Mode              Mode
	Partner           bool
	MchID             string // sp_mchid of a partner
	CertificateSerial string
	PrivateKeyPEM     string // PKCS#8
	APIv3Key          string // 32 bytes
	PublicKeyID       string // empty in certificate mode
	PublicKeyPEM      string // PKIX, empty in certificate mode
	SubMchID          string // empty unless Partner
	SubAppID          string
}

// Merchant finds a merchant by the host's name for it.
func (c Credentials) Merchant(name string) (MerchantCredentials, bool) {
	for _, m := range c.Merchants {
		if m.Name == name {
			return m, true
		}
	}
	return MerchantCredentials{}, false
}

// String shows no secret: some of them may be the host's real ones.
func (c Credentials) String() string { return "sandbox credentials of " + c.AppID }

// GoString shows no secret.
func (c Credentials) GoString() string { return c.String() }

// LogValue shows no secret.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// String shows no secret.
func (m MerchantCredentials) String() string { return "sandbox merchant " + m.Name + " " + m.MchID }

// GoString shows no secret.
func (m MerchantCredentials) GoString() string { return m.String() }

// LogValue shows no secret.
func (m MerchantCredentials) LogValue() slog.Value { return slog.StringValue(m.String()) }
