package sandbox

import (
	"log/slog"
)

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
