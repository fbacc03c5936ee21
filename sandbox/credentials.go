package sandbox

import (
	"log/slog"
)

// Credentials are the ids and keys in force: those of Config, and those that the
// sandbox made for what Config left empty. The host has to use these and not its own
// configuration.
type Credentials struct {
	AppID         string
	AppSecret     string
	MessageToken  string
	MessageAESKey string
	Templates     map[string]string // template ids by key
	Merchants     []MerchantCredentials
}

// Merchant returns the credentials of the merchant with a name. It reports whether
// there is one.
func (c Credentials) Merchant(name string) (MerchantCredentials, bool) {
	for _, m := range c.Merchants {
		if m.Name == name {
			return m, true
		}
	}
	return MerchantCredentials{}, false
}

// String returns a text without secrets, because some may be the host's real ones.
func (c Credentials) String() string { return "sandbox credentials of " + c.AppID }

// GoString returns a text without secrets.
func (c Credentials) GoString() string { return c.String() }

// LogValue returns a text without secrets.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }
