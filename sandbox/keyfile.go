package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keyFile is what Dir/keys.json keeps, so that ids and keys outlive a restart.
type keyFile struct {
	AppID         string              `json:"app_id"`
	AppSecret     string              `json:"app_secret"`
	MessageToken  string              `json:"message_token"`
	MessageAESKey string              `json:"message_aes_key"`
	Merchants     map[string]savedKey `json:"merchants"`
}

// savedKey is one merchant with the certificates it was given so far.
type savedKey struct {
	Merchant     Merchant           `json:"merchant"`
	Certificates []savedCertificate `json:"certificates,omitempty"`
}

type savedCertificate struct {
	KeyPEM  string `json:"key"`
	CertPEM string `json:"certificate"`
}

func keyPath(dir string) string { return filepath.Join(dir, "keys.json") }

// loadKeys reads the key file; none yet is an empty one.
func loadKeys(dir string) (keyFile, error) {
	var f keyFile
	if dir == "" {
		return f, nil
	}
	data, err := os.ReadFile(keyPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("sandbox: %s: %w", keyPath(dir), err)
	}
	return f, nil
}

// saveKeys writes the key file whole and renames it into place: half a key
// file would lock the host out of its own orders.
func (k *core) saveKeys(merchants map[string]savedKey) error {
	if k.cfg.Dir == "" {
		return nil
	}
	f := keyFile{
		AppID: k.cfg.AppID, AppSecret: k.cfg.AppSecret,
		MessageToken: k.cfg.MessageToken, MessageAESKey: k.cfg.MessageAESKey,
		Merchants: merchants,
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	temp := keyPath(k.cfg.Dir) + ".new"
	if err := os.WriteFile(temp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(temp, keyPath(k.cfg.Dir))
}
