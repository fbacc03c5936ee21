package sandbox

import (
	"context"
	"fmt"
)

// LoadCredentials gives the credentials of the sandbox that another process runs
// with the same Dir, without starting one. It is an error if none was ever
// started there.
func LoadCredentials(cfg Config) (Credentials, error) {
	cfg.Logger = nil // the running one has said all there is to say
	k, err := newCore(context.Background(), cfg)
	if err != nil {
		return Credentials{}, err
	}
	defer k.cancel()
	saved, err := loadKeys(cfg.Dir)
	if err != nil {
		return Credentials{}, err
	}
	if len(saved.Merchants) == 0 {
		return Credentials{}, fmt.Errorf("sandbox: %q holds no keys of a sandbox", cfg.Dir)
	}
	// A merchant made up here would have keys that the running one never heard of.
	for _, m := range k.cfg.Merchants {
		if _, ok := saved.Merchants[m.Name]; !ok {
			return Credentials{}, fmt.Errorf("sandbox: the one in %q never had merchant %s", cfg.Dir, m.Name)
		}
	}
	k.openIdentity(saved)
	merchants, err := openMerchants(k, saved.Merchants)
	if err != nil {
		return Credentials{}, err
	}
	return credentialsOf(k, merchants), nil
}

// credentialsOf puts together what is in force.
func credentialsOf(k *core, merchants *merchants) Credentials {
	c := Credentials{
		AppID: k.cfg.AppID, AppSecret: k.cfg.AppSecret,
		MessageToken: k.cfg.MessageToken, MessageAESKey: k.cfg.MessageAESKey,
		Templates: map[string]string{},
	}
	for _, t := range templatesOf(k.cfg) {
		c.Templates[t.Key] = t.ID
	}
	for _, m := range merchants.list {
		c.Merchants = append(c.Merchants, m.credentials())
	}
	return c
}
