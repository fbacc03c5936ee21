package core

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Mode is the kind of key that WeChat Pay signs with for a merchant.
type Mode string

const (
	// ModePublicKey is WeChat Pay's public key, the only mode of merchants opened since
	// about October 2024. /v3/certificates answers 404.
	ModePublicKey Mode = "public-key"
	// ModeCertificate is rotating platform certificates, the mode of older merchants.
	ModeCertificate Mode = "certificate"
	// ModeBoth is a merchant in the weeks of the switch. A reply is signed by the key
	// that the request names in Wechatpay-Serial, a callback by either key.
	ModeBoth Mode = "both"
)

// Config configures a sandbox. The zero value is usable: one merchant "main" in
// public-key mode, everything in memory, on a free port of the loopback interface.
type Config struct {
	Listen string           // host:port; "" means 127.0.0.1:0
	Dir    string           // keeps keys and state over a restart; "" means memory only
	Now    func() time.Time // business time; nil means time.Now
	Logger *slog.Logger     // nil means silent; never receives keys or personal data

	AppID         string // of the mini-program; an id or key that is empty is made
	AppSecret     string
	MessageToken  string
	MessageAESKey string // 43 characters
	MessageURL    string // where message push goes; "" means no events are pushed

	// Templates are the subscribe-message templates of the mini-program. One with the
	// key of a default template replaces it; an empty field keeps the default's value.
	Templates []Template
	// Merchants are the merchants. No merchant means one called "main" in public-key
	// mode.
	Merchants []Merchant

	// FeeBasisPoints is WeChat's fee of a payment in 1/100 of a percent, rounded half
	// up to the fen. 0 means 60 (0.60 %), a negative value means no fee.
	FeeBasisPoints int
	// RetryScale multiplies the intervals between the deliveries of a notification (15
	// s ... 6 h). 0 means 1/60: the first repeat comes after a quarter of a second.
	RetryScale float64
	// CallbackTimeout is how long the answer to a callback is waited for. 0 means
	// WeChat's five seconds.
	CallbackTimeout time.Duration
	// RefundAfter is the real time after which a refund becomes SUCCESS by itself. 0
	// leaves it PROCESSING until a call decides it.
	RefundAfter time.Duration
	// RefundSpacing is the least business time between two refunds of one order. 0
	// means WeChat's minute, a negative value means none.
	RefundSpacing time.Duration
	// Transport carries callbacks; nil means a private one without proxies.
	Transport http.RoundTripper
}

// Merchant is a merchant of WeChat Pay. An id or key that the host program has already
// is set here and used as it is; an empty one is made.
type Merchant struct {
	Name    string // the host's name for it, e.g. "main"
	Mode    Mode   // "" means ModePublicKey
	Partner bool   // a service provider: MchID is sp_mchid, SubMchID the tenant

	MchID             string
	CertificateSerial string // of the merchant's API certificate, upper-case hex
	PrivateKeyPEM     string // of the merchant, PKCS#8 (PKCS#1 is read too)
	APIv3Key          string // exactly 32 bytes
	PublicKeyID       string // PUB_KEY_ID_...
	// PublicKeyPEM is WeChat's public key as the host has it. Only WeChat can sign for
	// it. Unless PlatformKeyPEM is its private half, or the sandbox made it earlier in
	// this Dir, the sandbox uses a key of its own instead, logs a warning and returns
	// it in the credentials.
	PublicKeyPEM   string
	PlatformKeyPEM string // WeChat's private half of PublicKeyPEM
	AppID          string // an app bound to the merchant besides the mini-program; of a partner with a SubAppID, made if empty
	SubMchID       string // partner only
	// SubAppID is for partners only: the mini-program is the tenant's own, and bound to
	// nobody else. "" means that payers are known under the provider's app alone.
	SubAppID        string
	RefundNotifyURL string // used when a refund request names none
}

// Template is a subscribe-message template of the mini-program.
type Template struct {
	Key      string    // bill_ready, due_soon, overdue, payment_received, request_decided or the host's own
	ID       string    // template_id
	Title    string    // shown on the phone
	Keywords []Keyword // in the order they are shown
}

// Keyword is a placeholder of a template. Its name is its type and a number.
type Keyword struct {
	Name  string // e.g. thing1
	Label string // e.g. 房号
}

// Values of the fields of Config that are 0.
const (
	defaultFeeBasisPoints  = 60
	defaultRetryScale      = 1.0 / 60
	defaultCallbackTimeout = 5 * time.Second
	defaultRefundSpacing   = time.Minute
)

// complete sets the fields that are 0 and reports every fault at once.
func (c Config) complete() (Config, error) {
	var errs []error
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.FeeBasisPoints == 0 {
		c.FeeBasisPoints = defaultFeeBasisPoints
	}
	c.FeeBasisPoints = max(c.FeeBasisPoints, 0)
	if c.RetryScale <= 0 {
		c.RetryScale = defaultRetryScale
	}
	if c.CallbackTimeout == 0 {
		c.CallbackTimeout = defaultCallbackTimeout
	}
	if c.RefundSpacing == 0 {
		c.RefundSpacing = defaultRefundSpacing
	}
	if len(c.MessageAESKey) != 0 && len(c.MessageAESKey) != 43 {
		errs = append(errs, errors.New("sandbox: MessageAESKey must have 43 characters"))
	}
	if len(c.Merchants) == 0 {
		c.Merchants = []Merchant{{Name: "main"}}
	}
	c.Merchants = append([]Merchant(nil), c.Merchants...)
	names := map[string]bool{}
	for i := range c.Merchants {
		m := &c.Merchants[i]
		if m.Mode == "" {
			m.Mode = ModePublicKey
		}
		errs = append(errs, m.check(names)...)
	}
	return c, errors.Join(errs...)
}

// check checks a merchant and adds its name to names.
func (m *Merchant) check(names map[string]bool) (errs []error) {
	if m.Name == "" || names[m.Name] {
		errs = append(errs, fmt.Errorf("sandbox: merchant name %q is empty or used twice", m.Name))
	}
	names[m.Name] = true
	switch m.Mode {
	case ModePublicKey, ModeCertificate, ModeBoth:
	default:
		errs = append(errs, fmt.Errorf("sandbox: merchant %s: unknown mode %q", m.Name, m.Mode))
	}
	// The SDK would accept a key of 16 bytes, but WeChat Pay does not.
	if m.APIv3Key != "" && len(m.APIv3Key) != 32 {
		errs = append(errs, fmt.Errorf("sandbox: merchant %s: APIv3Key must have exactly 32 bytes", m.Name))
	}
	if m.SubMchID != "" && !m.Partner {
		errs = append(errs, fmt.Errorf("sandbox: merchant %s: SubMchID is for partners only", m.Name))
	}
	if m.SubAppID != "" && (!m.Partner || m.SubAppID == m.AppID) {
		errs = append(errs, fmt.Errorf("sandbox: merchant %s: SubAppID is for partners only, and another than AppID", m.Name))
	}
	return errs
}
