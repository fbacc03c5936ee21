package merchant

import (
	"crypto/rsa"
	"fmt"
	"sync"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
)

// Merchant is a merchant with its keys.
type Merchant struct {
	core.Merchant                // complete
	verify        *rsa.PublicKey // checks the merchant's request signatures
	platform      *rsa.PrivateKey

	mu       sync.RWMutex
	certs    []Certificate // oldest first
	callback core.Mode     // the kind of key that signs callbacks
	turn     uint64
	rotating rotation
}

// Signer is a key and the serial that a receiver knows it by.
type Signer struct {
	Serial string
	Key    *rsa.PrivateKey
}

// Certificates returns the platform certificates, oldest first. The slice is replaced
// at a rotation and never changed, so it may be read without a lock.
func (m *Merchant) Certificates() []Certificate {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.certs
}

// newestCertSigner returns the newest platform certificate. It must not be called in
// [core.ModePublicKey].
func (m *Merchant) newestCertSigner() Signer {
	certs := m.Certificates()
	last := certs[len(certs)-1]
	return Signer{last.Serial, last.key}
}

// ReplySigner returns the key for the reply to a request with this Wechatpay-Serial. If
// the merchant has no such key it returns the usual one, and the caller will refuse the
// reply.
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

// CallbackSigner returns the key for one delivery. In [core.ModeBoth] deliveries
// alternate, so that two of them already show both kinds.
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

// SetCallbackSigner sets the kind of key that signs a merchant's callbacks from now on.
// It returns an error if the merchant's own mode lacks the key.
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

// RotateCertificate adds a platform certificate to a merchant, signs callbacks with it
// and keeps serving the old ones. It returns the new serial.
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
	// A new slice, because readers hold the old one without a lock.
	m.certs = append(m.certs[:len(m.certs):len(m.certs)], cert)
	m.mu.Unlock()
	return cert.Serial, s.SaveKeys()
}

// Named returns the merchant with a name; "" stands for the first one.
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
