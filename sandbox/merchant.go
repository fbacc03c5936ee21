package sandbox

import (
	"crypto/rsa"
	"fmt"
	"sync"
)

// merchant is a merchant at work: the ids as given or made, and its keys.
type merchant struct {
	Merchant                // ids and PEM texts, all filled
	verify   *rsa.PublicKey // checks the merchant's request signatures
	platform *rsa.PrivateKey

	mu       sync.RWMutex
	certs    []certificate // oldest first
	callback Mode          // which key signs callbacks; ModeBoth alternates
	turn     uint64
	rotating rotation
}

// signer is a key and the name the other side knows it by.
type signer struct {
	serial string
	key    *rsa.PrivateKey
}

// certificates may be read without a lock afterwards: the slice is replaced,
// never changed.
func (m *merchant) certificates() []certificate {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.certs
}

// newestCertSigner is used only in modes that have a certificate.
func (m *merchant) newestCertSigner() signer {
	certs := m.certificates()
	last := certs[len(certs)-1]
	return signer{last.serial, last.key}
}

// replySigner follows the request's Wechatpay-Serial. A request that names no
// key of this merchant gets the mode's usual one and will refuse it itself.
func (m *merchant) replySigner(serial string) signer {
	if m.Mode != ModeCertificate {
		if key, ok := m.publicKeyNamed(serial); ok || m.Mode == ModePublicKey {
			return key
		}
	}
	for _, c := range m.certificates() {
		if c.serial == serial {
			return signer{c.serial, c.key}
		}
	}
	return m.newestCertSigner()
}

// callbackSigner picks the key of one delivery. In the weeks of the switch
// deliveries alternate, so that a pair of retries already shows both kinds.
func (m *merchant) callbackSigner() signer {
	m.mu.Lock()
	mode := m.callback
	if mode == ModeBoth {
		mode = ModeCertificate
		if m.turn++; m.turn%2 == 1 {
			mode = ModePublicKey
		}
	}
	m.mu.Unlock()
	if mode == ModePublicKey {
		return m.publicKeySigner()
	}
	return m.newestCertSigner()
}

// SetCallbackSigner says with which key a merchant's callbacks are signed from
// now on: ModePublicKey, ModeCertificate or ModeBoth (alternating). It is an
// error if the merchant's own mode lacks the key.
func (s *merchants) SetCallbackSigner(merchantName string, mode Mode) error {
	m, err := s.named(merchantName)
	if err != nil {
		return err
	}
	if mode != ModePublicKey && mode != ModeCertificate && mode != ModeBoth {
		return fmt.Errorf("sandbox: unknown mode %q", mode)
	}
	if m.Mode != ModeBoth && m.Mode != mode {
		return fmt.Errorf("sandbox: merchant %s is in mode %s and has no key for %s", m.Name, m.Mode, mode)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.callback = mode
	return nil
}

// RotateCertificate gives a merchant a new platform certificate, signs
// callbacks with it and keeps serving the old ones; it returns the new serial.
func (s *merchants) RotateCertificate(merchantName string) (serial string, err error) {
	m, err := s.named(merchantName)
	if err != nil {
		return "", err
	}
	if m.Mode == ModePublicKey {
		return "", fmt.Errorf("sandbox: merchant %s has no platform certificates", m.Name)
	}
	key, err := newKey()
	if err != nil {
		return "", err
	}
	cert, err := newCertificate(key, newSerial())
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	// A fresh slice: readers hold the old one without a lock.
	m.certs = append(m.certs[:len(m.certs):len(m.certs)], cert)
	m.mu.Unlock()
	return cert.serial, s.saveKeys()
}

// named finds a merchant by name; "" is the first one.
func (s *merchants) named(name string) (*merchant, error) {
	if name == "" {
		return s.list[0], nil
	}
	for _, m := range s.list {
		if m.Name == name {
			return m, nil
		}
	}
	return nil, fmt.Errorf("sandbox: no merchant %q", name)
}
