package merchant

import (
	"crypto/rsa"
	"fmt"
	"sync"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
)

// Merchant is a merchant at work: the ids as given or made, and its keys.
type Merchant struct {
	core.Merchant                // ids and PEM texts, all filled
	verify        *rsa.PublicKey // checks the merchant's request signatures
	platform      *rsa.PrivateKey

	mu       sync.RWMutex
	certs    []Certificate // oldest first
	callback core.Mode     // which key signs callbacks; ModeBoth alternates
	turn     uint64
	rotating rotation
}

// Signer is a key and the name the other side knows it by.
type Signer struct {
	Serial string
	Key    *rsa.PrivateKey
}

// Certificates may be read without a lock afterwards: the slice is replaced,
// never changed.
func (m *Merchant) Certificates() []Certificate {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.certs
}

// newestCertSigner is used only in modes that have a certificate.
func (m *Merchant) newestCertSigner() Signer {
	certs := m.Certificates()
	last := certs[len(certs)-1]
	return Signer{last.Serial, last.key}
}

// ReplySigner follows the request's Wechatpay-Serial. A request that names no
// key of this merchant gets the mode's usual one and will refuse it itself.
func (m *Merchant) ReplySigner(serial string) Signer {
	if m.Mode != core.ModeCertificate {
		if key, ok := m.publicKeyNamed(serial); ok || m.Mode == core.ModePublicKey {
			return key
		}
	}
	for _, c := range m.Certificates() {
		if c.Serial == serial {
			return Signer{c.Serial, c.key}
		}
	}
	return m.newestCertSigner()
}

// CallbackSigner picks the key of one delivery. In the weeks of the switch
// deliveries alternate, so that a pair of retries already shows both kinds.
func (m *Merchant) CallbackSigner() Signer {
	m.mu.Lock()
	mode := m.callback
	if mode == core.ModeBoth {
		mode = core.ModeCertificate
		if m.turn++; m.turn%2 == 1 {
			mode = core.ModePublicKey
		}
	}
	m.mu.Unlock()
	if mode == core.ModePublicKey {
		return m.publicKeySigner()
	}
	return m.newestCertSigner()
}

// SetCallbackSigner says with which key a merchant's callbacks are signed from
// now on: ModePublicKey, ModeCertificate or ModeBoth (alternating). It is an
// error if the merchant's own mode lacks the key.
func (s *Set) SetCallbackSigner(merchantName string, mode core.Mode) error {
	m, err := s.Named(merchantName)
	if err != nil {
		return err
	}
	if mode != core.ModePublicKey && mode != core.ModeCertificate && mode != core.ModeBoth {
		return fmt.Errorf("sandbox: unknown mode %q", mode)
	}
	if m.Mode != core.ModeBoth && m.Mode != mode {
		return fmt.Errorf("sandbox: merchant %s is in mode %s and has no key for %s", m.Name, m.Mode, mode)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.callback = mode
	return nil
}

// RotateCertificate gives a merchant a new platform certificate, signs
// callbacks with it and keeps serving the old ones; it returns the new serial.
func (s *Set) RotateCertificate(merchantName string) (serial string, err error) {
	m, err := s.Named(merchantName)
	if err != nil {
		return "", err
	}
	if m.Mode == core.ModePublicKey {
		return "", fmt.Errorf("sandbox: merchant %s has no platform certificates", m.Name)
	}
	key, err := crypt.NewKey()
	if err != nil {
		return "", err
	}
	cert, err := newCertificate(key, crypt.NewSerial())
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	// A fresh slice: readers hold the old one without a lock.
	m.certs = append(m.certs[:len(m.certs):len(m.certs)], cert)
	m.mu.Unlock()
	return cert.Serial, s.SaveKeys()
}

// Named finds a merchant by name; "" is the first one.
func (s *Set) Named(name string) (*Merchant, error) {
	if name == "" {
		return s.List[0], nil
	}
	for _, m := range s.List {
		if m.Name == name {
			return m, nil
		}
	}
	return nil, fmt.Errorf("sandbox: no merchant %q", name)
}
