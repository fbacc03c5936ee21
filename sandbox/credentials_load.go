package sandbox

import (
	"context"
	"fmt"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/mini"
	"wuyepay/sandbox/pay/merchant"
)

// LoadCredentials returns the credentials of the sandbox that another process runs with
// the same Dir. It starts nothing. It returns an error if no sandbox was ever started
// there.
func LoadCredentials(cfg Config) (Credentials, error) {
	return loadCredentials(cfg, func(cfg Config, saved core.KeyFile) error {
		if len(saved.Merchants) == 0 {
			return fmt.Errorf("sandbox: %q holds no keys of a sandbox", cfg.Dir)
		}
		// A merchant made here would have keys that the running sandbox does not know.
		for _, m := range cfg.Merchants {
			if _, ok := saved.Merchants[m.Name]; !ok {
				return fmt.Errorf("sandbox: the one in %q never had merchant %s", cfg.Dir, m.Name)
			}
		}
		return nil
	})
}

// ProvisionalCredentials returns credentials for a process that needs some and will not
// call: those kept in Dir, with what is not kept there made and forgotten. It starts
// and writes nothing.
func ProvisionalCredentials(cfg Config) (Credentials, error) {
	return loadCredentials(cfg, func(Config, core.KeyFile) error { return nil })
}

// loadCredentials returns what Dir keeps, if it passes check, and makes the rest.
func loadCredentials(cfg Config, check func(cfg Config, saved core.KeyFile) error) (Credentials, error) {
	cfg.Logger = nil // the sandbox that runs has logged it all
	k, err := core.New(context.Background(), cfg)
	if err != nil {
		return Credentials{}, err
	}
	defer k.Cancel()
	saved, err := core.LoadKeys(cfg.Dir)
	if err != nil {
		return Credentials{}, err
	}
	if err := check(k.Config, saved); err != nil {
		return Credentials{}, err
	}
	k.OpenIdentity(saved)
	merchants, err := merchant.Open(k, saved.Merchants)
	if err != nil {
		return Credentials{}, err
	}
	return credentialsOf(k, merchants), nil
}

// credentialsOf returns what is in force.
func credentialsOf(k *core.Core, merchants *merchant.Set) Credentials {
	c := Credentials{
		AppID: k.Config.AppID, AppSecret: k.Config.AppSecret,
		MessageToken: k.Config.MessageToken, MessageAESKey: k.Config.MessageAESKey,
		Templates: map[string]string{},
	}
	for _, t := range mini.TemplatesOf(k.Config) {
		c.Templates[t.Key] = t.ID
	}
	for _, m := range merchants.List {
		c.Merchants = append(c.Merchants, m.Credentials())
	}
	return c
}
