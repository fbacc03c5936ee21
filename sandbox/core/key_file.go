package core

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// KeyFile is the content of keys.json in Dir. It keeps ids and keys over a restart.
type KeyFile struct {
	AppID         string                   `json:"app_id"`
	AppSecret     string                   `json:"app_secret"`
	MessageToken  string                   `json:"message_token"`
	MessageAESKey string                   `json:"message_aes_key"`
	Merchants     map[string]SavedMerchant `json:"merchants"`
}

// SavedMerchant is a merchant with all its platform certificates, oldest first.
type SavedMerchant struct {
	Merchant     Merchant           `json:"merchant"`
	Certificates []SavedCertificate `json:"certificates,omitempty"`
}

// SavedCertificate is a platform certificate with its private key.
type SavedCertificate struct {
	KeyPEM  string `json:"key"`
	CertPEM string `json:"certificate"`
}

// keyPath returns where the key file of a directory is.
func keyPath(dir string) string { return filepath.Join(dir, "keys.json") }

// LoadKeys reads the key file of a directory. It returns an empty one if there is none.
func LoadKeys(dir string) (KeyFile, error) {
	var f KeyFile
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

// SaveKeys writes the key file under another name and renames it. Half a key file would
// lock the host out of its own orders.
func (k *Core) SaveKeys(merchants map[string]SavedMerchant) error {
	if k.Config.Dir == "" {
		return nil
	}
	f := KeyFile{
		AppID: k.Config.AppID, AppSecret: k.Config.AppSecret,
		MessageToken: k.Config.MessageToken, MessageAESKey: k.Config.MessageAESKey,
		Merchants: merchants,
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	temp := keyPath(k.Config.Dir) + ".new"
	if err := os.WriteFile(temp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(temp, keyPath(k.Config.Dir))
}
