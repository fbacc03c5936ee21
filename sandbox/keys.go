package sandbox

import (
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"sync"
)

// openMerchant takes each id and key from Config, else from the key file,
// else makes it.
func (s *merchants) openMerchant(given Merchant, saved savedKey) (*merchant, error) {
	old := saved.Merchant
	m := &merchant{Merchant: given, callback: given.Mode}
	m.MchID = cmp.Or(given.MchID, old.MchID, "19"+randomDigits(8))
	m.CertificateSerial = cmp.Or(given.CertificateSerial, old.CertificateSerial, fmt.Sprintf("%X", newSerial()))
	m.APIv3Key = cmp.Or(given.APIv3Key, old.APIv3Key, randomText(32))
	if m.Partner {
		m.SubMchID = cmp.Or(given.SubMchID, old.SubMchID, "16"+randomDigits(8))
	}
	own, text, err := keyFrom(cmp.Or(given.PrivateKeyPEM, old.PrivateKeyPEM))
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
func (s *merchants) openPublicKey(m *merchant, old Merchant) error {
	m.PublicKeyID = cmp.Or(m.PublicKeyID, old.PublicKeyID, "PUB_KEY_ID_0"+m.MchID+randomDigits(18))
	key, text, err := keyFrom(cmp.Or(m.PlatformKeyPEM, old.PlatformKeyPEM))
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
		s.core.log.Warn("sandbox: the configured WeChat Pay public key cannot sign here; the sandbox uses its own",
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

// merchants are all merchants of the sandbox.
type merchants struct {
	core    *core
	list    []*merchant
	byMchID map[string]*merchant
	saving  sync.Mutex // of the key file
}

// openMerchants makes every merchant's missing keys, side by side: a 2048-bit
// key costs a tenth of a second and a merchant in both modes needs three.
func openMerchants(k *core, saved map[string]savedKey) (*merchants, error) {
	s := &merchants{core: k, list: make([]*merchant, len(k.cfg.Merchants)), byMchID: map[string]*merchant{}}
	errs := make([]error, len(s.list))
	var wg sync.WaitGroup
	for i, m := range k.cfg.Merchants {
		wg.Go(func() {
			s.list[i], errs[i] = s.openMerchant(m, saved[m.Name])
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for _, m := range s.list {
		if s.byMchID[m.MchID] != nil {
			return nil, fmt.Errorf("sandbox: two merchants have the mch id %s", m.MchID)
		}
		s.byMchID[m.MchID] = m
	}
	return s, nil
}

// saveKeys keeps the ids and keys of all merchants.
func (s *merchants) saveKeys() error {
	s.saving.Lock()
	defer s.saving.Unlock()
	kept := map[string]savedKey{}
	for _, m := range s.list {
		saved := savedKey{Merchant: m.identity()}
		for _, c := range m.certificates() {
			text, err := privatePEM(c.key)
			if err != nil {
				return err
			}
			saved.Certificates = append(saved.Certificates, savedCertificate{text, c.pem})
		}
		kept[m.Name] = saved
	}
	return s.core.saveKeys(kept)
}
