package sandbox

import (
	"fmt"
	"log/slog"
)

// LoadCredentials gives the credentials of the sandbox that another process runs
// with the same Dir, without starting one. It is an error if none was ever
// started there.
func LoadCredentials(cfg Config) (Credentials, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return Credentials{}, err
	}
	saved, err := loadKeys(cfg.Dir)
	if err != nil {
		return Credentials{}, err
	}
	if len(saved.Merchants) == 0 {
		return Credentials{}, fmt.Errorf("sandbox: %q holds no keys of a sandbox", cfg.Dir)
	}
	// A merchant made up here would have keys that the running one never heard of.
	for _, m := range cfg.Merchants {
		if _, ok := saved.Merchants[m.Name]; !ok {
			return Credentials{}, fmt.Errorf("sandbox: the one in %q never had merchant %s", cfg.Dir, m.Name)
		}
	}
	return cfg.credentials(saved)
}

// ProvisionalCredentials returns credentials for a process that needs some and will
// not call: those kept in Dir, with what is not kept there made up and forgotten.
// Nothing is started or written.
func ProvisionalCredentials(cfg Config) (Credentials, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return Credentials{}, err
	}
	saved, err := loadKeys(cfg.Dir)
	if err != nil {
		return Credentials{}, err
	}
	return cfg.credentials(saved)
}

// credentials returns what is saved, completed with ids and keys of its own making.
func (c Config) credentials(saved keyFile) (Credentials, error) {
	s := &Server{cfg: c, log: slog.New(slog.DiscardHandler), byMchID: map[string]*merchant{}}
	s.openApp(saved)
	if err := s.openMerchants(saved.Merchants); err != nil {
		return Credentials{}, err
	}
	return s.Credentials(), nil
}
