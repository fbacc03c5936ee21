package merchant

import (
	"crypto/rsa"
	"fmt"
	"strings"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
)

// rotation holds the old keys of a merchant while they are being replaced. Old and new
// keys both count until [Set.EndRotation].
type rotation struct {
	own      *rsa.PublicKey // the merchant's old key
	serial   string         // of its certificate
	platform Signer         // WeChat Pay's old public key; it signs every other callback
	turn     uint64
}

// APIKey returns the APIv3 key in force.
func (m *Merchant) APIKey() string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.APIv3Key
}

// VerifyKey returns the merchant's key that a certificate serial names, or nil.
func (m *Merchant) VerifyKey(serial string) *rsa.PublicKey {
	m.mu.RLock()
	defer m.mu.RUnlock()
	switch {
	case strings.EqualFold(serial, m.CertificateSerial):
		return m.verify
	case m.rotating.own != nil && strings.EqualFold(serial, m.rotating.serial):
		return m.rotating.own
	}
	return nil
}

// Signed reports whether one of the merchant's keys made a signature.
func (m *Merchant) Signed(message []byte, signature string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return crypt.VerifySHA256(m.verify, message, signature) == nil ||
		m.rotating.own != nil && crypt.VerifySHA256(m.rotating.own, message, signature) == nil
}

// publicKeySigner returns the public key for one callback: the one in force, or during
// a rotation the new and the old one in turn.
func (m *Merchant) publicKeySigner() Signer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rotating.turn++; m.rotating.platform.Key != nil && m.rotating.turn%2 == 0 {
		return m.rotating.platform
	}
	return Signer{m.PublicKeyID, m.platform}
}

// publicKeyNamed returns the public key with an id and true. If no key has the id it
// returns the one in force and false.
func (m *Merchant) publicKeyNamed(id string) (Signer, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.rotating.platform.Key != nil && id == m.rotating.platform.Serial {
		return m.rotating.platform, true
	}
	return Signer{m.PublicKeyID, m.platform}, id == m.PublicKeyID
}

// identity returns the ids and PEM texts.
func (m *Merchant) identity() core.Merchant {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Merchant
}

// Credentials returns the ids and keys in force.
func (m *Merchant) Credentials() Credentials {
	i := m.identity()
	return Credentials{
		Name: i.Name, Mode: i.Mode, Partner: i.Partner, MchID: i.MchID,
		CertificateSerial: i.CertificateSerial, PrivateKeyPEM: i.PrivateKeyPEM,
		APIv3Key: i.APIv3Key, PublicKeyID: i.PublicKeyID, PublicKeyPEM: i.PublicKeyPEM,
		SubMchID: i.SubMchID, SubAppID: i.SubAppID, AppID: i.AppID,
	}
}

// RotateAPIv3Key replaces a merchant's APIv3 key. A callback that was sealed before
// keeps its old ciphertext at every retry.
func (s *Set) RotateAPIv3Key(merchantName string) (key string, err error) {
	m, err := s.Named(merchantName)
	if err != nil {
		return "", err
	}
	key = crypt.RandomText(32)
	m.mu.Lock()
	m.APIv3Key = key
	m.mu.Unlock()
	return key, s.SaveKeys()
}

// RotatePublicKey replaces WeChat Pay's public key of a merchant. Until
// [Set.EndRotation] callbacks are signed by the old and the new key in turn, and a
// reply by the one that the request names.
func (s *Set) RotatePublicKey(merchantName string) error {
	m, err := s.Named(merchantName)
	if err != nil {
		return err
	}
	if m.Mode == core.ModeCertificate {
		return fmt.Errorf("sandbox: merchant %s has no public key", m.Name)
	}
	key, text, err := crypt.KeyFrom("")
	if err != nil {
		return err
	}
	public, err := crypt.PublicPEM(&key.PublicKey)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.rotating.platform = Signer{m.PublicKeyID, m.platform}
	m.platform, m.PlatformKeyPEM, m.PublicKeyPEM = key, text, public
	m.PublicKeyID = "PUB_KEY_ID_0" + m.MchID + crypt.RandomDigits(18)
	m.mu.Unlock()
	return s.SaveKeys()
}

// RotateMerchantKey replaces a merchant's API certificate. Until [Set.EndRotation]
// requests under both are accepted.
func (s *Set) RotateMerchantKey(merchantName string) error {
	m, err := s.Named(merchantName)
	if err != nil {
		return err
	}
	key, text, err := crypt.KeyFrom("")
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.rotating.own, m.rotating.serial = m.verify, m.CertificateSerial
	m.verify, m.PrivateKeyPEM, m.CertificateSerial = &key.PublicKey, text, fmt.Sprintf("%X", crypt.NewSerial())
	m.mu.Unlock()
	return s.SaveKeys()
}

// EndRotation drops the old keys of a merchant.
func (s *Set) EndRotation(merchantName string) error {
	m, err := s.Named(merchantName)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rotating = rotation{}
	return nil
}
