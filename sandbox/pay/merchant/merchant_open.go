package merchant

import (
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"sync"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
)

// Set holds the merchants of a sandbox in the order of the configuration.
type Set struct {
	core    *core.Core
	List    []*Merchant
	ByMchID map[string]*Merchant
	saving  sync.Mutex // guards the key file
}

// Open returns the merchants of the configuration and makes their missing keys. It
// makes them side by side: a 2048-bit key takes a tenth of a second, and a merchant in
// both modes needs three.
func Open(k *core.Core, saved map[string]core.SavedMerchant) (*Set, error) {
	s := &Set{core: k, List: make([]*Merchant, len(k.Config.Merchants)), ByMchID: map[string]*Merchant{}}
	errs := make([]error, len(s.List))
	var wg sync.WaitGroup
	for i, m := range k.Config.Merchants {
		wg.Go(func() {
			s.List[i], errs[i] = s.openMerchant(m, saved[m.Name])
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for _, m := range s.List {
		if s.ByMchID[m.MchID] != nil {
			return nil, fmt.Errorf("sandbox: two merchants have the mch id %s", m.MchID)
		}
		s.ByMchID[m.MchID] = m
	}
	return s, nil
}

// openMerchant takes each id and key from the configuration, else from the key file,
// else makes it.
func (s *Set) openMerchant(given core.Merchant, saved core.SavedMerchant) (*Merchant, error) {
	old := saved.Merchant
	m := &Merchant{Merchant: given, callback: given.Mode}
	m.MchID = cmp.Or(given.MchID, old.MchID, "19"+crypt.RandomDigits(8))
	m.CertificateSerial = cmp.Or(given.CertificateSerial, old.CertificateSerial, fmt.Sprintf("%X", crypt.NewSerial()))
	m.APIv3Key = cmp.Or(given.APIv3Key, old.APIv3Key, crypt.RandomText(32))
	if m.Partner {
		m.SubMchID = cmp.Or(given.SubMchID, old.SubMchID, "16"+crypt.RandomDigits(8))
	}
	if m.SubAppID != "" {
		m.AppID = cmp.Or(given.AppID, old.AppID, "wx"+crypt.RandomHex(16))
	}
	own, text, err := crypt.KeyFrom(cmp.Or(given.PrivateKeyPEM, old.PrivateKeyPEM))
	if err != nil {
		return nil, fmt.Errorf("sandbox: merchant %s: private key: %w", m.Name, err)
	}
	m.verify, m.PrivateKeyPEM = &own.PublicKey, text
	if m.Mode != core.ModeCertificate {
		if err := s.openPublicKey(m, old); err != nil {
			return nil, fmt.Errorf("sandbox: merchant %s: %w", m.Name, err)
		}
	} else {
		m.PublicKeyID, m.PublicKeyPEM, m.PlatformKeyPEM = "", "", ""
	}
	if m.Mode != core.ModePublicKey {
		if m.certs, err = openCertificates(saved.Certificates); err != nil {
			return nil, fmt.Errorf("sandbox: merchant %s: %w", m.Name, err)
		}
	}
	return m, nil
}

// openPublicKey completes WeChat Pay's key pair of a merchant. [core.Merchant] says why
// a public half alone cannot be kept.
func (s *Set) openPublicKey(m *Merchant, old core.Merchant) error {
	m.PublicKeyID = cmp.Or(m.PublicKeyID, old.PublicKeyID, "PUB_KEY_ID_0"+m.MchID+crypt.RandomDigits(18))
	key, text, err := crypt.KeyFrom(cmp.Or(m.PlatformKeyPEM, old.PlatformKeyPEM))
	if err != nil {
		return fmt.Errorf("platform key: %w", err)
	}
	given := m.PublicKeyPEM
	m.platform, m.PlatformKeyPEM = key, text
	if m.PublicKeyPEM, err = crypt.PublicPEM(&key.PublicKey); err != nil {
		return err
	}
	if given == "" {
		return nil
	}
	pub, err := crypt.ParsePublicKey(given)
	if err != nil {
		return fmt.Errorf("public key: %w", err)
	}
	if !pub.Equal(&key.PublicKey) {
		s.core.Log.Warn("sandbox: the configured WeChat Pay public key cannot sign here; the sandbox uses its own",
			"merchant", m.Name)
	}
	return nil
}

// openCertificates reads the saved certificates, or makes the first one.
func openCertificates(saved []core.SavedCertificate) ([]Certificate, error) {
	var certs []Certificate
	for _, old := range saved {
		key, _, err := crypt.KeyFrom(old.KeyPEM)
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
		certs = append(certs, Certificate{
			Serial: fmt.Sprintf("%X", parsed.SerialNumber), key: key, PEM: old.CertPEM,
			From: parsed.NotBefore, To: parsed.NotAfter,
		})
	}
	if len(certs) > 0 {
		return certs, nil
	}
	key, err := crypt.NewKey()
	if err != nil {
		return nil, err
	}
	first, err := newCertificate(key, crypt.NewSerial())
	return []Certificate{first}, err
}

// SaveKeys writes the ids and keys of all merchants to the key file.
func (s *Set) SaveKeys() error {
	s.saving.Lock()
	defer s.saving.Unlock()
	kept := map[string]core.SavedMerchant{}
	for _, m := range s.List {
		saved := core.SavedMerchant{Merchant: m.identity()}
		for _, c := range m.Certificates() {
			text, err := crypt.PrivatePEM(c.key)
			if err != nil {
				return err
			}
			saved.Certificates = append(saved.Certificates, core.SavedCertificate{KeyPEM: text, CertPEM: c.PEM})
		}
		kept[m.Name] = saved
	}
	return s.core.SaveKeys(kept)
}
