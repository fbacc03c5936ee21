package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
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

// foreignKey signs forgeries. It belongs to nobody, so all sandboxes of a
// process share it, and it is made only when a forgery is wanted.
var foreignKey = sync.OnceValues(newKey)

func newKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, keyBits) }

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
func (s *Server) saveKeys() error {
	if s.cfg.Dir == "" {
		return nil
	}
	s.keyMu.Lock()
	defer s.keyMu.Unlock()
	f := keyFile{
		AppID: s.cfg.AppID, AppSecret: s.cfg.AppSecret,
		MessageToken: s.cfg.MessageToken, MessageAESKey: s.cfg.MessageAESKey,
		Merchants: map[string]savedKey{},
	}
	for _, m := range s.merchants {
		saved := savedKey{Merchant: m.identity()}
		for _, c := range m.certificates() {
			text, err := privatePEM(c.key)
			if err != nil {
				return err
			}
			saved.Certificates = append(saved.Certificates, savedCertificate{text, c.pem})
		}
		f.Merchants[m.Name] = saved
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	temp := keyPath(s.cfg.Dir) + ".new"
	if err := os.WriteFile(temp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(temp, keyPath(s.cfg.Dir))
}

// openMerchants makes every merchant's missing keys, side by side: a 2048-bit
// key costs a tenth of a second and a merchant in both modes needs three.
func (s *Server) openMerchants(saved map[string]savedKey) error {
	s.merchants = make([]*merchant, len(s.cfg.Merchants))
	errs := make([]error, len(s.merchants))
	var wg sync.WaitGroup
	for i, m := range s.cfg.Merchants {
		wg.Go(func() {
			s.merchants[i], errs[i] = s.openMerchant(m, saved[m.Name])
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, m := range s.merchants {
		if s.byMchID[m.MchID] != nil {
			return fmt.Errorf("sandbox: two merchants have the mch id %s", m.MchID)
		}
		s.byMchID[m.MchID] = m
	}
	return nil
}

// openMerchant takes each id and key from Config, else from the key file,
// else makes it.
func (s *Server) openMerchant(given Merchant, saved savedKey) (*merchant, error) {
	old := saved.Merchant
	m := &merchant{Merchant: given, callback: given.Mode}
	m.MchID = firstOf(given.MchID, old.MchID, "19"+randomDigits(8))
	m.CertificateSerial = firstOf(given.CertificateSerial, old.CertificateSerial, fmt.Sprintf("%X", newSerial()))
	m.APIv3Key = firstOf(given.APIv3Key, old.APIv3Key, randomText(32))
	if m.Partner {
		m.SubMchID = firstOf(given.SubMchID, old.SubMchID, "16"+randomDigits(8))
	}
	own, text, err := keyFrom(firstOf(given.PrivateKeyPEM, old.PrivateKeyPEM))
	if err != nil {
		return nil, fmt.Errorf("sandbox: merchant %s: private key: %w", m.Name, err)
	}
	m.verify, m.PrivateKeyPEM = &own.PublicKey, text
	if m.Mode != ModeCertificate {
		if err := s.openPublicKey(m, old); err != nil {
			return nil, fmt.Errorf("sandbox: merchant %s: %w", m.Name, err)
		}
	} else {
		m.PublicKeyID, m.PublicKeyPEM, m.PlatformKeyPEM = "", "", ""
	}
	if m.Mode != ModePublicKey {
		if m.certs, err = openCertificates(saved.Certificates); err != nil {
			return nil, fmt.Errorf("sandbox: merchant %s: %w", m.Name, err)
		}
	}
	return m, nil
}

// openPublicKey settles WeChat Pay's key pair of this merchant; see
// Merchant.PublicKeyPEM for why a public half alone cannot be kept.
func (s *Server) openPublicKey(m *merchant, old Merchant) error {
	m.PublicKeyID = firstOf(m.PublicKeyID, old.PublicKeyID, "PUB_KEY_ID_0"+m.MchID+randomDigits(18))
	key, text, err := keyFrom(firstOf(m.PlatformKeyPEM, old.PlatformKeyPEM))
	if err != nil {
		return fmt.Errorf("platform key: %w", err)
	}
	given := m.PublicKeyPEM
	m.platform, m.PlatformKeyPEM = key, text
	if m.PublicKeyPEM, err = publicPEM(&key.PublicKey); err != nil {
		return err
	}
	if given == "" {
		return nil
	}
	pub, err := parsePublicKey(given)
	if err != nil {
		return fmt.Errorf("public key: %w", err)
	}
	if !pub.Equal(&key.PublicKey) {
		s.log.Warn("sandbox: the configured WeChat Pay public key cannot sign here; the sandbox uses its own",
			"merchant", m.Name)
	}
	return nil
}

// openCertificates takes up the saved certificates or makes the first one.
func openCertificates(saved []savedCertificate) ([]certificate, error) {
	var certs []certificate
	for _, old := range saved {
		key, _, err := keyFrom(old.KeyPEM)
		if err != nil {
			return nil, err
		}
		block, _ := pem.Decode([]byte(old.CertPEM))
		if block == nil {
			return nil, errors.New("saved platform certificate is not PEM")
		}
		parsed, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certs = append(certs, certificate{
			serial: fmt.Sprintf("%X", parsed.SerialNumber), key: key, pem: old.CertPEM,
			from: parsed.NotBefore, to: parsed.NotAfter,
		})
	}
	if len(certs) > 0 {
		return certs, nil
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	first, err := newCertificate(key, newSerial())
	return []certificate{first}, err
}

// keyFrom reads a private key, or makes one when there is none, and returns
// it with its PKCS#8 text.
func keyFrom(text string) (*rsa.PrivateKey, string, error) {
	if text == "" {
		key, err := newKey()
		if err != nil {
			return nil, "", err
		}
		text, err = privatePEM(key)
		return key, text, err
	}
	key, err := parsePrivateKey(text)
	if err != nil {
		return nil, "", err
	}
	text, err = privatePEM(key)
	return key, text, err
}

// firstOf is the first value that is not empty.
func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
