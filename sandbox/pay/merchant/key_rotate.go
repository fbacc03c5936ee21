package merchant

import (
	"crypto/rsa"
	"fmt"
	"strings"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
)

// rotation is the keys of a merchant that are being replaced: for as long as one is
// here, the old one and the new one both count.
type rotation struct {
	own      *rsa.PublicKey // the merchant's key of before
	serial   string         // of its certificate
	platform Signer         // WeChat Pay's public key of before, still signing every other callback
	turn     uint64
}

// APIKey is the APIv3 key in force.
func (m *Merchant) APIKey() string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.APIv3Key
}

// VerifyKey is the merchant's key that a certificate serial names, or nil.
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

// Signed tells whether one of the merchant's keys made a signature that names none.
func (m *Merchant) Signed(message []byte, signature string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return crypt.VerifySHA256(m.verify, message, signature) == nil || m.rotating.own != nil && crypt.VerifySHA256(m.rotating.own, message, signature) == nil
}

// publicKeySigner signs a callback: by the public key in force, or in a rotation
// by it and the one before in turn.
func (m *Merchant) publicKeySigner() Signer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rotating.turn++; m.rotating.platform.Key != nil && m.rotating.turn%2 == 0 {
		return m.rotating.platform
	}
	return Signer{m.PublicKeyID, m.platform}
}

// publicKeyNamed is the public key that a request asks its reply to be signed with;
// if none has that name, the one in force and false.
func (m *Merchant) publicKeyNamed(id string) (Signer, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.rotating.platform.Key != nil && id == m.rotating.platform.Serial {
		return m.rotating.platform, true
	}
	return Signer{m.PublicKeyID, m.platform}, id == m.PublicKeyID
}

func (m *Merchant) identity() core.Merchant {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Merchant
}

func (m *Merchant) Credentials() Credentials {
	i := m.identity()
	return Credentials{
		Name: i.Name, Mode: i.Mode, Partner: i.Partner, MchID: i.MchID,
		CertificateSerial: i.CertificateSerial, PrivateKeyPEM: i.PrivateKeyPEM,
		APIv3Key: i.APIv3Key, PublicKeyID: i.PublicKeyID, PublicKeyPEM: i.PublicKeyPEM,
		SubMchID: i.SubMchID, SubAppID: i.SubAppID,
	}
}

// RotateAPIv3Key replaces a merchant's APIv3 key: every callback that is sealed
// from now on is sealed with the new one. Callbacks that were sealed before keep
// coming as they are.
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

// RotatePublicKey gives a merchant a new public key of WeChat Pay. Until
// [sandbox.Server.EndRotation] callbacks are signed by the old and the new one in turn, and
// replies by whichever is asked for.
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

// RotateMerchantKey gives a merchant a new API certificate. Until
// [sandbox.Server.EndRotation] requests are taken under both.
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

// EndRotation gives up the keys of before: only the new ones count.
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
