package sandbox

import (
	"crypto/rsa"
	"fmt"
	"strings"
)

// rotation is the keys of a merchant that are being replaced: for as long as one is
// here, the old one and the new one both count.
type rotation struct {
	own      *rsa.PublicKey // the merchant's key of before
	serial   string         // of its certificate
	platform signer         // WeChat Pay's public key of before, still signing every other callback
	turn     uint64
}

// apiKey is the APIv3 key in force.
func (m *merchant) apiKey() string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.APIv3Key
}

// verifyKey is the merchant's key that a certificate serial names, or nil.
func (m *merchant) verifyKey(serial string) *rsa.PublicKey {
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

// signed tells whether one of the merchant's keys made a signature that names none.
func (m *merchant) signed(message []byte, signature string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return verifySHA256(m.verify, message, signature) == nil || m.rotating.own != nil && verifySHA256(m.rotating.own, message, signature) == nil
}

// publicKeySigner signs a callback: by the public key in force, or in a rotation
// by it and the one before in turn.
func (m *merchant) publicKeySigner() signer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rotating.turn++; m.rotating.platform.key != nil && m.rotating.turn%2 == 0 {
		return m.rotating.platform
	}
	return signer{m.PublicKeyID, m.platform}
}

// publicKeyNamed is the public key that a request asks its reply to be signed with;
// if none has that name, the one in force and false.
func (m *merchant) publicKeyNamed(id string) (signer, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.rotating.platform.key != nil && id == m.rotating.platform.serial {
		return m.rotating.platform, true
	}
	return signer{m.PublicKeyID, m.platform}, id == m.PublicKeyID
}

func (m *merchant) identity() Merchant {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.Merchant
}

func (m *merchant) credentials() MerchantCredentials {
	i := m.identity()
	return MerchantCredentials{
		Name: i.Name, Mode: i.Mode, Partner: i.Partner, MchID: i.MchID,
		CertificateSerial: i.CertificateSerial, PrivateKeyPEM: i.PrivateKeyPEM,
		APIv3Key: i.APIv3Key, PublicKeyID: i.PublicKeyID, PublicKeyPEM: i.PublicKeyPEM,
		SubMchID: i.SubMchID, SubAppID: i.SubAppID,
	}
}

// RotateAPIv3Key replaces a merchant's APIv3 key: every callback that is sealed
// from now on is sealed with the new one. Callbacks that were sealed before keep
// coming as they are.
func (s *merchants) RotateAPIv3Key(merchantName string) (key string, err error) {
	m, err := s.named(merchantName)
	if err != nil {
		return "", err
	}
	key = randomText(32)
	m.mu.Lock()
	m.APIv3Key = key
	m.mu.Unlock()
	return key, s.saveKeys()
}

// RotatePublicKey gives a merchant a new public key of WeChat Pay. Until
// [Server.EndRotation] callbacks are signed by the old and the new one in turn, and
// replies by whichever is asked for.
func (s *merchants) RotatePublicKey(merchantName string) error {
	m, err := s.named(merchantName)
	if err != nil {
		return err
	}
	if m.Mode == ModeCertificate {
		return fmt.Errorf("sandbox: merchant %s has no public key", m.Name)
	}
	key, text, err := keyFrom("")
	if err != nil {
		return err
	}
	public, err := publicPEM(&key.PublicKey)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.rotating.platform = signer{m.PublicKeyID, m.platform}
	m.platform, m.PlatformKeyPEM, m.PublicKeyPEM = key, text, public
	m.PublicKeyID = "PUB_KEY_ID_0" + m.MchID + randomDigits(18)
	m.mu.Unlock()
	return s.saveKeys()
}

// RotateMerchantKey gives a merchant a new API certificate. Until
// [Server.EndRotation] requests are taken under both.
func (s *merchants) RotateMerchantKey(merchantName string) error {
	m, err := s.named(merchantName)
	if err != nil {
		return err
	}
	key, text, err := keyFrom("")
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.rotating.own, m.rotating.serial = m.verify, m.CertificateSerial
	m.verify, m.PrivateKeyPEM, m.CertificateSerial = &key.PublicKey, text, fmt.Sprintf("%X", newSerial())
	m.mu.Unlock()
	return s.saveKeys()
}

// EndRotation gives up the keys of before: only the new ones count.
func (s *merchants) EndRotation(merchantName string) error {
	m, err := s.named(merchantName)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rotating = rotation{}
	return nil
}
